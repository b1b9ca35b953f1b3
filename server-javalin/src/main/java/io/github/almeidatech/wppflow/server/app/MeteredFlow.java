package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowListener;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the engine does, and says what a person should know. */
final class MeteredFlow implements FlowListener {

    private static final Logger log = LoggerFactory.getLogger(MeteredFlow.class);

    private static final CommandResult.Visitor<String> OUTCOME = new CommandResult.Visitor<>() {
        @Override
        public String done(CommandResult.Done result) {
            return "done";
        }

        @Override
        public String notDone(CommandResult.NotDone result) {
            return "not_done";
        }

        @Override
        public String unclear(CommandResult.Unclear result) {
            return "unclear";
        }

        @Override
        public String refused(CommandResult.Refused result) {
            return "refused";
        }

        @Override
        public String heldBack(CommandResult.HeldBack result) {
            return "held_back";
        }
    };

    private final Metrics metrics;

    MeteredFlow(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void turnEnded(Turn turn, TurnOutcome outcome, Duration took) {
        metrics.turn(turn.conversation().tenant(), outcome.name().toLowerCase(Locale.ROOT), took);
    }

    @Override
    public void turnFailed(Turn turn, Throwable failure, boolean last) {
        log.warn("turn {} failed, attempt {}{}", turn.id(), turn.attempt(), last ? ", giving up" : "", failure);
    }

    @Override
    public void commandTried(CommandAttempt attempt, CommandResult result, boolean dead, Duration took) {
        metrics.command(attempt.conversation().tenant(), dead ? "dead" : result.accept(OUTCOME));
        if (dead) {
            log.error(
                    "command {} of conversation {} was given up: {}",
                    attempt.commandId(),
                    attempt.conversation(),
                    result);
        }
    }

    @Override
    public void policiesFired(TenantId tenant, List<Firing> firings) {
        metrics.policiesFired(tenant, firings);
    }

    @Override
    public void storeWell(boolean well) {
        if (well) {
            log.info("the store works again");
        } else {
            log.error("the store fails: nothing is taken and nothing is answered until it works");
        }
    }
}
