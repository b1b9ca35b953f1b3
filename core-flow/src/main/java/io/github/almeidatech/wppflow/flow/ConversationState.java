package io.github.almeidatech.wppflow.flow;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation is waiting for at present, to be shown to people.
 *
 * @param ownership who answers, and why
 * @param waitingMessages ids of the messages without a completed turn, in order
 * @param turnDue when the next turn may be claimed; null when no message waits
 * @param turnClaimedUntil until when a worker holds the turn; null when none does
 * @param turnAttempts how many tries of this turn have begun
 * @param supersedes how many answers were dropped because the customer wrote more
 * @param commands of both lines, in the order of execution inside each
 * @param commandClaimedUntil until when a worker holds a reply; null when none does
 * @param recordClaimedUntil until when a worker holds a command of the records' line; null when none does
 */
public record ConversationState(
        Ownership ownership,
        List<Long> waitingMessages,
        @Nullable Instant turnDue,
        @Nullable Instant turnClaimedUntil,
        int turnAttempts,
        int supersedes,
        List<WaitingCommand> commands,
        @Nullable Instant commandClaimedUntil,
        @Nullable Instant recordClaimedUntil) {

    /** A conversation never seen. */
    public static final ConversationState UNSEEN =
            new ConversationState(Ownership.INITIAL, List.of(), null, null, 0, 0, List.of(), null, null);

    public ConversationState {
        waitingMessages = List.copyOf(waitingMessages);
        commands = List.copyOf(commands);
    }
}
