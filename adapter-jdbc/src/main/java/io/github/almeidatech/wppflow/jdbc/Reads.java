package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;

/**
 * What some work is going to look at: read for all works of a transaction together, and the conversations locked in one
 * order, so that two processes cannot wait for each other.
 *
 * @param conversations that it may change
 * @param commands whether it looks at their waiting commands
 * @param keys that may be known
 * @param events that may be there
 */
record Reads(List<ConversationId> conversations, boolean commands, List<SeenKey> keys, List<EventRef> events) {

    static final Reads NONE = new Reads(List.of(), false, List.of(), List.of());

    /** An event's id inside its tenant. */
    record EventRef(TenantId tenant, String id) {

        static List<EventRef> of(List<Event> events) {
            return events.stream()
                    .map(event -> new EventRef(event.tenant(), event.id()))
                    .toList();
        }
    }

    static Reads of(ConversationId conversation) {
        return new Reads(List.of(conversation), false, List.of(), List.of());
    }

    static Reads of(List<Event> events) {
        return new Reads(List.of(), false, List.of(), EventRef.of(events));
    }

    Reads withCommands() {
        return new Reads(conversations, true, keys, events);
    }

    Reads with(List<SeenKey> wanted) {
        return new Reads(conversations, commands, wanted, events);
    }

    Reads andEvents(List<Event> wanted) {
        return new Reads(conversations, commands, keys, EventRef.of(wanted));
    }
}
