package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of an event before it happens: its type and source, and of its payload what stands there as such. */
final class Foreknowledge {

    private final CausedEvents.Caused event;
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final Map<String, Object> literal = new HashMap<>();

    Foreknowledge(CausedEvents.Caused event) {
        this.event = event;
        if (event.payload() != null) {
            event.payload().forEach((name, value) -> {
                if (!String.valueOf(value).contains("{{")) {
                    literal.put(name, value);
                }
            });
        }
        facts.put("event_type", event.type());
        facts.put("source", event.source().name().toLowerCase(Locale.ROOT));
        facts.put("payload", literal);
        String entity = entity();
        if (entity != null) {
            facts.put("entity", entity);
        }
    }

    /** What the event will be about; null when that is not known. */
    @Nullable
    String entity() {
        if (event.payload() != null && event.payload().containsKey("entity") && !literal.containsKey("entity")) {
            return null;
        }
        if (literal.get("entity") instanceof String entity) {
            return entity;
        }
        int dot = event.type().indexOf('.');
        return dot < 0 ? event.type() : event.type().substring(0, dot);
    }

    /** The store's own events have no confidence; an emitted one has that of the event before it. */
    boolean hasNoConfidence() {
        return event.source() == Event.Source.SYSTEM;
    }

    /** Whether {@link #facts} tell what a condition will find under this name, be it nothing. */
    boolean knows(String name) {
        String[] steps = name.split("\\.", 3);
        return switch (steps[0]) {
            case "event_type", "source" -> true;
            case "entity" -> entity() != null;
            case "confidence" -> hasNoConfidence();
            case "payload" ->
                steps.length > 1
                        && event.payload() != null
                        && event.payload().containsKey(steps[1]) == literal.containsKey(steps[1]);
            default -> false;
        };
    }

    Map<String, Object> facts() {
        return facts;
    }
}
