package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a listener's failures from the engine. */
final class GuardedListener implements FlowListener {

    private static final Logger LOG = LoggerFactory.getLogger(FlowListener.class);

    private final FlowListener listener;
    private final AtomicBoolean complained = new AtomicBoolean();

    GuardedListener(FlowListener listener) {
        this.listener = listener;
    }

    @Override
    public void accepted(InboundEvent event, Acceptance acceptance, Duration took) {
        guard(() -> listener.accepted(event, acceptance, took));
    }

    @Override
    public void turnEnded(Turn turn, TurnOutcome outcome, Duration took) {
        guard(() -> listener.turnEnded(turn, outcome, took));
    }

    @Override
    public void turnFailed(Turn turn, Throwable failure, boolean last) {
        guard(() -> listener.turnFailed(turn, failure, last));
    }

    @Override
    public void commandTried(CommandAttempt attempt, CommandResult result, boolean dead, Duration took) {
        guard(() -> listener.commandTried(attempt, result, dead, took));
    }

    @Override
    public void policiesFired(TenantId tenant, List<Firing> firings) {
        guard(() -> listener.policiesFired(tenant, firings));
    }

    @Override
    public void storeWell(boolean well) {
        guard(() -> listener.storeWell(well));
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            if (complained.compareAndSet(false, true)) {
                LOG.warn("the flow listener fails; further failures are not logged", e);
            }
        }
    }
}
