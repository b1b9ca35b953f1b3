package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.StoredDocument;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/** The documents of all tenants on SQL. Thread-safe. */
final class JdbcDocumentStore implements DocumentStore {

    private final Writer writer;
    private final Reader reader;

    JdbcDocumentStore(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public void save(TenantId tenant, Collection<Document> documents, Instant at) {
        var wanted = new LinkedHashMap<String, Document>();
        List.copyOf(documents).forEach(document -> wanted.put(document.id(), document));
        if (wanted.isEmpty()) {
            return;
        }
        writer.write(tx -> {
            for (Document document : wanted.values()) {
                tx.later(
                        """
                        insert into document (tenant, id, title, content, domain, version, updated_at)
                          values (?, ?, ?, ?, ?, 1, ?)
                        on conflict (tenant, id) do update set title = excluded.title, content = excluded.content,
                          domain = excluded.domain, version = document.version + 1, updated_at = excluded.updated_at
                          where document.title <> excluded.title or document.content <> excluded.content
                            or coalesce(document.domain, '') <> coalesce(excluded.domain, '')
                        """,
                        tenant.value(),
                        document.id(),
                        document.title(),
                        document.content(),
                        document.domain(),
                        at);
            }
            return changed(tx, tenant);
        });
    }

    @Override
    public int delete(TenantId tenant, Collection<String> ids) {
        List<String> wanted = List.copyOf(ids);
        return writer.write(tx -> {
            int deleted = 0;
            for (String id : wanted) {
                deleted += tx.update("delete from document where tenant = ? and id = ?", tenant.value(), id);
            }
            if (deleted > 0) {
                changed(tx, tenant);
            }
            return deleted;
        });
    }

    private static int changed(Tx tx, TenantId tenant) throws SQLException {
        return tx.update("""
                insert into document_version (tenant, version) values (?, 1)
                on conflict (tenant) do update set version = document_version.version + 1
                """, tenant.value());
    }

    @Override
    public List<StoredDocument> stored(TenantId tenant) {
        return reader.read(
                tenant,
                session -> session.list(
                        "select id, title, content, domain, version, updated_at from document where tenant = ?"
                                + " order by id",
                        row -> new StoredDocument(
                                new Document(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                                row.getLong(5),
                                Session.instant(row, "updated_at")),
                        tenant.value()));
    }

    @Override
    public long version(TenantId tenant) {
        return reader.read(
                tenant,
                session -> session.first(
                                "select version from document_version where tenant = ?",
                                row -> row.getLong(1),
                                tenant.value())
                        .orElse(0L));
    }
}
