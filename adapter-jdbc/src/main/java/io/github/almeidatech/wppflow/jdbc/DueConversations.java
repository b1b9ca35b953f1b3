package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The conversations with something to claim, by one of the columns that say when. The index of each begins with the tenant:
 * who has something waiting is found by a step from one tenant to the next, past whatever lies between.
 */
final class DueConversations {

    /** The walk begins behind this. */
    private static final String BEFORE_ALL = "";

    private final String first;
    private final String ofOne;
    private final String ofEach;

    DueConversations(String column) {
        first = """
                with recursive waiting (tenant) as (
                  select (select min(tenant) from conversation where tenant > ? and %1$s is not null)
                  union all
                  select (select min(c.tenant) from conversation c where c.tenant > waiting.tenant and c.%1$s is not null)
                  from waiting where waiting.tenant is not null)
                select tenant,
                  (select min(c.%1$s) from conversation c where c.tenant = waiting.tenant and c.%1$s is not null) as due
                from waiting where tenant is not null
                """.formatted(column);
        ofOne = "tenant = ? and %1$s <= ? order by %1$s limit ?".formatted(column);
        ofEach = """
                from (values %%s) as share (whose, until, places) cross join lateral (
                  select * from conversation where tenant = whose and %1$s <= until order by %1$s limit places %%s)
                as conversation
                """.formatted(column);
    }

    /** When the first thing of a tenant can be claimed. */
    private record First(TenantId tenant, Instant due) {

        static First read(ResultSet row) throws SQLException {
            return new First(new TenantId(row.getString("tenant")), Session.instant(row, "due"));
        }
    }

    /** When the first of all can be claimed. */
    Optional<Instant> next(Session session) throws SQLException {
        return session.list(first, First::read, BEFORE_ALL).stream()
                .map(First::due)
                .min(Comparator.naturalOrder());
    }

    /** Those to claim now. */
    List<ConversationRow> claimable(Tx tx, FreeWorkers free, Instant now) throws SQLException {
        List<TenantId> waiting = tx.list(first, First::read, BEFORE_ALL).stream()
                .filter(each -> !each.due().isAfter(now))
                .sorted(Comparator.comparing(First::due))
                .map(First::tenant)
                .toList();
        Map<TenantId, Integer> shares = free.shareOut(waiting);
        if (tx.dialect().lateral()) {
            return tx.conversationsOf(ofEach, shares, now);
        }
        var each = new ArrayList<@Nullable Object[]>();
        shares.forEach((tenant, share) -> each.add(new Object[] {tenant.value(), now, share}));
        return tx.conversationsOfEach(ofOne, each);
    }
}
