package io.github.almeidatech.wppflow.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, written down once and never changed.
 *
 * @param id unique; sortable by time (UUIDv7)
 * @param tenant whose
 * @param conversation in which conversation, where there is one
 * @param personKey about whom, so that erasure finds it
 * @param type a dotted, lower-case name such as {@code turn.completed}; stable, never a class name
 * @param version of the payload's layout, from 1
 * @param payload plain data
 * @param source who caused it
 * @param confidence 0 to 1, where something was estimated
 * @param causeId the event, turn or message id that led to it
 * @param depth how many rules lie between it and the customer's message; guards against loops
 * @param at when
 */
public record Event(
        String id,
        TenantId tenant,
        @Nullable ConversationId conversation,
        @Nullable String personKey,
        String type,
        int version,
        Map<String, Object> payload,
        Source source,
        @Nullable Double confidence,
        @Nullable String causeId,
        int depth,
        Instant at) {

    /** Who caused an event. */
    public enum Source {
        CUSTOMER,
        BOT,
        PERSON,
        RULE,
        SYSTEM
    }

    public Event {
        if (depth < 0 || version < 1) {
            throw new IllegalArgumentException("depth >= 0 and version >= 1 wanted");
        }
        payload = PlainData.copyOf(payload);
    }

    /** The same with another payload, while it is not written down yet. */
    public Event with(Map<String, Object> other) {
        return new Event(
                id, tenant, conversation, personKey, type, version, other, source, confidence, causeId, depth, at);
    }

    @Override
    public String toString() {
        return "Event[" + id + ", " + type + ", " + tenant + "]";
    }
}
