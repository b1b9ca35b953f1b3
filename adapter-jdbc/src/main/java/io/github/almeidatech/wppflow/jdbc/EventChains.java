package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The events of a transaction, linked to their tenants' chains at its very end: the end of a chain is what several
 * processes wait for, so it is held as shortly as possible. Only for the writing thread.
 */
final class EventChains {

    private static final HexFormat HEX = HexFormat.of();

    private final Tx tx;
    private final Map<TenantId, List<Added>> added = new TreeMap<>(Comparator.comparing(TenantId::value));

    /** @param decided policies have said what they have to say about it */
    private record Added(NewEvent event, boolean decided) {}

    private record End(long length, String head, long latestAt, long maxLag) {}

    EventChains(Tx tx) {
        this.tx = tx;
    }

    void append(NewEvent event, boolean decided) {
        added.computeIfAbsent(event.tenant(), tenant -> new ArrayList<>()).add(new Added(event, decided));
    }

    void flush() throws SQLException {
        Map<TenantId, End> ends = ends();
        if (ends.size() < added.size()) {
            begin(added.keySet().stream()
                    .filter(tenant -> !ends.containsKey(tenant))
                    .toList());
            ends.putAll(ends());
        }
        added.forEach((tenant, events) -> link(tenant, events, Objects.requireNonNull(ends.get(tenant))));
        added.clear();
    }

    private void link(TenantId tenant, List<Added> events, End before) {
        End end = before;
        for (Added each : events) {
            ChainedEvent next =
                    ChainedEvent.link(end.length() + 1, end.head(), each.event().sealed());
            long at = next.event().at().toEpochMilli();
            long latestAt = Math.max(end.latestAt(), at);
            EventRow.insert(tx, next, each.event().payload(), latestAt, each.decided());
            end = new End(next.position(), next.hash(), latestAt, Math.max(end.maxLag(), latestAt - at));
        }
        tx.later(
                "update event_chain set length = ?, head = ?, latest_at = ?, max_lag = ? where tenant = ?",
                end.length(),
                HEX.parseHex(end.head()),
                end.latestAt(),
                end.maxLag(),
                tenant.value());
    }

    /** Locked for all tenants together, in one order, so that two processes do not wait for each other. */
    private Map<TenantId, End> ends() throws SQLException {
        String select = "select tenant, length, head, latest_at, max_lag from event_chain where (tenant) in (values %s)"
                + " order by tenant" + tx.dialect().forUpdate();
        var ends = new HashMap<TenantId, End>();
        tx.readIn(select, added.keySet(), 1, tenant -> new Object[] {tenant.value()}, row -> {
            var end = new End(row.getLong(2), HEX.formatHex(row.getBytes(3)), row.getLong(4), row.getLong(5));
            return ends.put(new TenantId(row.getString(1)), end) == null;
        });
        return ends;
    }

    private void begin(List<TenantId> tenants) {
        for (TenantId tenant : tenants) {
            tx.later(
                    "insert into event_chain (tenant, length, head, latest_at, max_lag) values (?, 0, ?, ?, 0)"
                            + " on conflict do nothing",
                    tenant.value(),
                    HEX.parseHex(ChainedEvent.GENESIS),
                    Long.MIN_VALUE);
        }
    }
}
