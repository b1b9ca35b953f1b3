package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handler whose results hold what policies want done about them. An answer never fails because of a policy: what cannot
 * be decided with the turn is decided later.
 */
final class DecidedTurns implements TurnHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FlowEngine.class);

    private final TurnHandler handler;
    private final EventPolicies policies;
    private final InstantSource clock;

    DecidedTurns(TurnHandler handler, EventPolicies policies, InstantSource clock) {
        this.handler = handler;
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    public TurnResult answer(Turn turn) {
        return decided(handler.answer(turn));
    }

    @Override
    public TurnResult giveUp(Turn turn, RuntimeException failure) {
        return decided(handler.giveUp(turn, failure));
    }

    private TurnResult decided(TurnResult result) {
        if (result.events().isEmpty() || result.plan() != null || result.waitUntil() != null) {
            return result;
        }
        try {
            PolicyPlan plan = policies.decide(result.events(), clock.instant());
            return result.with(plan);
        } catch (RuntimeException unable) {
            LOG.warn("policies cannot decide about a turn; they are asked again later", unable);
            return result;
        }
    }
}
