package io.github.almeidatech.wppflow.server.explain;

import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One turn from its decision to what became of it.
 *
 * @param turnId which
 * @param decided the {@code turn.completed} event
 * @param policies what policies did about it
 * @param commands what was to be done and what came of it, in the order in which that became known; those that wait last
 */
public record TurnStory(String turnId, Event decided, List<Event> policies, List<CommandStory> commands) {

    static final String COMPLETED = "turn.completed";

    public TurnStory {
        policies = List.copyOf(policies);
        commands = List.copyOf(commands);
    }

    /** What became of a command. */
    public enum Fate {
        DONE,
        HELD_BACK,
        DEAD_LETTER,
        DISCARDED,
        WAITING,
        /** It may have been sent: that is being found out. */
        UNCLEAR
    }

    /**
     * A command.
     *
     * @param key what tells it from others
     * @param command the kind, such as {@code send_message}
     * @param fate what became of it
     * @param reason why, where there is a reason
     * @param at since when; for one that waits, when it is due
     * @param attempts how many tries have begun, where that is known
     */
    public record CommandStory(
            String key,
            String command,
            Fate fate,
            @Nullable String reason,
            Instant at,
            @Nullable Integer attempts) {

        /** Whether the customer would have seen it. */
        boolean speaks() {
            return command.startsWith("send_") || command.equals("follow_up");
        }
    }

    /** Every turn that was decided, the oldest first. */
    static List<TurnStory> all(List<Event> timeline, ConversationState state) {
        var stories = new ArrayList<TurnStory>();
        for (Event event : timeline) {
            String turnId = event.causeId();
            if (event.type().equals(COMPLETED) && turnId != null) {
                stories.add(
                        new TurnStory(turnId, event, policiesOf(event, timeline), commandsOf(turnId, timeline, state)));
            }
        }
        return stories;
    }

    private static List<Event> policiesOf(Event decided, List<Event> timeline) {
        return timeline.stream()
                .filter(event ->
                        event.type().startsWith("policy.") && decided.id().equals(event.causeId()))
                .toList();
    }

    private static List<CommandStory> commandsOf(String turnId, List<Event> timeline, ConversationState state) {
        Map<String, CommandStory> byKey = new LinkedHashMap<>();
        for (Event event : timeline) {
            if (!turnId.equals(event.causeId()) || !(event.payload().get("key") instanceof String key)) {
                continue;
            }
            Fate fate = fate(event.type());
            if (fate != null) {
                byKey.remove(key);
                byKey.put(
                        key,
                        new CommandStory(
                                key,
                                String.valueOf(event.payload().get("command")),
                                fate,
                                event.payload().get("reason") instanceof String reason ? reason : null,
                                event.at(),
                                null));
            }
        }
        for (WaitingCommand waiting : state.commands()) {
            if (waiting.turnId().equals(turnId)) {
                byKey.remove(waiting.key());
                byKey.put(waiting.key(), waiting(waiting));
            }
        }
        return List.copyOf(byKey.values());
    }

    private static CommandStory waiting(WaitingCommand waiting) {
        return new CommandStory(
                waiting.key(),
                FlowEvents.word(waiting.command()),
                waiting.unclearSince() == null ? Fate.WAITING : Fate.UNCLEAR,
                null,
                waiting.due(),
                waiting.attempts());
    }

    private static @Nullable Fate fate(String type) {
        return switch (type) {
            case FlowEvents.COMMAND_DONE -> Fate.DONE;
            case FlowEvents.COMMAND_HELD_BACK -> Fate.HELD_BACK;
            case FlowEvents.COMMAND_DEAD_LETTERED -> Fate.DEAD_LETTER;
            case FlowEvents.COMMAND_DISCARDED -> Fate.DISCARDED;
            case FlowEvents.COMMAND_RETRIED -> Fate.WAITING;
            default -> null;
        };
    }

    /** A text of the decision; empty when it is not there. */
    String said(String key) {
        return decided.payload().get(key) instanceof String text ? text : "";
    }

    /** The messages that were answered together. */
    List<Long> messageIds() {
        return Judge.ids(decided);
    }
}
