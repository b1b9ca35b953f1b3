package io.github.almeidatech.wppflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.benchmarks.EventReader.LoggedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The event log, read for what became of messages, turns and commands. */
final class Ledger {

    private final Map<String, Turn> turns = new LinkedHashMap<>();
    private final List<String> repeatedTurns = new ArrayList<>();
    private final Map<Long, Set<String>> turnsOf = new HashMap<>();
    private final Map<Long, Set<String>> silencesOf = new HashMap<>();
    private final Set<String> silencedCauses = new HashSet<>();
    private final Set<Long> ignored = new HashSet<>();
    private final Map<Long, Integer> acceptedAt = new HashMap<>();
    private final Map<Long, Instant> acceptedTime = new HashMap<>();
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private int position;

    private Ledger() {}

    /**
     * A completed turn.
     *
     * @param messages ids in the order in which they were read
     * @param reply empty for none
     */
    record Turn(String id, long conversation, List<Long> messages, String outcome, String reply) {
        Turn {
            messages = List.copyOf(messages);
        }
    }

    /**
     * A command that has ended.
     *
     * @param word such as {@code send_message}
     * @param state the event's type
     * @param externalId the message it made; 0 for none
     * @param at when it ended
     */
    record Command(String turn, long conversation, String word, String state, long externalId, Instant at) {}

    static Ledger of(List<LoggedEvent> events) {
        var ledger = new Ledger();
        events.forEach(ledger::enter);
        return ledger;
    }

    private void enter(LoggedEvent event) {
        position++;
        JsonNode payload = event.payload();
        String cause = event.causeId() == null ? event.id() : event.causeId();
        switch (event.type()) {
            case "message.received" -> {
                long id = payload.path("message_id").asLong();
                acceptedAt.putIfAbsent(id, position);
                acceptedTime.putIfAbsent(id, event.at());
            }
            case "message.ignored" -> ignored.add(payload.path("message_id").asLong());
            case "turn.completed", "turn.abandoned" -> turn(event, cause);
            case "turn.silenced" -> {
                silencedCauses.add(cause);
                ids(payload)
                        .forEach(id -> silencesOf
                                .computeIfAbsent(id, any -> new HashSet<>())
                                .add(cause));
            }
            case "command.done", "command.held_back", "command.dead_lettered", "command.discarded" ->
                commands.put(
                        payload.path("key").asText(),
                        new Command(
                                cause,
                                event.conversation(),
                                payload.path("command").asText(),
                                event.type(),
                                payload.path("external_id").asLong(),
                                event.at()));
            default -> {}
        }
    }

    private void turn(LoggedEvent event, String id) {
        JsonNode payload = event.payload();
        var turn = new Turn(
                id,
                event.conversation(),
                ids(payload),
                payload.path("outcome").asText(),
                payload.path("reply").asText());
        if (turns.put(id, turn) != null) {
            repeatedTurns.add(id);
        }
        turn.messages()
                .forEach(message ->
                        turnsOf.computeIfAbsent(message, any -> new HashSet<>()).add(id));
    }

    private static List<Long> ids(JsonNode payload) {
        var ids = new ArrayList<Long>();
        payload.path("message_ids").forEach(id -> ids.add(id.asLong()));
        return ids;
    }

    List<Turn> turns() {
        return List.copyOf(turns.values());
    }

    List<String> repeatedTurns() {
        return repeatedTurns;
    }

    /** The turns that held this message. */
    Set<String> turnsOf(long message) {
        return turnsOf.getOrDefault(message, Set.of());
    }

    /** The turns in which this message became history without an answer; its own id where it never came to a turn. */
    Set<String> silencesOf(long message) {
        return silencesOf.getOrDefault(message, Set.of());
    }

    /** Whether it left a reason when it arrived, such as that the conversation was a person's. */
    boolean wasIgnored(long message) {
        return ignored.contains(message);
    }

    /** A position that grows with each acceptance; 0 when it was never accepted. */
    int acceptedAt(long message) {
        return acceptedAt.getOrDefault(message, 0);
    }

    /** When it was accepted; null when it never was. */
    @Nullable
    Instant acceptedTime(long message) {
        return acceptedTime.get(message);
    }

    /** Whether a person came while the turn was being answered, so that its commands were dropped. */
    boolean wasTakenOver(String turn) {
        return silencedCauses.contains(turn);
    }

    boolean isHandoff(String turn) {
        @Nullable Turn known = turns.get(turn);
        return known != null && known.outcome().equals("handed_off");
    }

    /** By key. */
    Map<String, Command> commands() {
        return commands;
    }

    int heldBack() {
        return (int) commands.values().stream()
                .filter(command -> command.state().equals("command.held_back"))
                .count();
    }

    /** In the order of their completion. */
    Map<Long, List<Turn>> turnsByConversation() {
        Map<Long, List<Turn>> result = new LinkedHashMap<>();
        turns.values()
                .forEach(turn -> result.computeIfAbsent(turn.conversation(), any -> new ArrayList<>())
                        .add(turn));
        return result;
    }

    /** What was carried out, in that order. */
    Map<Long, List<Command>> doneByConversation() {
        Map<Long, List<Command>> result = new LinkedHashMap<>();
        commands.values().stream()
                .filter(command -> command.state().equals("command.done"))
                .forEach(command -> result.computeIfAbsent(command.conversation(), any -> new ArrayList<>())
                        .add(command));
        return result;
    }
}
