package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Invented messages of invented people. */
final class Arrivals {

    static final TenantId HOTEL = new TenantId("hotel");
    static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    static final TurnTiming AT_ONCE = new TurnTiming(Duration.ZERO, Duration.ZERO, 20);
    static final Duration LEASE = Duration.ofMinutes(2);

    private Arrivals() {}

    static ConversationId conversation(long number) {
        return new ConversationId(HOTEL, 1, number);
    }

    /** A message as a webhook brings it: with a raw body, a received event and two keys. */
    static InboundEvent message(ConversationId conversation, long messageId, String personKey, String text) {
        var sender = new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", personKey);
        var message =
                new InboundMessage(conversation, messageId, 4L, NOW, ContentType.TEXT, text, List.of(), sender, null);
        return new InboundEvent(
                conversation,
                "message_created",
                List.of("message/" + messageId, "source/wamid." + messageId),
                message,
                null,
                false,
                personKey,
                List.of(event(conversation, personKey, Map.of("text", text, "message_id", messageId))),
                ("{\"event\":\"message_created\",\"content\":\"" + text + "\",\"padding\":\"" + "x".repeat(1_500)
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    static Event event(ConversationId conversation, String personKey, Map<String, Object> payload) {
        return new Event(
                Uuid7.at(NOW),
                conversation.tenant(),
                conversation,
                personKey,
                "message.received",
                1,
                payload,
                Event.Source.CUSTOMER,
                null,
                null,
                0,
                NOW);
    }
}
