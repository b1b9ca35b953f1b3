package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.Undecided;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Which events policies have been asked about, and what they want done. */
final class PolicyWork {

    private final Tx tx;
    private final Instant now;

    PolicyWork(Tx tx, Instant now) {
        this.tx = tx;
        this.now = now;
    }

    private record Cursor(TenantId tenant, long position, long length) {}

    /** Each tenant's oldest undecided events. */
    static List<Undecided> undecided(Session session, int max) throws SQLException {
        List<Cursor> behind = session.list(
                "select c.tenant, coalesce(p.position, 0), c.length from event_chain c"
                        + " left join policy_cursor p on p.tenant = c.tenant"
                        + " where c.length > coalesce(p.position, 0)",
                row -> new Cursor(new TenantId(row.getString(1)), row.getLong(2), row.getLong(3)));
        var batches = new ArrayList<Undecided>();
        for (Cursor each : behind) {
            batches.add(undecided(session, each, max));
        }
        return batches;
    }

    private static Undecided undecided(Session session, Cursor cursor, int max) throws SQLException {
        List<ChainedEvent> found = session.list(
                EventRow.SELECT + " where tenant = ? and position > ? and position <= ? and decided = 0"
                        + " and salt is not null order by position limit ?",
                EventRow::read,
                cursor.tenant().value(),
                cursor.position(),
                cursor.length(),
                max);
        long upTo = found.size() < max
                ? cursor.length()
                : found.get(found.size() - 1).position();
        return new Undecided(
                cursor.tenant(),
                cursor.position(),
                upTo,
                found.stream().map(ChainedEvent::event).toList());
    }

    /** What storing it will look at; two processes do not decide for a tenant at the same time. */
    static Reads reads(Undecided batch, List<PolicyPlan> plans) {
        var events = new ArrayList<Event>();
        var conversations = new ArrayList<ConversationId>();
        for (int i = 0; i < plans.size(); i++) {
            events.addAll(plans.get(i).events());
            if (!plans.get(i).isEmpty()) {
                Optional.ofNullable(batch.events().get(i).conversation()).ifPresent(conversations::add);
            }
        }
        return Reads.locking(batch.tenant(), List.of("policies"))
                .and(conversations)
                .andEvents(events);
    }

    boolean decide(Undecided batch, List<PolicyPlan> plans) throws SQLException {
        if (position(batch.tenant()) != batch.after()) {
            return false;
        }
        tx.later(
                "update policy_cursor set position = ? where tenant = ?",
                batch.upTo(),
                batch.tenant().value());
        Set<String> kept = kept(batch, plans);
        for (int i = 0; i < plans.size(); i++) {
            Event event = batch.events().get(i);
            if (kept.contains(event.id())) {
                apply(event, plans.get(i));
            }
        }
        return true;
    }

    /** The events with consequences, but for those that were erased since policies were asked about them. */
    private Set<String> kept(Undecided batch, List<PolicyPlan> plans) throws SQLException {
        List<String> ids = IntStream.range(0, plans.size())
                .filter(i -> !plans.get(i).isEmpty())
                .mapToObj(i -> batch.events().get(i).id())
                .toList();
        return Set.copyOf(tx.readIn(
                "select event_id from event where (tenant, event_id) in (values %s) and salt is not null",
                ids, 2, id -> new Object[] {batch.tenant().value(), id}, row -> row.getString(1)));
    }

    private long position(TenantId tenant) throws SQLException {
        String select = "select position from policy_cursor where tenant = ?"
                + tx.dialect().forUpdate();
        Optional<Long> known = tx.first(select, row -> row.getLong(1), tenant.value());
        if (known.isEmpty()) {
            tx.update(
                    "insert into policy_cursor (tenant, position) values (?, 0) on conflict do nothing",
                    tenant.value());
            known = tx.first(select, row -> row.getLong(1), tenant.value());
        }
        return Objects.requireNonNull(known.orElse(0L));
    }

    private void apply(Event event, PolicyPlan wanted) throws SQLException {
        tx.appendDecided(wanted.events());
        ConversationId conversation = event.conversation();
        if (conversation == null) {
            return;
        }
        ConversationRow row = tx.conversation(conversation);
        PolicyPlan plan = row.ownership.allowed(wanted, now);
        var queue = new CommandQueue(tx, row, row.ownership.fence(), now);
        for (var firing : plan.byFiring().entrySet()) {
            queue.add(firing.getKey(), firing.getValue());
        }
        OwnershipSignal ownership = plan.ownership();
        if (ownership != null) {
            TurnWork.own(tx, row, row.ownership.afterPolicy(ownership, now), plan.ownershipCause(), now);
        }
    }
}
