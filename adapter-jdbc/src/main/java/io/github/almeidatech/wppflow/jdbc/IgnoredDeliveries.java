package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.ConversationId;
import java.util.Collection;
import java.util.List;

/**
 * What was ignored, counted by conversation, event and reason: a row for each, however many deliveries. Thread-safe; blocks
 * on storage only.
 */
public final class IgnoredDeliveries {

    private final Writer writer;
    private final Reader reader;

    IgnoredDeliveries(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /** Adds all of them, or none. */
    public void add(Collection<IgnoredDelivery> ignored) {
        List<IgnoredDelivery> rows = List.copyOf(ignored);
        writer.write(tx -> {
            for (IgnoredDelivery each : rows) {
                tx.update(
                        """
                        insert into ignored (tenant, conversation, event, reason, deliveries, first_at, last_at, last_message)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        on conflict (tenant, conversation, event, reason) do update set
                          deliveries = ignored.deliveries + excluded.deliveries, last_at = excluded.last_at,
                          last_message = coalesce(excluded.last_message, ignored.last_message)
                        """,
                        each.conversation().tenant().value(),
                        each.conversation().key(),
                        each.event(),
                        each.reason(),
                        each.deliveries(),
                        each.first(),
                        each.last(),
                        each.lastMessage());
            }
            return rows.size();
        });
    }

    /** A conversation's, the latest first. */
    public List<IgnoredDelivery> of(ConversationId conversation) {
        return reader.read(
                conversation.tenant(),
                session -> session.list(
                        "select * from ignored where tenant = ? and conversation = ? order by last_at desc, reason",
                        row -> new IgnoredDelivery(
                                conversation,
                                row.getString("event"),
                                row.getString("reason"),
                                row.getLong("deliveries"),
                                Session.instant(row, "first_at"),
                                Session.instant(row, "last_at"),
                                Session.nullableLong(row, "last_message")),
                        conversation.tenant().value(),
                        conversation.key()));
    }
}
