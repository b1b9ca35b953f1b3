package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of all tenants on SQL. Thread-safe. */
final class JdbcEventLog implements EventLog, EventArchive {

    private static final int BATCH = 200;

    private final Writer writer;
    private final Reader reader;

    JdbcEventLog(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public void append(List<Event> events) {
        List<Event> wanted = List.copyOf(events);
        if (!wanted.isEmpty()) {
            writer.write(Reads.of(wanted), tx -> {
                tx.append(wanted);
                return wanted.size();
            });
        }
    }

    @Override
    public EventPage query(EventQuery query) {
        long before = query.cursor() == null ? Long.MAX_VALUE : position(query.cursor());
        List<ChainedEvent> found =
                reader.read(query.tenant(), session -> search(session, query).newestBefore(before));
        boolean more = found.size() > query.limit();
        List<ChainedEvent> page = more ? found.subList(0, query.limit()) : found;
        String next = more ? String.valueOf(page.get(page.size() - 1).position()) : null;
        return new EventPage(page.stream().map(ChainedEvent::event).toList(), next);
    }

    @Override
    public Optional<Event> find(TenantId tenant, String id) {
        return reader.read(
                        tenant,
                        session -> session.first(
                                EventRow.SELECT + " where tenant = ? and event_id = ? and salt is not null",
                                EventRow::read,
                                tenant.value(),
                                Session.storable(id)))
                .map(ChainedEvent::event);
    }

    @Override
    public Optional<Event> arrivalOf(TenantId tenant, long messageId) {
        // the terms of the partial index, to the letter: SQLite compares texts
        String sql = EventRow.SELECT + reader.dialect().indexedBy("event_message")
                + " where tenant = ? and cause_id = ? and type >= 'message.' and type < 'message/'"
                + " order by position limit 1";
        return reader.read(
                        tenant,
                        session -> session.first(sql, EventRow::read, tenant.value(), String.valueOf(messageId)))
                .map(ChainedEvent::event);
    }

    @Override
    public List<Event> following(Event event, int limit) {
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("limit 1 to 1000 wanted, got " + limit);
        }
        ConversationId conversation = event.conversation();
        if (conversation == null) {
            return List.of();
        }
        String sql = EventRow.SELECT + reader.dialect().indexedBy("event_conversation")
                + " where tenant = ? and conversation = ?"
                + " and position >= (select position from event where tenant = ? and event_id = ?)"
                + " order by position limit " + limit;
        String tenant = event.tenant().value();
        return reader
                .read(
                        event.tenant(),
                        session -> session.list(
                                sql, EventRow::read, tenant, conversation.key(), tenant, Session.storable(event.id())))
                .stream()
                .map(ChainedEvent::event)
                .toList();
    }

    private EventSearch search(Session session, EventQuery query) {
        return new EventSearch(session, reader.dialect(), query);
    }

    private static long position(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a cursor of ours", e);
        }
    }

    @Override
    public List<ChainedEvent> read(TenantId tenant, long after, int limit) {
        if (limit < 1 || limit > 10_000 || after < 0) {
            throw new IllegalArgumentException("after >= 0 and limit 1 to 10000 wanted");
        }
        return reader.read(
                tenant,
                session -> session.list(
                        EventRow.SELECT + " where tenant = ? and position > ? order by position limit ?",
                        EventRow::read,
                        tenant.value(),
                        after,
                        limit));
    }

    @Override
    public long erase(TenantId tenant, String personKey) {
        long emptied = 0;
        List<String> conversations = reader.read(
                tenant,
                session -> session.list(
                        "select distinct conversation from event where tenant = ? and person_key = ?"
                                + " and conversation is not null",
                        row -> row.getString(1),
                        tenant.value(),
                        personKey));
        for (String conversation : conversations) {
            emptied += empty(
                    tenant,
                    "conversation = ? and person_key is null and salt is not null",
                    ConversationId.of(tenant, conversation).key());
        }
        return emptied + empty(tenant, "person_key = ? and salt is not null", personKey);
    }

    @Override
    public long expire(TenantId tenant, @Nullable String type, Instant before) {
        return expire(new EventQuery(tenant, null, null, type, null, before, BATCH, null), List.of(), 0);
    }

    private long expire(EventQuery query, List<String> kept, long first) {
        TenantId tenant = query.tenant();
        long emptied = 0;
        long after = first;
        while (true) {
            long from = after;
            List<Long> positions =
                    reader.read(tenant, session -> search(session, query).notEmptiedAfter(from, kept));
            if (positions.isEmpty()) {
                return emptied;
            }
            emptied += empty(tenant, positions);
            after = positions.get(positions.size() - 1);
        }
    }

    /**
     * Empties what is older, except some types. Goes on where the last time ended, so that a night costs what has become
     * too old since, however much has been emptied before.
     *
     * @param kept prefixes ending in {@code .*}
     */
    long expireBut(List<String> kept, TenantId tenant, Instant before) {
        long done = reader.readAll(session -> session.first(
                        "select value from meta where name = ?",
                        row -> Long.parseLong(row.getString(1)),
                        emptiedTo(tenant)))
                .orElse(0L);
        long emptied = expire(new EventQuery(tenant, null, null, null, null, before, BATCH, null), kept, done);
        var any = new EventQuery(tenant, null, null, null, null, null, 1, null);
        List<Long> left = reader.read(tenant, session -> search(session, any).notEmptiedAfter(done, kept));
        if (!left.isEmpty() && left.get(0) - 1 > done) {
            writer.write(tx -> tx.update(
                    "insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
                    emptiedTo(tenant),
                    String.valueOf(left.get(0) - 1)));
        }
        return emptied;
    }

    /** The name under which it is kept up to which position only the kept types have their content. */
    private static String emptiedTo(TenantId tenant) {
        return "emptied/" + tenant;
    }

    /** A chain that begins anew has nothing emptied. */
    void forgetEmptied(TenantId tenant) {
        writer.write(tx -> tx.update("delete from meta where name = ?", emptiedTo(tenant)));
    }

    /** Empties events of a type whose content holds a text. */
    long eraseHolding(TenantId tenant, String type, String text) {
        List<Long> positions = reader.read(
                tenant,
                session -> session.list(
                        "select position from event where tenant = ? and type = ? and salt is not null and payload like ?",
                        row -> row.getLong(1),
                        tenant.value(),
                        type,
                        "%" + text + "%"));
        return empty(tenant, positions);
    }

    /** In small transactions, so that others are not kept waiting. */
    private long empty(TenantId tenant, String condition, String argument) {
        long emptied = 0;
        while (true) {
            List<Long> positions = reader.read(
                    tenant,
                    session -> session.list(
                            "select position from event where tenant = ? and " + condition + " limit " + BATCH,
                            row -> row.getLong(1),
                            tenant.value(),
                            argument));
            if (positions.isEmpty()) {
                return emptied;
            }
            emptied += empty(tenant, positions);
        }
    }

    /** All in one transaction and one exchange with the database. */
    private int empty(TenantId tenant, List<Long> positions) {
        if (positions.isEmpty()) {
            return 0;
        }
        return writer.writeGently(tx -> {
            for (Long position : positions) {
                tx.later(EventRow.EMPTY, tenant.value(), position);
            }
            return positions.size();
        });
    }
}
