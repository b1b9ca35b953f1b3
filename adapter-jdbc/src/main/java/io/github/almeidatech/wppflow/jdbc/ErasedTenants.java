package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Receipts of tenants that were erased; the erasure does not remove them. Thread-safe; blocks on storage only; each call is
 * one transaction.
 */
public final class ErasedTenants {

    private static final String LATEST = """
            select begun_at, caller, ended_at, counts from erased_tenant
              where tenant = '*' and erased = ? order by begun_at desc limit 1
            """;

    private final Writer writer;
    private final Reader reader;

    ErasedTenants(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * An erasure.
     *
     * @param by who began it
     * @param ended null while it is under way, or was cut off
     * @param rows how many were removed, by table
     */
    public record Erasure(
            TenantId tenant,
            String by,
            Instant begun,
            @Nullable Instant ended,
            Map<String, Long> rows) {}

    /** Writes down that an erasure begins; the latest goes on when it was cut off. */
    public Erasure begin(TenantId tenant, String by, Instant now) {
        return writer.write(tx -> {
            Optional<Erasure> cutOff =
                    tx.first(LATEST, row -> read(tenant, row), tenant.value()).filter(latest -> latest.ended() == null);
            if (cutOff.isPresent()) {
                return cutOff.get();
            }
            tx.update(
                    "insert into erased_tenant (tenant, erased, begun_at, caller, counts) values (?, ?, ?, ?, ?)",
                    Table.NOBODY,
                    tenant.value(),
                    now,
                    by,
                    Json.write(Map.of()));
            return new Erasure(tenant, by, now, null, Map.of());
        });
    }

    /** Adds what was removed of a table. */
    public void add(Erasure erasure, String table, long count) {
        TenantId tenant = erasure.tenant();
        writer.write(tx -> {
            Erasure latest =
                    tx.first(LATEST, row -> read(tenant, row), tenant.value()).orElse(erasure);
            var rows = new LinkedHashMap<>(latest.rows());
            rows.merge(table, count, Long::sum);
            return tx.update(
                    "update erased_tenant set counts = ? where tenant = '*' and erased = ? and begun_at = ?",
                    Json.write(rows),
                    tenant.value(),
                    latest.begun());
        });
    }

    /** It is done. */
    public void end(Erasure erasure, Instant now) {
        writer.write(tx -> tx.update(
                "update erased_tenant set ended_at = ? where tenant = '*' and erased = ? and begun_at = ?",
                now,
                erasure.tenant().value(),
                erasure.begun()));
    }

    /** The latest erasure of a tenant. */
    public Optional<Erasure> latest(TenantId tenant) {
        return reader.readAll(session -> session.first(LATEST, row -> read(tenant, row), tenant.value()));
    }

    private static Erasure read(TenantId tenant, ResultSet row) throws SQLException {
        var rows = new LinkedHashMap<String, Long>();
        Json.map(row.getString("counts")).forEach((table, count) -> rows.put(table, ((Number) count).longValue()));
        long ended = row.getLong("ended_at");
        Instant end = row.wasNull() ? null : Instant.ofEpochMilli(ended);
        return new Erasure(tenant, row.getString("caller"), Session.instant(row, "begun_at"), end, rows);
    }
}
