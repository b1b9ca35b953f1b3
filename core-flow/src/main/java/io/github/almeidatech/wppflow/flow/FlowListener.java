package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.util.List;

/**
 * Told what the engine does, for metrics. Called on the engine's threads and, for {@link #accepted}, the caller's: must be
 * thread-safe and quick. What it throws is logged once and otherwise ignored.
 */
public interface FlowListener {

    /** Nobody listens. */
    FlowListener NONE = new FlowListener() {};

    /** An event was stored, or known already. {@code took} is how long the store needed. */
    default void accepted(InboundEvent event, Acceptance acceptance, Duration took) {}

    /** An answer was found and its storing ended this way. {@code took} is how long the handler thought. */
    default void turnEnded(Turn turn, TurnOutcome outcome, Duration took) {}

    /** The handler failed. {@code last} when it is not asked for an answer again, but to give up. */
    default void turnFailed(Turn turn, Throwable failure, boolean last) {}

    /**
     * A try of a command ended and its result is stored. {@code dead} when it became a dead letter; {@code took} is how
     * long the sender needed.
     */
    default void commandTried(CommandAttempt attempt, CommandResult result, boolean dead, Duration took) {}

    /** Policies matched events, and what came of it is stored. */
    default void policiesFired(TenantId tenant, List<Firing> firings) {}

    /** The store has begun to fail, or works again. */
    default void storeWell(boolean well) {}
}
