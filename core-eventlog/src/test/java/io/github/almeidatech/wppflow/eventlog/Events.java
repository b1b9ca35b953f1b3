package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of an invented hotel. */
final class Events {

    static final TenantId TENANT = new TenantId("hotel");
    static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 42);
    static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    static final String ANA = "55 61 9 0001";

    private Events() {}

    static Event event(String type, Map<String, Object> payload) {
        return event("e-" + type, type, payload, Event.Source.CUSTOMER, 0.9, 0);
    }

    static Event event(
            String id,
            String type,
            Map<String, Object> payload,
            Event.Source source,
            @Nullable Double confidence,
            int depth) {
        return new Event(id, TENANT, CONVERSATION, ANA, type, 1, payload, source, confidence, "cause", depth, NOW);
    }
}
