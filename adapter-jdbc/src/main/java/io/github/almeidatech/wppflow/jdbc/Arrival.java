package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.InboundMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An inbound event, made ready for its row in the caller's thread, so that the writer has less to do. */
record Arrival(
        InboundEvent event,
        List<SeenKey> keys,
        TurnTiming timing,
        @Nullable String body,
        byte[] raw) {

    static Arrival of(InboundEvent event, List<SeenKey> keys, TurnTiming timing) {
        InboundMessage message = event.message();
        return new Arrival(event, keys, timing, message == null ? null : MessageJson.write(message), event.raw());
    }

    /** Queues the row; {@code number} is null for what does not wait for a turn. */
    void insert(Tx tx, @Nullable Long number, java.time.Instant now) {
        InboundMessage message = event.message();
        tx.later(
                """
                insert into inbox (tenant, conversation, number, event, message_id, person_key, urgent, received_at,
                  version, body, raw)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                event.conversation().tenant().value(),
                event.conversation().key(),
                number,
                event.event(),
                message == null ? null : message.messageId(),
                event.personKey(),
                event.urgent(),
                now,
                MessageJson.VERSION,
                body,
                raw);
    }
}
