package io.github.almeidatech.wppflow.flow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much waits.
 *
 * @param waitingMessages messages without a completed turn
 * @param waitingCommands commands neither done, cancelled nor dead
 * @param deadLetters commands that were given up
 * @param oldestWaiting since when the oldest of these messages and commands waits, not counting what is planned for
 *     later; or null
 */
public record FlowStats(
        long waitingMessages,
        long waitingCommands,
        long deadLetters,
        @Nullable Instant oldestWaiting) {}
