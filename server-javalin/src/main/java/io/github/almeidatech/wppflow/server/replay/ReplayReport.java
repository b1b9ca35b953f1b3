package io.github.almeidatech.wppflow.server.replay;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.SpendLedger;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a replay came to.
 *
 * @param conversation Chatwoot's number
 * @param turns in their recorded order
 * @param spent on models
 */
public record ReplayReport(long conversation, List<Turn> turns, SpendLedger.Amount spent) {

    public ReplayReport {
        turns = List.copyOf(turns);
    }

    /**
     * How a turn ended.
     *
     * @param outcome answered, handed_off, drafted or silent
     * @param reason why
     * @param intent what it was taken to be about; null when nobody looked
     * @param reply what the customer read; empty for nothing
     * @param sources the passages it rests on
     * @param policies those that fired, in the order of their names
     * @param commands what was to be done, as {@link io.github.almeidatech.wppflow.model.OutboundCommand#summary} tells it:
     *     the turn's own in their order, then each policy's; null when that was not written down
     */
    public record Outcome(
            String outcome,
            String reason,
            @Nullable String intent,
            String reply,
            List<String> sources,
            List<String> policies,
            @Nullable List<Object> commands) {

        /** @param firings of the policies that acted because of the turn */
        static Outcome of(Event completed, List<Event> firings) {
            List<Event> acted = firings.stream()
                    .sorted(Comparator.comparing(Outcome::policy))
                    .toList();
            Map<String, Object> payload = completed.payload();
            return new Outcome(
                    text(payload.get("outcome")),
                    text(payload.get("reason")),
                    payload.get("intent") instanceof String intent ? intent : null,
                    text(payload.get("reply")),
                    payload.get("sources") instanceof List<?> sources
                            ? sources.stream().map(String::valueOf).toList()
                            : List.of(),
                    acted.stream().map(Outcome::policy).toList(),
                    commands(completed, acted));
        }

        private static String policy(Event firing) {
            return String.valueOf(firing.payload().get("policy"));
        }

        /** Null when one of them was written down by a version that did not tell, or was erased. */
        private static @Nullable List<Object> commands(Event completed, List<Event> firings) {
            var commands = new ArrayList<Object>();
            for (Event each :
                    Stream.concat(Stream.of(completed), firings.stream()).toList()) {
                if (!(each.payload().get("commands") instanceof List<?> planned)) {
                    return null;
                }
                commands.addAll(planned);
            }
            return commands;
        }

        private static String text(@Nullable Object value) {
            return value == null ? "" : value.toString();
        }

        private List<String> differencesTo(Outcome other) {
            var differences = new ArrayList<String>();
            note(differences, "outcome", outcome, other.outcome);
            note(differences, "reason", reason, other.reason);
            note(differences, "intent", intent, other.intent);
            note(differences, "reply", reply, other.reply);
            note(differences, "sources", sources, other.sources);
            note(differences, "policies", policies, other.policies);
            if (commands != null && other.commands != null) {
                note(differences, "commands", plain(commands), plain(other.commands));
            }
            return differences;
        }

        /** Numbers come back from storage as other types than they were. */
        private static String plain(List<Object> commands) {
            return commands.toString();
        }

        private static void note(List<String> differences, String name, @Nullable Object one, @Nullable Object other) {
            if (!Objects.equals(one, other)) {
                differences.add(name);
            }
        }

        private Map<String, @Nullable Object> toPlainData() {
            var data = new LinkedHashMap<String, @Nullable Object>();
            data.put("outcome", outcome);
            data.put("reason", reason);
            data.put("intent", intent);
            data.put("reply", reply);
            data.put("sources", sources);
            data.put("policies", policies);
            data.put("commands", commands);
            return data;
        }
    }

    /**
     * A turn, then and now.
     *
     * @param completed its recorded end
     * @param skipped why it was not answered again, or null
     * @param recorded how it ended
     * @param now how it would end; null when it was skipped
     */
    public record Turn(
            Event completed,
            @Nullable String skipped,
            Outcome recorded,
            @Nullable Outcome now) {

        /** In what the outcomes differ: outcome, reason, intent, reply, sources, policies, commands. Empty when skipped. */
        public List<String> differences() {
            return now == null ? List.of() : recorded.differencesTo(now);
        }

        private Map<String, @Nullable Object> toPlainData() {
            var data = new LinkedHashMap<String, @Nullable Object>();
            data.put("turn_id", completed.causeId());
            data.put("at", completed.at().toEpochMilli());
            data.put("message_ids", Recording.messagesOf(completed));
            data.put("heard", completed.payload().get("heard"));
            data.put("skipped", skipped);
            data.put("differences", differences());
            data.put("recorded", recorded.toPlainData());
            data.put("now", now == null ? null : now.toPlainData());
            return data;
        }
    }

    /** How many turns would end otherwise. */
    public long changed() {
        return turns.stream().filter(turn -> !turn.differences().isEmpty()).count();
    }

    /** As plain data, with the words of the HTTP API. */
    public Map<String, @Nullable Object> toPlainData() {
        long skipped = turns.stream().filter(turn -> turn.now() == null).count();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("conversation_id", String.valueOf(conversation));
        data.put("turns", turns.size());
        data.put("same", turns.size() - changed() - skipped);
        data.put("changed", changed());
        data.put("skipped", skipped);
        data.put("spent", Map.of("tokens", spent.tokens(), "dollars", BigDecimal.valueOf(spent.micros(), 6)));
        data.put("outcomes", turns.stream().map(Turn::toPlainData).toList());
        return data;
    }
}
