package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.github.almeidatech.wppflow.normalizer.Normalized;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a stored message was left without an answer only because Chatwoot had opened its conversation, and the
 * conversation has been taken back since. What decides is the event log, so that it holds over a crash.
 */
final class Resumption {

    static final String TAKEN_BACK = "conversation.taken_back";

    /** What an open conversation that nobody has spoken in, and nobody is assigned to, is silent for. */
    private static final Set<String> OPENED =
            Set.of("human_owned", "conversation_opened", "conversation_opened_unattended");

    private static final int FAR = 1_000;

    private Resumption() {}

    /**
     * The key under which the message is to be taken in once more, the same for every look: each silence ends once. Empty
     * when the message is not to be answered, or was.
     */
    static Optional<String> keyOf(EventLog events, ConversationId conversation, long messageId) {
        if (!isTakenBack(events, conversation)) {
            return Optional.empty();
        }
        boolean takenBack = false;
        Set<String> said = new HashSet<>();
        Set<String> heldBack = new HashSet<>();
        for (Event event : events.query(EventQuery.of(conversation, FAR)).events()) { // the newest first
            String cause = String.valueOf(event.causeId());
            boolean byOpening = OPENED.contains(String.valueOf(event.payload().get("reason")));
            switch (event.type()) {
                case TAKEN_BACK -> takenBack = true;
                case FlowEvents.COMMAND_DONE -> {
                    if (speaks(event)) {
                        said.add(cause);
                    }
                }
                case FlowEvents.COMMAND_HELD_BACK -> {
                    if (takenBack && byOpening && speaks(event)) {
                        heldBack.add(cause);
                    }
                }
                case "message.observed" -> {
                    if (event.source() == Event.Source.PERSON) {
                        return Optional.empty();
                    }
                }
                case FlowEvents.TURN_SILENCED -> {
                    if (holds(event, messageId)) {
                        return takenBack && byOpening ? Optional.of(key(event)) : Optional.empty();
                    }
                }
                case "turn.completed" -> {
                    if (holds(event, messageId)) {
                        boolean unheard = heldBack.contains(cause) && !said.contains(cause);
                        return unheard ? Optional.of(key(event)) : Optional.empty();
                    }
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    /** That the message is to be answered after all: {@code message_ids}. */
    static Event event(Normalized normalized, long messageId, Instant now) {
        return new Event(
                Uuid7.at(now),
                normalized.conversation().tenant(),
                normalized.conversation(),
                normalized.personKey(),
                "turn.resumed",
                1,
                Map.of("reason", "taken_back", "message_ids", List.of(messageId)),
                Event.Source.SYSTEM,
                null,
                String.valueOf(messageId),
                0,
                now);
    }

    private static boolean isTakenBack(EventLog events, ConversationId conversation) {
        var query = new EventQuery(conversation.tenant(), conversation, null, TAKEN_BACK, null, null, 1, null);
        return !events.query(query).events().isEmpty();
    }

    private static boolean holds(Event event, long messageId) {
        return event.payload().get("message_ids") instanceof List<?> ids
                && ids.stream().anyMatch(id -> id instanceof Number number && number.longValue() == messageId);
    }

    private static boolean speaks(Event command) {
        return String.valueOf(command.payload().get("command")).startsWith("send_");
    }

    private static String key(Event silence) {
        return "resumed/" + silence.id();
    }
}
