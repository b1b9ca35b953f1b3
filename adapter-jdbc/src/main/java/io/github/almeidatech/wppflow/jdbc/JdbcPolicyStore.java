package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.PolicyDocument;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;

/** The policies of all tenants on SQL. Thread-safe. */
final class JdbcPolicyStore implements PolicyStore {

    private final Writer writer;
    private final Reader reader;

    JdbcPolicyStore(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public List<PolicyDocument> documents(TenantId tenant) {
        return reader.read(
                tenant,
                session -> session.list(
                        "select id, body, changed_at from policy where tenant = ? order by id",
                        row -> new PolicyDocument(
                                row.getString("id"),
                                Json.map(row.getString("body")),
                                Session.instant(row, "changed_at")),
                        tenant.value()));
    }

    @Override
    public void put(TenantId tenant, PolicyDocument document) {
        String body = Json.write(document.data());
        writer.write(tx -> tx.update("""
                insert into policy (tenant, id, body, changed_at) values (?, ?, ?, ?)
                on conflict (tenant, id) do update set body = excluded.body, changed_at = excluded.changed_at
                """, tenant.value(), document.id(), body, document.changedAt()));
    }

    @Override
    public boolean remove(TenantId tenant, String id) {
        return writer.write(tx -> tx.update("delete from policy where tenant = ? and id = ?", tenant.value(), id) > 0);
    }
}
