package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a tenant's policies want done about events. Pure: it reads its arguments, returns a plan, and changes
 * nothing; the plan is stored together with the turn, so a crash neither loses nor repeats an action. Thread-safe.
 *
 * <p>Events that policies emit are decided in the same call. It always ends: a policy never acts on what it has itself
 * caused, directly or through others; it does not act on events that lie {@value #MAX_DEPTH} rules deep; and after {@value
 * #MAX_FIRINGS} firings in one call no more act. Each such stop is in the plan.
 */
public final class PolicyEngine {

    /** How many rules may follow each other; also counted across systems, for events that come back with their depth. */
    public static final int MAX_DEPTH = 5;

    /** How many firings one call allows. */
    public static final int MAX_FIRINGS = 50;

    /** What the types of events about policies begin with; policies never act on them. */
    static final String OWN_EVENTS = "policy.";

    private final Policies policies;

    public PolicyEngine(Policies policies) {
        this.policies = policies;
    }

    /** The policies it decides by. */
    public Policies policies() {
        return policies;
    }

    /** What is to be done about these events, which happened together and in this order. */
    public PolicyPlan decide(List<Event> events, PolicyContext context) {
        var decision = new Decision(context);
        for (Event event : events) {
            decision.waiting.add(new Caused(event, Set.of()));
        }
        while (!decision.waiting.isEmpty()) {
            decision.decide(decision.waiting.remove());
        }
        return decision.plan();
    }

    /** An event and the policies that had a part in causing it. */
    private record Caused(Event event, Set<String> by) {}

    /** One call. */
    private final class Decision {

        private final PolicyContext context;
        private final ArrayDeque<Caused> waiting = new ArrayDeque<>();
        private final List<OutboundCommand> commands = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private final List<Firing> firings = new ArrayList<>();
        private @Nullable OwnershipSignal ownership;
        private int fired;

        Decision(PolicyContext context) {
            this.context = context;
        }

        void decide(Caused caused) {
            Event event = caused.event();
            Map<String, Object> facts = null;
            String entity = FactBook.entityOf(event);
            for (Policy policy : policies.forType(event.type())) {
                if (policy.mode() == PolicyMode.OFF || !policy.concerns(event, entity)) {
                    continue;
                }
                if (facts == null) {
                    facts = FactBook.of(event, context);
                }
                match(policy, caused, facts);
            }
        }

        private void match(Policy policy, Caused caused, Map<String, Object> facts) {
            Event event = caused.event();
            try {
                if (!policy.condition().holds(facts)) {
                    return;
                }
            } catch (ConditionException e) {
                note(policy, event, Firing.Outcome.FAILED, List.of(), List.of());
                return;
            }
            Firing.Outcome outcome = outcome(policy, caused);
            if (outcome != Firing.Outcome.FIRED && outcome != Firing.Outcome.SHADOWED) {
                note(policy, event, outcome, List.of(), List.of());
                return;
            }
            ActionPlanner planner = new ActionPlanner(policy, event, context, facts).plan();
            note(policy, event, outcome, planner.done(), planner.skipped());
            if (outcome == Firing.Outcome.FIRED) {
                fired++;
                take(policy, caused, planner);
            }
        }

        private Firing.Outcome outcome(Policy policy, Caused caused) {
            if (caused.by().contains(policy.id())) {
                return Firing.Outcome.STOPPED_LOOP;
            }
            if (caused.event().depth() >= MAX_DEPTH) {
                return Firing.Outcome.STOPPED_DEPTH;
            }
            if (policy.mode() == PolicyMode.SHADOW) {
                return Firing.Outcome.SHADOWED;
            }
            return fired >= MAX_FIRINGS ? Firing.Outcome.STOPPED_LIMIT : Firing.Outcome.FIRED;
        }

        private void take(Policy policy, Caused caused, ActionPlanner planner) {
            commands.addAll(planner.commands());
            events.addAll(planner.emitted());
            OwnershipSignal change = planner.ownership();
            boolean stronger = ownership == null || change != null && change.owner() == Owner.HUMAN;
            if (change != null && stronger) {
                ownership = change;
            }
            var by = new HashSet<>(caused.by());
            by.add(policy.id());
            for (Event emitted : planner.emitted()) {
                waiting.add(new Caused(emitted, Set.copyOf(by)));
            }
        }

        private void note(
                Policy policy, Event event, Firing.Outcome outcome, List<String> actions, List<String> skipped) {
            firings.add(new Firing(policy.id(), policy.version(), event.id(), outcome, actions, skipped));
            var payload = new LinkedHashMap<String, Object>();
            payload.put("policy", policy.id());
            payload.put("policy_version", policy.version());
            payload.put("event_type", event.type());
            payload.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
            payload.put("actions", actions);
            payload.put("skipped", skipped);
            events.add(new Event(
                    Uuid7.at(context.now()),
                    event.tenant(),
                    event.conversation(),
                    event.personKey(),
                    outcome.eventType(),
                    1,
                    payload,
                    Event.Source.RULE,
                    null,
                    event.id(),
                    event.depth() + 1,
                    context.now()));
        }

        PolicyPlan plan() {
            return new PolicyPlan(PolicyPlan.handedOver(commands, ownership), events, ownership, firings);
        }
    }
}
