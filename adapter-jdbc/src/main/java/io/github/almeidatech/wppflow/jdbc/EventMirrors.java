package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Optional;

/**
 * How far each tenant's chain of events is written down elsewhere. Thread-safe; blocks on storage only; each call is one
 * transaction.
 */
public final class EventMirrors {

    private final Writer writer;
    private final Reader reader;

    EventMirrors(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /** The position up to which all is written. Asked for the first time, the end of the chain: what was before is history. */
    public long position(TenantId tenant) {
        return read(tenant).orElseGet(() -> {
            writer.write(tx -> tx.update(
                    "insert into event_mirror (tenant, position) values (?, coalesce((select length from event_chain"
                            + " where tenant = ?), 0)) on conflict do nothing",
                    tenant.value(),
                    tenant.value()));
            return read(tenant).orElseThrow();
        });
    }

    private Optional<Long> read(TenantId tenant) {
        return reader.read(
                tenant,
                session -> session.first(
                        "select position from event_mirror where tenant = ?", row -> row.getLong(1), tenant.value()));
    }

    /** All is written up to a position; never back. */
    public void advance(TenantId tenant, long position) {
        writer.write(tx -> tx.update(
                "update event_mirror set position = ? where tenant = ? and position < ?",
                position,
                tenant.value(),
                position));
    }
}
