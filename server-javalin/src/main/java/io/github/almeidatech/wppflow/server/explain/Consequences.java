package io.github.almeidatech.wppflow.server.explain;

import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which events of a conversation a message has led to. */
final class Consequences {

    private Consequences() {}

    /**
     * The arrival, the turns that hold the message, everything these have caused, and changes of owner on the way with the
     * one before.
     *
     * @param all of the conversation, oldest first
     */
    static List<Event> of(long messageId, List<Event> all) {
        Set<String> causes = new HashSet<>();
        causes.add(String.valueOf(messageId));
        for (Event event : all) {
            if (holds(event, messageId) && event.causeId() != null) {
                causes.add(event.causeId());
            }
        }
        var about = new ArrayList<Event>();
        Event owner = null;
        for (Event event : all) {
            if (event.type().equals(FlowEvents.OWNERSHIP_CHANGED)) {
                owner = event;
                if (!about.isEmpty()) {
                    about.add(event);
                }
            } else if (holds(event, messageId)
                    || isArrival(event, messageId)
                    || event.causeId() != null && causes.contains(event.causeId())) {
                if (about.isEmpty() && owner != null) {
                    about.add(owner);
                }
                about.add(event);
                causes.add(event.id());
            }
        }
        return about;
    }

    /** Whether the event says that the message came. */
    static boolean isArrival(Event event, long messageId) {
        return event.type().startsWith("message.")
                && !event.type().equals("message.failed") // of what the bot has said
                && event.payload().get("message_id") instanceof Number number
                && number.longValue() == messageId;
    }

    private static boolean holds(Event event, long messageId) {
        return event.payload().get("message_ids") instanceof List<?> ids
                && ids.stream().anyMatch(id -> id instanceof Number number && number.longValue() == messageId);
    }
}
