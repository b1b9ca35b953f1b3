package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * For whom automatic replies are switched off: single tenants, or all of them at once. The two are kept apart, so that
 * switching all on again leaves off who was off before. Thread-safe; blocks on storage only; each call is one transaction.
 */
public final class BotSwitches {

    private final Writer writer;
    private final Reader reader;

    BotSwitches(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * What is switched off.
     *
     * @param tenant whose bot; empty for everybody's
     * @param since when
     * @param caller who did it
     * @param reason why, in the caller's words
     */
    public record Off(Optional<TenantId> tenant, Instant since, String caller, String reason) {}

    /** Switches off; when it is off already, it stays as it is and the answer is false. */
    public boolean off(Off off) {
        return writer.write(tx -> tx.update(
                        "insert into bot_off (tenant, since, caller, reason) values (?, ?, ?, ?) on conflict do nothing",
                        nameOf(off.tenant()),
                        off.since(),
                        off.caller(),
                        off.reason())
                == 1);
    }

    /** Switches on again; false when it was not off. */
    public boolean on(Optional<TenantId> tenant) {
        return writer.write(tx -> tx.update("delete from bot_off where tenant = ?", nameOf(tenant)) == 1);
    }

    /** All that is off, the longest first. */
    public List<Off> all() {
        return reader.readAll(session -> session.list(
                "select tenant, since, caller, reason from bot_off order by since, tenant",
                row -> new Off(
                        Optional.of(row.getString("tenant"))
                                .filter(name -> !name.equals(Table.NOBODY))
                                .map(TenantId::new),
                        Session.instant(row, "since"),
                        row.getString("caller"),
                        row.getString("reason"))));
    }

    private static String nameOf(Optional<TenantId> tenant) {
        return tenant.map(TenantId::value).orElse(Table.NOBODY);
    }
}
