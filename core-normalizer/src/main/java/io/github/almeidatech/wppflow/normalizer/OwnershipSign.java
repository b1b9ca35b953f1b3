package io.github.almeidatech.wppflow.normalizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery says about who answers from now on.
 *
 * <p>That a conversation is pending makes it the bot's only when it <em>became</em> pending: a person may have written in a
 * pending one, and then nothing in Chatwoot changes but the bot must be silent. A person's ownership lasts for the pause
 * after the last sign of it, and every message delivered while Chatwoot says so is another sign; so neither a lost status
 * event nor a release that does not send them silences the bot for ever. For the same reason {@code #bot off} pauses without end
 * only when it is heard at once: of one that is found later nobody knows what has become of the conversation since, so it is a
 * sign of a person like any other, which no earlier pause is shortened by. {@code #bot off 2h} says itself when it ends.
 *
 * @param at when it became so
 * @param pausedFrom from when the pause is counted; null when it has no end or the owner is the bot
 * @param pause how long it is, where that was said; null for the tenant's
 * @param spoken a person has spoken to the customer
 */
record OwnershipSign(
        Owner owner,
        Instant at,
        @Nullable Instant pausedFrom,
        @Nullable Duration pause,
        String reason,
        boolean spoken) {

    /** A state read a moment ago holds at least until it has been stored. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

    /** A note found within this time was found before its webhook came. */
    private static final Duration AT_ONCE = Duration.ofMinutes(1);

    /** What stands behind {@code off} and is no time is a remark: whoever writes it wants silence. */
    private static final Pattern COMMAND = Pattern.compile("\\\\?#bot\\s{1,10}(on|off(?:\\s.*)?)");

    private static final Pattern OFF_FOR =
            Pattern.compile("off\\s{1,10}([1-9]\\d{0,2})\\s{0,3}(m|min|minutos?|h|horas?|d|dias?)");

    private OwnershipSign(Owner owner, Instant at, @Nullable Instant pausedFrom, String reason, boolean spoken) {
        this(owner, at, pausedFrom, null, reason, spoken);
    }

    OwnershipSignal signal(Duration humanPause) {
        if (humanPause.isNegative()) {
            throw new IllegalArgumentException("a pause that is not negative wanted, got " + humanPause);
        }
        if (pausedFrom == null) {
            return new OwnershipSignal(owner, at, null, reason, spoken);
        }
        if (pause != null) {
            return new OwnershipSignal(owner, at, pausedFrom.plus(pause), reason, spoken);
        }
        boolean tooShort = !spoken && humanPause.compareTo(SHORTEST_PAUSE) < 0;
        return new OwnershipSignal(owner, at, pausedFrom.plus(tooShort ? SHORTEST_PAUSE : humanPause), reason, spoken);
    }

    /**
     * @param arrival when we read it
     * @param found by ourselves, because its webhook may have been lost, and others with it
     */
    static @Nullable OwnershipSign ofMessage(
            Reason reason,
            MessageFacts message,
            ConversationFacts conversation,
            Instant sentAt,
            Instant arrival,
            boolean found) {
        if (reason == Reason.HUMAN_AGENT_MESSAGE) {
            return new OwnershipSign(Owner.HUMAN, sentAt, sentAt, reason.word(), true);
        }
        if (reason == Reason.HUMAN_OWNED) {
            return person(later(sentAt, conversation.changedAt()), arrival, reason.word());
        }
        return reason == Reason.PRIVATE_NOTE && message.senderKind() == SenderKind.USER
                ? ofCommand(message.content(), sentAt, found && sentAt.isBefore(arrival.minus(AT_ONCE)))
                : null;
    }

    private static @Nullable OwnershipSign ofCommand(String note, Instant at, boolean late) {
        String line = note.strip().lines().findFirst().orElse("").strip().toLowerCase(Locale.ROOT);
        var command = COMMAND.matcher(line);
        if (!command.matches()) {
            return null;
        }
        if (command.group(1).equals("on")) {
            return new OwnershipSign(Owner.BOT, at, null, "bot_on_command", false);
        }
        var limit = OFF_FOR.matcher(command.group(1));
        if (limit.matches()) {
            return new OwnershipSign(Owner.PAUSED, at, at, pause(limit), "bot_off_command", false);
        }
        return late
                ? new OwnershipSign(Owner.HUMAN, at, at, "bot_off_command", false)
                : new OwnershipSign(Owner.PAUSED, at, null, "bot_off_command", false);
    }

    private static Duration pause(Matcher limit) {
        long number = Long.parseLong(limit.group(1));
        return switch (limit.group(2).charAt(0)) {
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    static @Nullable OwnershipSign ofEvent(
            String event, Fields body, ConversationFacts conversation, boolean pendingIsTheBots, Instant arrival) {
        Instant at = conversation.changedAt() == null ? arrival : conversation.changedAt();
        Set<String> changed = changed(body, event);
        if (changed.contains("status")) {
            return ofStatus(conversation, pendingIsTheBots, at, arrival, previousStatus(body));
        }
        if (!changed.contains("assignee_id") && !changed.contains("assignee_agent_bot_id")) {
            return null;
        }
        return switch (conversation.assignedTo()) {
            case USER -> isResolved(conversation) ? null : person(at, arrival, "person_assigned");
            case AGENT_BOT ->
                isTheBotsState(conversation, pendingIsTheBots)
                        ? new OwnershipSign(Owner.BOT, at, null, "bot_assigned", false)
                        : null;
            case CONTACT, CAPTAIN_ASSISTANT, NONE -> null;
        };
    }

    private static @Nullable OwnershipSign ofStatus(
            ConversationFacts conversation,
            boolean pendingIsTheBots,
            Instant at,
            Instant arrival,
            @Nullable String previous) {
        if (conversation.status() == null) {
            return null;
        }
        return switch (conversation.status()) {
            case PENDING -> new OwnershipSign(Owner.BOT, at, null, "conversation_pending", false);
            case RESOLVED -> new OwnershipSign(Owner.CLOSED, at, null, "conversation_resolved", false);
            case SNOOZED -> pendingIsTheBots ? person(at, arrival, "conversation_snoozed") : null;
            case OPEN -> {
                if (conversation.assignedToPerson()) {
                    yield person(at, arrival, "person_assigned");
                }
                boolean unattended = !conversation.hasTeam()
                        && conversation.customerSpokeLast()
                        && (previous == null || previous.equals("pending"));
                yield pendingIsTheBots
                        ? person(at, arrival, unattended ? "conversation_opened_unattended" : "conversation_opened")
                        : null;
            }
        };
    }

    private static OwnershipSign person(Instant at, Instant arrival, String reason) {
        return new OwnershipSign(Owner.HUMAN, at, later(at, arrival), reason, false);
    }

    private static boolean isResolved(ConversationFacts conversation) {
        return conversation.status() == ConversationStatus.RESOLVED;
    }

    private static boolean isTheBotsState(ConversationFacts conversation, boolean pendingIsTheBots) {
        return pendingIsTheBots ? conversation.status() == ConversationStatus.PENDING : !isResolved(conversation);
    }

    private static Instant later(Instant one, @Nullable Instant two) {
        return two != null && two.isAfter(one) ? two : one;
    }

    /** Which attributes the event says have changed: by its name, or by its list. */
    private static Set<String> changed(Fields body, String event) {
        return switch (event) {
            case "conversation_status_changed", "conversation_opened", "conversation_resolved" -> Set.of("status");
            case "conversation_updated" -> {
                Set<String> names = new TreeSet<>();
                body.objects("changed_attributes", 200)
                        .forEach(each -> each.node().fieldNames().forEachRemaining(names::add));
                yield names;
            }
            default -> Set.of();
        };
    }

    private static @Nullable String previousStatus(Fields body) {
        for (JsonNode each : body.node().path("changed_attributes")) {
            JsonNode previous = each.path("status").path("previous_value");
            if (previous.isTextual()) {
                return previous.textValue();
            }
        }
        return null;
    }
}
