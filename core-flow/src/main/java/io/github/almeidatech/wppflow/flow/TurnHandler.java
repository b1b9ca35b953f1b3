package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.FlowException;

/**
 * Finds the answer to a turn. Called without any transaction or lock; may block for as long as the lease and is then
 * interrupted. It may be called again for the same turn (the same {@link Turn#id()}) after a crash, so it must have no
 * lasting effect of its own that cannot be repeated. Thread-safe.
 */
public interface TurnHandler {

    /**
     * The answer. Throwing makes the engine try again later, a bounded number of times, and then {@link #giveUp}; at once
     * when it throws a {@link FlowException} whose code is not retryable.
     */
    TurnResult answer(Turn turn);

    /**
     * The answer when {@link #answer} failed for the last time, or every try was cut off: never silence, usually a person.
     * If this fails too it is repeated as often again; then the engine opens the conversation for people and writes a
     * {@code turn.abandoned} event.
     */
    TurnResult giveUp(Turn turn, RuntimeException failure);
}
