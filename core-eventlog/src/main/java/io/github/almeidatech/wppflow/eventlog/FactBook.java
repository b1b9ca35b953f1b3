package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The facts conditions and variables see. At the top the first system's names ({@code event_type}, {@code entity}, {@code
 * source}, {@code confidence}, {@code payload}, {@code timestamp} …), then what the context knows, then the payload's own
 * keys; a name further up hides one further down.
 */
final class FactBook {

    private FactBook() {}

    static Map<String, Object> of(Event event, PolicyContext context) {
        var facts = new LinkedHashMap<String, Object>(event.payload());
        facts.putAll(context.facts());
        ConversationId conversation = event.conversation();
        facts.put("event_id", event.id());
        facts.put("event_type", event.type());
        facts.put("entity", entityOf(event));
        facts.put("source", event.source().name().toLowerCase(Locale.ROOT));
        put(facts, "confidence", event.confidence());
        facts.put("payload", event.payload());
        facts.put("depth", event.depth());
        facts.put("tenant_id", event.tenant().value());
        put(facts, "conversation_id", conversation == null ? null : String.valueOf(conversation.number()));
        put(facts, "contact_id", context.contactId());
        facts.put("opted_out", context.optedOut());
        facts.put("timestamp", event.at().toEpochMilli());
        facts.put("now", context.now().toString());
        return facts;
    }

    /** What an event is about. */
    static String entityOf(Event event) {
        if (event.payload().get("entity") instanceof String entity) {
            return entity;
        }
        int dot = event.type().indexOf('.');
        return dot < 0 ? event.type() : event.type().substring(0, dot);
    }

    private static void put(Map<String, Object> facts, String name, @Nullable Object value) {
        if (value == null) {
            facts.remove(name);
        } else {
            facts.put(name, value);
        }
    }
}
