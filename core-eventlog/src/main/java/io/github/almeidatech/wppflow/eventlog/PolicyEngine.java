package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a tenant's policies want done about events. Pure: it reads its arguments, returns a plan, and changes
 * nothing; the plan is stored together with the turn, so a crash neither loses nor repeats an action. Thread-safe.
 *
 * <p>Events that policies emit are decided in the same call. It always ends: a policy never acts on what it has itself
 * caused, directly or through others; it does not act on events that lie {@value #MAX_DEPTH} rules deep; and no more act
 * after {@value #MAX_FIRINGS} firings in one call, or {@value #MAX_FIRINGS_PER_HOUR} of one policy in a conversation and
 * hour. Each such stop is in the plan.
 */
public final class PolicyEngine {

    /** How many rules may follow each other; also counted across systems, for events that come back with their depth. */
    public static final int MAX_DEPTH = 5;

    /** How many firings one call allows. */
    public static final int MAX_FIRINGS = 50;

    /**
     * How often one policy may fire in a conversation within an hour. Ends circles that run through other systems and
     * have lost their causes there, such as a status that two sides set in turn.
     */
    public static final int MAX_FIRINGS_PER_HOUR = 60;

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
            decision.waiting.add(new Caused(event, context.causedBy()));
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
        private final List<PlannedCommand> commands = new ArrayList<>();
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
                note(idOf(policy, event), policy, event, Firing.Outcome.FAILED, null);
                return;
            }
            Firing.Outcome outcome = outcome(policy, caused);
            if (outcome != Firing.Outcome.FIRED && outcome != Firing.Outcome.SHADOWED) {
                note(idOf(policy, event), policy, event, outcome, null);
                return;
            }
            String firingId = idOf(policy, event);
            ActionPlanner planner =
                    new ActionPlanner(policy, event, context, facts, firingId, policies::maySendFrom).plan();
            note(firingId, policy, event, outcome, planner);
            if (outcome == Firing.Outcome.FIRED) {
                fired++;
                take(policy, caused, planner);
            }
        }

        /** The same each time, so that what is decided again can be recognised. */
        private static String idOf(Policy policy, Event event) {
            String names = event.tenant() + "\n" + event.id() + "\n" + policy.id();
            return UUID.nameUUIDFromBytes(names.getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        private Firing.Outcome outcome(Policy policy, Caused caused) {
            if (caused.by().contains(policy.id())) {
                return Firing.Outcome.STOPPED_LOOP;
            }
            int rules = Math.max(caused.event().depth(), context.causedBy().size());
            if (rules >= MAX_DEPTH) {
                return Firing.Outcome.STOPPED_DEPTH;
            }
            if (policy.mode() == PolicyMode.SHADOW) {
                return Firing.Outcome.SHADOWED;
            }
            boolean tooOften =
                    fired >= MAX_FIRINGS || context.firedLately().getOrDefault(policy.id(), 0) >= MAX_FIRINGS_PER_HOUR;
            return tooOften ? Firing.Outcome.STOPPED_LIMIT : Firing.Outcome.FIRED;
        }

        private void take(Policy policy, Caused caused, ActionPlanner planner) {
            planner.commands().forEach(command -> commands.add(new PlannedCommand(planner.firingId(), command)));
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
                String id, Policy policy, Event event, Firing.Outcome outcome, @Nullable ActionPlanner planner) {
            List<String> actions = planner == null ? List.of() : planner.done();
            List<String> skipped = planner == null ? List.of() : planner.skipped();
            firings.add(new Firing(policy.id(), policy.version(), event.id(), outcome, actions, skipped));
            var payload = new LinkedHashMap<String, Object>();
            payload.put("policy", policy.id());
            payload.put("policy_version", policy.version());
            payload.put("event_type", event.type());
            payload.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
            payload.put("actions", actions);
            payload.put("skipped", skipped);
            if (planner != null) {
                payload.put(
                        "commands",
                        planner.commands().stream()
                                .map(command -> command.summary(context.now()))
                                .toList());
            }
            events.add(new Event(
                    id,
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
            return new PolicyPlan(commands, events, ownership, firings);
        }
    }
}
