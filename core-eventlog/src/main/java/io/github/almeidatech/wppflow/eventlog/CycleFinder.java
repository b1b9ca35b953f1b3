package io.github.almeidatech.wppflow.eventlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds circles among policies: for each policy that lies on one, the shortest, and rather a certain one. Those in shadow set
 * nothing off yet: a circle through them is named beside one that goes round already only if it is surer.
 */
final class CycleFinder {

    /** For each policy which others may follow it, and whether they do so for certain. */
    private final Map<String, Map<String, Boolean>> next = new TreeMap<>();

    private final Set<String> inShadow = new HashSet<>();

    CycleFinder(List<Policy> policies) {
        List<Policy> working = policies.stream()
                .filter(policy -> policy.mode() != PolicyMode.OFF)
                .toList();
        for (Policy policy : working) {
            next.put(policy.id(), successors(policy, working));
            if (policy.mode() == PolicyMode.SHADOW) {
                inShadow.add(policy.id());
            }
        }
    }

    private static Map<String, Boolean> successors(Policy policy, List<Policy> others) {
        var successors = new LinkedHashMap<String, Boolean>();
        for (PolicyAction action : policy.actions()) {
            for (CausedEvents.Caused caused : action.accept(CausedEvents.OF)) {
                for (Policy other : others) {
                    Boolean acts = acts(other, caused);
                    if (!Boolean.FALSE.equals(acts)) {
                        successors.merge(other.id(), acts != null && caused.isCertain(), Boolean::logicalOr);
                    }
                }
            }
        }
        return successors;
    }

    /** Whether a policy will act on an event; null when that depends on what is not known yet. */
    private static @Nullable Boolean acts(Policy policy, CausedEvents.Caused caused) {
        var known = new Foreknowledge(caused);
        boolean source = policy.sources().isEmpty() || policy.sources().contains(caused.source());
        boolean sure = policy.minConfidence() == null || !known.hasNoConfidence();
        boolean entity = policy.entity() == null
                || known.entity() == null
                || policy.entity().equals(known.entity());
        if (!source || !sure || !entity || !policy.takes(caused.type())) {
            return false;
        }
        Boolean condition = foretell(policy.condition(), known);
        boolean open = policy.minConfidence() != null || policy.entity() != null && known.entity() == null;
        return Boolean.TRUE.equals(condition) && open ? null : condition;
    }

    private static @Nullable Boolean foretell(Condition condition, Foreknowledge known) {
        if (condition == Condition.ALWAYS) {
            return true;
        }
        return condition instanceof JsonLogicCondition logic ? logic.foretell(known) : null;
    }

    List<PolicyCycle> cycles() {
        var cycles = new LinkedHashMap<Set<String>, PolicyCycle>();
        for (String id : next.keySet()) {
            PolicyCycle going = through(id, inShadow);
            PolicyCycle any = through(id, Set.of());
            if (going != null) {
                cycles.putIfAbsent(Set.copyOf(going.policies()), going);
            }
            if (any != null && (going == null || any.certain() && !going.certain())) {
                cycles.putIfAbsent(Set.copyOf(any.policies()), any);
            }
        }
        return List.copyOf(cycles.values());
    }

    private @Nullable PolicyCycle through(String id, Set<String> without) {
        List<String> certain = shortestBackTo(id, true, without);
        List<String> circle = certain.isEmpty() ? shortestBackTo(id, false, without) : certain;
        return circle.isEmpty()
                ? null
                : new PolicyCycle(circle, !certain.isEmpty(), circle.stream().anyMatch(inShadow::contains));
    }

    private List<String> shortestBackTo(String start, boolean certainly, Set<String> without) {
        if (without.contains(start)) {
            return List.of();
        }
        var from = new HashMap<String, String>();
        var waiting = new ArrayDeque<>(List.of(start));
        while (!waiting.isEmpty()) {
            String here = waiting.remove();
            for (var there : next.getOrDefault(here, Map.of()).entrySet()) {
                if (certainly && !there.getValue() || without.contains(there.getKey())) {
                    continue;
                }
                if (there.getKey().equals(start)) {
                    return path(start, here, from);
                }
                if (from.putIfAbsent(there.getKey(), here) == null) {
                    waiting.add(there.getKey());
                }
            }
        }
        return List.of();
    }

    private static List<String> path(String start, String end, Map<String, String> from) {
        var path = new ArrayList<String>();
        for (String here = end; !here.equals(start); here = Objects.requireNonNull(from.get(here))) {
            path.add(0, here);
        }
        path.add(0, start);
        return path;
    }
}
