package io.github.almeidatech.wppflow.flow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much waits.
 *
 * @param waitingMessages messages without a completed turn
 * @param waitingCommands commands of the replies' line that are neither done, cancelled nor dead
 * @param deadLetters commands of both lines that were given up
 * @param oldestWaiting since when the oldest of these messages and replies waits, not counting what is planned for
 *     later nor what waits for somebody else's answer; or null
 * @param waitingRecords the same as {@code waitingCommands} for the records' line: nobody in a chat waits for these
 * @param oldestRecord since when the oldest of them waits; or null
 * @param turnsElsewhere turns that wait for somebody else's answer ({@link TurnResult#waitUntil()})
 */
public record FlowStats(
        long waitingMessages,
        long waitingCommands,
        long deadLetters,
        @Nullable Instant oldestWaiting,
        long waitingRecords,
        @Nullable Instant oldestRecord,
        long turnsElsewhere) {}
