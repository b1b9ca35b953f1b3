package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.EventReader.LoggedEvent;
import io.github.almeidatech.wppflow.chatwoot.NewMessage;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When the server was killed. A run in which no kill met work proves nothing: {@link #met} tells. */
final class Kills {

    private final List<Instant> all = new ArrayList<>();
    private int starting;

    /** Notes a kill. */
    void add(Instant at, boolean whileStarting) {
        all.add(at);
        starting += whileStarting ? 1 : 0;
    }

    /** The last one; at least one is needed. */
    Instant last() {
        return all.get(all.size() - 1);
    }

    int number() {
        return all.size();
    }

    /** How many came before the server was ready, and so into its recovery. */
    int whileStarting() {
        return starting;
    }

    /**
     * What the kills met; one may meet several.
     *
     * @param work kills with any of these
     * @param turns kills while an accepted message had not been answered for
     * @param commands kills while commands of a completed turn had not been carried out
     * @param unrecorded kills after a message was created in Chatwoot and before that was written down: the case in which
     *     only reading back keeps it from being sent twice
     * @param answering kills of a server that had said something since the kill before: others have only met what was there
     */
    record Met(int work, int turns, int commands, int unrecorded, int answering) {}

    /** Compares the times of the kills with those of the work. */
    Met met(Evidence evidence) {
        var turns = new ArrayList<Span>();
        var commands = new ArrayList<Span>();
        var unrecorded = new ArrayList<Span>();
        Map<Long, Instant> accepted = new HashMap<>();
        Map<String, Instant> completed = new HashMap<>();
        Map<String, Instant> created = new HashMap<>();
        for (ChatMessage message : evidence.messages()) {
            created.put(message.contentAttributes().path(NewMessage.KEY).asText(), message.at());
        }
        for (LoggedEvent event : evidence.events()) {
            String cause = event.causeId() == null ? "" : event.causeId();
            switch (event.type()) {
                case "message.received" ->
                    accepted.put(event.payload().path("message_id").asLong(), event.at());
                case "turn.completed", "turn.silenced" -> {
                    completed.put(cause, event.at());
                    event.payload()
                            .path("message_ids")
                            .forEach(id -> add(turns, accepted.get(id.asLong()), event.at()));
                }
                case "command.done", "command.held_back" -> {
                    add(commands, completed.get(cause), event.at());
                    add(unrecorded, created.get(event.payload().path("key").asText()), event.at());
                }
                default -> {}
            }
        }
        var work = new ArrayList<>(turns);
        work.addAll(commands);
        created.remove("");
        return new Met(
                meeting(work), meeting(turns), meeting(commands), meeting(unrecorded), answering(created.values()));
    }

    private int answering(Collection<Instant> said) {
        int answering = 0;
        Instant before = Instant.MIN;
        for (Instant kill : all) {
            Instant since = before;
            if (said.stream().anyMatch(at -> at.isAfter(since) && !at.isAfter(kill))) {
                answering++;
            }
            before = kill;
        }
        return answering;
    }

    private int meeting(List<Span> spans) {
        return (int) all.stream()
                .filter(kill -> spans.stream().anyMatch(span -> span.holds(kill)))
                .count();
    }

    private static void add(List<Span> spans, @Nullable Instant from, Instant until) {
        if (from != null) {
            spans.add(new Span(from, until));
        }
    }

    private record Span(Instant from, Instant until) {
        boolean holds(Instant instant) {
            return !instant.isBefore(from) && instant.isBefore(until);
        }
    }
}
