package io.github.almeidatech.wppflow.server.explain;

import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.server.explain.TurnStory.CommandStory;
import io.github.almeidatech.wppflow.server.explain.TurnStory.Fate;
import io.github.almeidatech.wppflow.server.explain.Verdict.Code;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what became of a message. The first case that holds. */
final class Judge {

    private static final String RECEIVED = "message.received";
    private static final String IGNORED = "message.ignored";
    private static final String FAILED = "message.failed";

    private final List<Event> timeline;
    private final List<TurnStory> turns;
    private final ConversationState state;
    private final boolean complete;
    private final boolean known;
    private final Instant now;

    /**
     * A judge of what a timeline shows.
     *
     * @param complete whether the timeline has every event that is kept
     * @param known whether anything of the conversation has ever arrived, as far as is still known
     */
    Judge(
            List<Event> timeline,
            List<TurnStory> turns,
            ConversationState state,
            boolean complete,
            boolean known,
            Instant now) {
        this.timeline = timeline;
        this.turns = turns;
        this.state = state;
        this.complete = complete;
        this.known = known;
        this.now = now;
    }

    /** About one message, or about the customer's latest one. */
    Verdict about(@Nullable Long wanted) {
        Event arrival = null;
        for (Event event : timeline) {
            boolean arrived = event.type().equals(RECEIVED) || event.type().equals(IGNORED);
            if (arrived && (wanted == null || Consequences.isArrival(event, wanted))) {
                arrival = event;
            }
        }
        Long message = wanted;
        if (message == null && arrival != null && arrival.payload().get("message_id") instanceof Number id) {
            message = id.longValue();
        }
        if (arrival != null && arrival.type().equals(IGNORED)) {
            return Verdict.of(Code.IGNORED, message, text(arrival, "reason"), arrival.at());
        }
        if (message == null) {
            boolean cut =
                    !complete || known || arrival != null || timeline.stream().anyMatch(Judge::followsMessage);
            return Verdict.of(cut ? Code.HISTORY_CUT : Code.NOTHING_ARRIVED, null, null, null);
        }
        return state.waitingMessages().contains(message) ? waiting(message) : ended(message, arrival);
    }

    /** Turns, and what they lead to, begin with a message. */
    private static boolean followsMessage(Event event) {
        return event.type().startsWith("turn.") || event.type().startsWith("command.");
    }

    private Verdict waiting(Long message) {
        Instant due = state.turnDue();
        if (state.turnClaimedUntil() != null && state.turnClaimedUntil().isAfter(now)) {
            return Verdict.of(Code.ANSWERING, message, null, null);
        }
        return state.turnAttempts() > 0
                ? new Verdict(Code.FAILING, message, null, due, state.turnAttempts(), List.of())
                : Verdict.of(Code.WAITING, message, null, due);
    }

    private Verdict ended(Long message, @Nullable Event arrival) {
        TurnStory last = null;
        for (TurnStory turn : turns) {
            if (turn.messageIds().contains(message)) {
                last = turn;
            }
        }
        for (Event event : timeline) {
            if (last != null && last.decided().at().isAfter(event.at())) {
                continue; // it was answered after all
            }
            if (event.type().equals(FlowEvents.TURN_SILENCED) && ids(event).contains(message)) {
                boolean answerWasThere =
                        turns.stream().anyMatch(turn -> turn.turnId().equals(event.causeId()));
                return Verdict.of(
                        answerWasThere ? Code.HELD_BACK : Code.HUMAN_OWNED, message, text(event, "reason"), event.at());
            }
            if (event.type().equals(FlowEvents.TURN_ABANDONED) && ids(event).contains(message)) {
                return Verdict.of(Code.ABANDONED, message, text(event, "error"), event.at());
            }
        }
        if (last != null) {
            return decided(message, last);
        }
        return Verdict.of(Code.FORGOTTEN, message, null, arrival == null ? null : arrival.at());
    }

    private Verdict decided(Long message, TurnStory turn) {
        Code code = switch (turn.said("outcome")) {
            case "drafted" -> Code.DRAFTED;
            case "handed_off" -> Code.HANDED_OFF;
            case "silent" -> Code.SILENT;
            default -> Code.ANSWERED;
        };
        String reason = turn.said("reason");
        Instant at = turn.decided().at();
        int attempts = 0;
        if (code == Code.ANSWERED || code == Code.HANDED_OFF) {
            CommandStory worst = worst(turn.commands());
            if (worst != null && !(code == Code.HANDED_OFF && worst.fate() == Fate.HELD_BACK)) {
                code = code(worst.fate());
                reason = worst.reason() == null ? "" : worst.reason();
                at = worst.at();
                attempts = worst.attempts() == null ? 0 : worst.attempts();
            }
        }
        Event undelivered = code == Code.ANSWERED ? undelivered(turn) : null;
        if (undelivered != null) {
            String error = text(undelivered, "error");
            code = Code.UNDELIVERED;
            reason = error == null ? String.valueOf(text(undelivered, "reason")) : error;
            at = undelivered.at();
        }
        List<String> failed = turn.commands().stream()
                .filter(command -> command.fate() == Fate.DEAD_LETTER)
                .map(command -> command.command() + ": " + command.reason())
                .toList();
        return new Verdict(code, message, reason.isEmpty() ? null : reason, at, attempts, failed);
    }

    /** What tells that a part of the answer did not reach the customer; null when nothing does. */
    private @Nullable Event undelivered(TurnStory turn) {
        for (Event event : timeline) {
            if (event.type().equals(FAILED) && turn.turnId().equals(event.causeId())) {
                return event;
            }
        }
        return null;
    }

    /** The command for the customer's eyes that kept the answer from arriving; null when all arrived. */
    private static @Nullable CommandStory worst(List<CommandStory> commands) {
        for (Fate fate : List.of(Fate.DEAD_LETTER, Fate.HELD_BACK, Fate.DISCARDED, Fate.UNCLEAR, Fate.WAITING)) {
            for (CommandStory command : commands) {
                if (command.speaks() && command.fate() == fate) {
                    return command;
                }
            }
        }
        return null;
    }

    private static Code code(Fate fate) {
        return switch (fate) {
            case DEAD_LETTER -> Code.NOT_SENT;
            case HELD_BACK -> Code.HELD_BACK;
            case DISCARDED -> Code.DISCARDED;
            case UNCLEAR -> Code.UNCLEAR;
            case WAITING -> Code.SENDING;
            case DONE -> Code.ANSWERED;
        };
    }

    private static @Nullable String text(Event event, String key) {
        return event.payload().get(key) instanceof String text ? text : null;
    }

    /** The messages an event is about. */
    static List<Long> ids(Event event) {
        return event.payload().get("message_ids") instanceof List<?> ids
                ? ids.stream()
                        .filter(Number.class::isInstance)
                        .map(id -> ((Number) id).longValue())
                        .toList()
                : List.of();
    }
}
