package io.github.almeidatech.wppflow.flow;

/**
 * Finds the answer to a turn. Called without any transaction or lock; may block for as long as the lease, and may be
 * called again for the same turn after a crash, so it must have no lasting effect of its own that cannot be repeated.
 * Thread-safe.
 */
public interface TurnHandler {

    /** The answer. Throwing makes the engine try again later, a bounded number of times. */
    TurnResult answer(Turn turn);

    /** The answer when {@link #answer} failed for the last time: never silence, usually a person. */
    TurnResult giveUp(Turn turn, RuntimeException failure);
}
