package io.github.almeidatech.wppflow.server.explain;

import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One turn from its decision to what became of it.
 *
 * @param turnId which
 * @param decided the {@code turn.completed} event
 * @param policies what policies did about it, about its messages, and about what came of either, in order of time
 * @param commands what it wanted was to be done and what came of it, in the order in which that became known; those that wait last
 */
public record TurnStory(String turnId, Event decided, List<PolicyStory> policies, List<CommandStory> commands) {

    static final String COMPLETED = "turn.completed";

    public TurnStory {
        policies = List.copyOf(policies);
        commands = List.copyOf(commands);
    }

    /**
     * What a policy did about an event.
     *
     * @param event a {@code policy.*} event
     * @param results what came of its commands, as of a turn's
     */
    public record PolicyStory(Event event, List<CommandStory> results) {
        public PolicyStory {
            results = List.copyOf(results);
        }
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
        Map<String, List<Event>> byCause = timeline.stream()
                .filter(event -> event.causeId() != null)
                .collect(Collectors.groupingBy(event -> String.valueOf(event.causeId())));
        var stories = new ArrayList<TurnStory>();
        for (Event event : timeline) {
            String turnId = event.causeId();
            if (event.type().equals(COMPLETED) && turnId != null) {
                stories.add(new TurnStory(
                        turnId,
                        event,
                        policiesOf(event, timeline, byCause, state),
                        commandsOf(turnId, byCause, state)));
            }
        }
        return stories;
    }

    /** What policies did about everything the turn and its messages have led to, however long the way. */
    private static List<PolicyStory> policiesOf(
            Event decided, List<Event> timeline, Map<String, List<Event>> byCause, ConversationState state) {
        var caused = new HashSet<String>();
        var causes = new ArrayDeque<String>();
        causes.add(decided.id());
        causes.add(String.valueOf(decided.causeId()));
        Judge.ids(decided).forEach(message -> causes.add(String.valueOf(message)));
        while (!causes.isEmpty()) {
            for (Event event : byCause.getOrDefault(causes.remove(), List.of())) {
                if (caused.add(event.id())) {
                    causes.add(event.id());
                }
            }
        }
        return timeline.stream()
                .filter(event -> isPolicy(event) && caused.contains(event.id()))
                .map(event -> new PolicyStory(event, commandsOf(event.id(), byCause, state)))
                .toList();
    }

    /** Whether the event tells what a policy did. */
    static boolean isPolicy(Event event) {
        return event.type().startsWith("policy.");
    }

    private static List<CommandStory> commandsOf(
            String turnId, Map<String, List<Event>> byCause, ConversationState state) {
        Map<String, CommandStory> byKey = new LinkedHashMap<>();
        for (Event event : byCause.getOrDefault(turnId, List.of())) {
            if (!(event.payload().get("key") instanceof String key)) {
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
