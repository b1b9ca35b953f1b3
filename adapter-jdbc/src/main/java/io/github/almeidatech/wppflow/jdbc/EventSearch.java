package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One query of the event log. The order is that of the chain, so each filter has an index that ends in the position; a time
 * is turned into positions first, by the running maximum of times that every event carries.
 */
final class EventSearch {

    private final Session session;
    private final Dialect dialect;
    private final EventQuery query;
    private final String tenant;

    EventSearch(Session session, Dialect dialect, EventQuery query) {
        this.session = session;
        this.dialect = dialect;
        this.query = query;
        this.tenant = query.tenant().value();
    }

    /** One more than the query's limit, when there are so many, so that the caller sees whether a next page exists. */
    List<ChainedEvent> newestBefore(long position) throws SQLException {
        Range range = range();
        long before = Math.min(position, range.before());
        String type = query.type();
        boolean byType = query.conversation() == null && query.personKey() == null;
        if (!byType || type == null || !type.endsWith(".*")) {
            return page(EventRow.SELECT, EventRow::read, type, range.from(), before);
        }
        var positions = new ArrayList<Long>();
        for (String each : typesUnder(prefix(type))) {
            positions.addAll(page("select position from event", row -> row.getLong(1), each, range.from(), before));
        }
        positions.sort(Comparator.reverseOrder());
        return at(positions.subList(0, Math.min(positions.size(), query.limit() + 1)));
    }

    private List<ChainedEvent> at(List<Long> positions) throws SQLException {
        if (positions.isEmpty()) {
            return List.of();
        }
        var arguments = new ArrayList<@Nullable Object>(positions);
        arguments.add(0, tenant);
        String sql = EventRow.SELECT + " where tenant = ? and position in (?" + ", ?".repeat(positions.size() - 1)
                + ") order by position desc";
        return session.list(sql, EventRow::read, arguments.toArray());
    }

    /**
     * Positions of events that still have their content, in their order, at most the query's limit.
     *
     * @param kept types that are left out, as prefixes ending in {@code .*}
     */
    List<Long> notEmptiedAfter(long position, List<String> kept) throws SQLException {
        var sql = new StringBuilder(
                "select position from event where tenant = ? and position > ? and position < ? and salt is not null");
        var arguments = new ArrayList<@Nullable Object>(List.of(tenant, position, range().before()));
        addType(sql, arguments, query.type());
        for (String other : kept) {
            sql.append(" and not (type >= ? and type < ?)");
            arguments.add(prefix(other));
            arguments.add(prefix(other) + Character.MAX_VALUE);
        }
        addTimes(sql, arguments);
        sql.append(" order by position limit ").append(query.limit());
        return session.list(sql.toString(), row -> row.getLong(1), arguments.toArray());
    }

    private static void addType(StringBuilder sql, List<@Nullable Object> arguments, @Nullable String type) {
        if (type != null && type.endsWith(".*")) {
            sql.append(" and type >= ? and type < ?");
            arguments.add(prefix(type));
            arguments.add(prefix(type) + Character.MAX_VALUE);
        } else if (type != null) {
            sql.append(" and type = ?");
            arguments.add(type);
        }
    }

    private static String prefix(String pattern) {
        return pattern.substring(0, pattern.length() - 1);
    }

    /** Positions outside of which no event is of the time wanted. */
    private record Range(long from, long before) {}

    /** @param maxLag how much older than the latest before it an event is at most */
    private record Chain(long length, long maxLag) {}

    private Range range() throws SQLException {
        Instant from = query.from();
        Instant to = query.to();
        Range all = new Range(1, Long.MAX_VALUE);
        if (from == null && to == null) {
            return all;
        }
        Optional<Chain> chain = session.first(
                "select length, max_lag from event_chain where tenant = ?",
                row -> new Chain(row.getLong("length"), row.getLong("max_lag")),
                tenant);
        if (chain.isEmpty()) {
            return all;
        }
        long length = chain.get().length();
        return new Range(
                from == null ? all.from() : firstReaching(from.toEpochMilli(), length),
                to == null
                        ? all.before()
                        : firstReaching(to.toEpochMilli() + chain.get().maxLag(), length));
    }

    private <T> List<T> page(String select, Session.Row<T> mapper, @Nullable String type, long from, long before)
            throws SQLException {
        var sql = new StringBuilder(select);
        if (query.conversation() != null) {
            sql.append(dialect.indexedBy("event_conversation"));
        } else if (query.personKey() != null) {
            sql.append(dialect.indexedBy("event_person"));
        } else if (type != null) {
            sql.append(dialect.indexedBy("event_type"));
        }
        sql.append(" where tenant = ? and position >= ? and position < ?");
        var arguments = new ArrayList<@Nullable Object>(List.of(tenant, from, before));
        if (query.conversation() != null) {
            sql.append(" and conversation = ?");
            arguments.add(query.conversation().key());
        }
        if (query.personKey() != null) {
            int others = query.otherKeys().size();
            sql.append(others == 0 ? " and person_key = ?" : " and person_key in (?" + ", ?".repeat(others) + ")");
            arguments.add(query.personKey());
            arguments.addAll(query.otherKeys());
        }
        addType(sql, arguments, type);
        addTimes(sql, arguments);
        sql.append(" order by position desc limit ").append(query.limit() + 1);
        return session.list(sql.toString(), mapper, arguments.toArray());
    }

    private void addTimes(StringBuilder sql, List<@Nullable Object> arguments) {
        if (query.from() != null) {
            sql.append(" and at >= ?");
            arguments.add(query.from());
        }
        if (query.to() != null) {
            sql.append(" and at < ?");
            arguments.add(query.to());
        }
    }

    /** The first position up to which some event is at or after a time; one past the end when none is. */
    private long firstReaching(long atMillis, long length) throws SQLException {
        long low = 1;
        long high = length + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            long latest = session.first(
                            "select latest_at from event where tenant = ? and position = ?",
                            row -> row.getLong(1),
                            tenant,
                            middle)
                    .orElse(Long.MAX_VALUE);
            if (latest >= atMillis) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The types there are under a prefix, by jumping through the index from one to the next: few, however many events. */
    private List<String> typesUnder(String prefix) throws SQLException {
        var types = new ArrayList<String>();
        String last = prefix;
        while (true) {
            Optional<String> next = session.first(
                    "select type from event where tenant = ? and type > ? order by type limit 1",
                    row -> row.getString(1),
                    tenant,
                    last);
            if (next.isEmpty() || !next.get().startsWith(prefix)) {
                return types;
            }
            last = next.get();
            types.add(last);
        }
    }
}
