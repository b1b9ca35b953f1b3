package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rehearsal: what policies would have done about events that have happened. It plans as the engine does and throws the
 * plans away, so it has no effect. Policies in shadow are taken as on; what policies had emitted at the time ({@code
 * emit_event}) is passed over, as they emit it again.
 */
public final class DryRun {

    private static final int SAMPLES = 20;
    private static final int DIFFERENCES = 200;
    private static final Set<String> CONSENTS = Set.of("contact.opted_out", "contact.opted_in");

    private final Policies proposed;
    private final @Nullable Policies present;
    private final Function<Event, PolicyContext> contextOf;

    private DryRun(Policies proposed, @Nullable Policies present, Function<Event, PolicyContext> contextOf) {
        this.proposed = proposed;
        this.present = present;
        this.contextOf = contextOf;
    }

    /** Rehearses policies, with nothing known but each event and its time. */
    public static DryRun of(Policies proposed) {
        return new DryRun(proposed, null, event -> PolicyContext.at(event.at()));
    }

    /**
     * Also compares them with others, usually those in force. Of these a policy in shadow is taken as on only where the
     * rehearsed one of that id is in shadow too: what begins to act is a difference, what stays watched is none.
     */
    public DryRun against(Policies present) {
        return new DryRun(proposed, present, contextOf);
    }

    /** With what was, or is, known beyond each event. */
    public DryRun knowing(Function<Event, PolicyContext> contextOf) {
        return new DryRun(proposed, present, contextOf);
    }

    /** Runs over events, each for itself, in the order given; consumes and closes the stream. Constant memory. */
    public DryRunReport over(Stream<Event> events) {
        var tally = new Tally(proposed);
        var engine = new PolicyEngine(proposed.shadowsOn());
        var other = present == null ? null : new PolicyEngine(present.commonShadowsOn(proposed));
        try (events) {
            events.filter(DryRun::isOriginal).forEach(event -> {
                PolicyContext context = contextOf.apply(event);
                PolicyPlan plan = engine.decide(List.of(event), context);
                tally.count(event, plan);
                if (other != null) {
                    tally.compare(event, plan, other.decide(List.of(event), context));
                }
            });
        }
        return tally.report();
    }

    private static boolean isOriginal(Event event) {
        boolean ofPolicy = event.source() == Event.Source.RULE && event.depth() > 0;
        boolean emitted = ofPolicy && !isConsent(event);
        return !emitted && !event.type().startsWith(PolicyEngine.OWN_EVENTS);
    }

    /** What {@code update_contact} led to: written when it was carried out, which a rehearsal does not do. */
    private static boolean isConsent(Event event) {
        return CONSENTS.contains(event.type())
                && "policy".equals(event.payload().get("by"));
    }

    /** What has been counted so far. */
    private static final class Tally {

        private final Policies policies;
        private final Map<String, Counts> counts = new TreeMap<>();
        private final List<DryRunReport.Difference> differences = new ArrayList<>();
        private long events;
        private long matched;
        private long differing;

        Tally(Policies policies) {
            this.policies = policies;
            policies.all().forEach(policy -> counts.put(policy.id(), new Counts()));
        }

        void count(Event event, PolicyPlan plan) {
            events++;
            if (!plan.firings().isEmpty()) {
                matched++;
            }
            for (Firing firing : plan.firings()) {
                counts.computeIfAbsent(firing.policyId(), key -> new Counts()).add(event, firing);
            }
        }

        void compare(Event event, PolicyPlan proposed, PolicyPlan present) {
            List<String> now = effects(present);
            List<String> then = effects(proposed);
            if (sameEffect(proposed, present)) {
                return;
            }
            differing++;
            if (differences.size() < DIFFERENCES) {
                differences.add(new DryRunReport.Difference(event.id(), event.type(), now, then));
            }
        }

        DryRunReport report() {
            var byPolicy = new LinkedHashMap<String, DryRunReport.PolicyTally>();
            counts.forEach((id, count) -> byPolicy.put(id, count.tally()));
            return new DryRunReport(events, matched, byPolicy, differing, differences, policies.cycles());
        }

        private static List<String> effects(PolicyPlan plan) {
            return plan.firings().stream()
                    .filter(firing -> firing.outcome() == Firing.Outcome.FIRED)
                    .map(firing -> firing.policyId() + ": " + String.join(", ", firing.actions()))
                    .toList();
        }

        private static boolean sameEffect(PolicyPlan one, PolicyPlan other) {
            return effects(one).equals(effects(other))
                    && one.commands().equals(other.commands())
                    && ownership(one).equals(ownership(other))
                    && emitted(one).equals(emitted(other));
        }

        private static String ownership(PolicyPlan plan) {
            OwnershipSignal signal = plan.ownership();
            return signal == null ? "" : signal.owner() + " until " + signal.until();
        }

        private static List<Object> emitted(PolicyPlan plan) {
            return plan.events().stream()
                    .filter(event -> !event.type().startsWith(PolicyEngine.OWN_EVENTS))
                    .<Object>map(event -> List.of(event.type(), event.payload()))
                    .toList();
        }
    }

    /** One policy's. */
    private static final class Counts {

        private final Map<String, Long> actions = new TreeMap<>();
        private final Map<String, Long> skipped = new TreeMap<>();
        private final List<String> samples = new ArrayList<>();
        private long fired;
        private long stopped;
        private long failed;

        void add(Event event, Firing firing) {
            switch (firing.outcome()) {
                case FIRED, SHADOWED -> fired++;
                case STOPPED_LOOP, STOPPED_DEPTH, STOPPED_LIMIT -> stopped++;
                case FAILED -> failed++;
            }
            firing.actions().forEach(action -> actions.merge(action, 1L, Long::sum));
            firing.skipped().forEach(action -> skipped.merge(action, 1L, Long::sum));
            if (samples.size() < SAMPLES && !samples.contains(event.id())) {
                samples.add(event.id());
            }
        }

        DryRunReport.PolicyTally tally() {
            return new DryRunReport.PolicyTally(fired, stopped, failed, actions, skipped, samples);
        }
    }
}
