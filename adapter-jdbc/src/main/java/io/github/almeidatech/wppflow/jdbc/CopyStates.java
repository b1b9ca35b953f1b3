package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.CopyBacklog;
import io.github.almeidatech.wppflow.contacts.CopyState;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far contacts' copies are behind, in the contacts' own rows. */
final class CopyStates {

    private CopyStates() {}

    static CopyState find(Tx tx, TenantId tenant, String contactId) throws SQLException {
        return tx.first("""
                        select copy_parts, copy_behind_since, copy_due, copied_at from contact where tenant = ? and id = ?
                        """, CopyStates::read, tenant.value(), contactId).orElse(CopyState.EVEN);
    }

    static void put(Tx tx, TenantId tenant, String contactId, CopyState state) throws SQLException {
        tx.update(
                """
                update contact set copy_parts = ?, copy_behind_since = ?, copy_due = ?, copied_at = ?
                where tenant = ? and id = ?
                """,
                state.parts().isEmpty() ? null : Json.write(state.parts()),
                state.since(),
                state.due(),
                state.copiedAt(),
                tenant.value(),
                contactId);
    }

    /** The contact that has been due for longest. */
    static Optional<String> due(ContactRow.Queries queries, TenantId tenant, Instant now, String lock)
            throws SQLException {
        return queries
                .list(
                        "select id from contact where tenant = ? and copy_due <= ? order by copy_due limit 1" + lock,
                        row -> row.getString(1),
                        tenant.value(),
                        now)
                .stream()
                .findFirst();
    }

    static Optional<Instant> dueOf(Session session, TenantId tenant, String contactId) throws SQLException {
        return session.first(
                "select copy_due from contact where tenant = ? and id = ? and copy_due is not null",
                row -> Objects.requireNonNull(Session.nullableInstant(row, "copy_due")),
                tenant.value(),
                contactId);
    }

    static CopyBacklog backlog(Session session, TenantId tenant) throws SQLException {
        return session.first(
                        """
                        select count(*) as contacts, min(copy_behind_since) as oldest from contact
                        where tenant = ? and copy_behind_since is not null
                        """,
                        row -> new CopyBacklog(row.getLong("contacts"), Session.nullableInstant(row, "oldest")),
                        tenant.value())
                .orElseThrow();
    }

    private static CopyState read(ResultSet row) throws SQLException {
        return new CopyState(
                parts(row.getString("copy_parts")),
                Session.nullableInstant(row, "copy_behind_since"),
                Session.nullableInstant(row, "copy_due"),
                Session.nullableInstant(row, "copied_at"));
    }

    private static Set<String> parts(@Nullable String json) {
        var parts = new LinkedHashSet<String>();
        if (json != null) {
            Json.tree(json).forEach(part -> parts.add(part.asText()));
        }
        return parts;
    }
}
