package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.FlowException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of asking policies about what has happened, without threads or waiting, so that the simulation can stop
 * between rounds. Deciding and storing are apart: a crash between them decides again, a second process is too late.
 */
final class PolicyStep {

    private static final Logger LOG = LoggerFactory.getLogger(FlowEngine.class);

    static final int BATCH = 200;

    private final FlowStore store;
    private final EventPolicies policies;
    private final InstantSource clock;
    private final FlowListener listener;
    private final Runnable commandsWait;
    /** Something could not be stored: from now on event by event, until that is behind us. */
    private boolean careful;

    PolicyStep(
            FlowStore store,
            EventPolicies policies,
            InstantSource clock,
            FlowListener listener,
            Runnable commandsWait) {
        this.store = store;
        this.policies = policies;
        this.clock = clock;
        this.listener = listener;
        this.commandsWait = commandsWait;
    }

    /** Decided and not yet stored. */
    record Decided(Undecided batch, List<PolicyPlan> plans) {}

    /**
     * Asks about the oldest undecided events of each tenant and stores the answers. True when there may be more.
     *
     * @throws RuntimeException the store's failure; what is not stored will be decided again
     */
    boolean run() {
        int max = careful ? 1 : BATCH;
        boolean more = false;
        for (Undecided batch : store.undecided(max)) {
            finish(decide(batch));
            more |= batch.events().size() >= max;
        }
        careful &= more;
        return more;
    }

    /** Asks about each event of a batch. */
    Decided decide(Undecided batch) {
        Instant now = clock.instant();
        var plans = new ArrayList<PolicyPlan>();
        for (Event event : batch.events()) {
            plans.add(decide(event, now));
        }
        return new Decided(batch, plans);
    }

    private PolicyPlan decide(Event event, Instant now) {
        try {
            return policies.decide(List.of(event), now);
        } catch (FlowException unable) {
            throw unable;
        } catch (RuntimeException broken) {
            LOG.error("policies cannot decide about {}; it is passed over", event, broken);
            return FlowEvents.undecidable(event, broken, now);
        }
    }

    /** Stores it. One plan that cannot be stored does not hold up the others. */
    void finish(Decided decided) {
        try {
            if (store.decide(decided.batch(), decided.plans(), clock.instant())) {
                decided.plans().forEach(this::stored);
            }
        } catch (FlowException failing) {
            careful = true;
            throw failing;
        } catch (RuntimeException broken) {
            if (!careful) {
                careful = true;
                throw broken;
            }
            LOG.error("what policies want cannot be stored: {}; it is passed over", decided.batch(), broken);
            Instant now = clock.instant();
            List<PolicyPlan> given = decided.batch().events().stream()
                    .map(event -> FlowEvents.undecidable(event, broken, now))
                    .toList();
            store.decide(decided.batch(), given, now);
        }
    }

    private void stored(PolicyPlan plan) {
        if (!plan.firings().isEmpty()) {
            listener.policiesFired(plan.events().get(0).tenant(), plan.firings());
        }
        if (!plan.planned().isEmpty()) {
            commandsWait.run();
        }
    }
}
