package io.github.almeidatech.wppflow.eventlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Finds circles among policies: for each policy that lies on one, the shortest. */
final class CycleFinder {

    private final Map<String, Set<String>> next = new TreeMap<>();

    CycleFinder(List<Policy> policies) {
        for (Policy policy : policies) {
            if (policy.mode() != PolicyMode.OFF) {
                next.put(policy.id(), successors(policy, policies));
            }
        }
    }

    private static Set<String> successors(Policy policy, List<Policy> policies) {
        var successors = new LinkedHashSet<String>();
        for (PolicyAction action : policy.actions()) {
            for (CausedEvents.Caused caused : action.accept(CausedEvents.OF)) {
                policies.stream()
                        .filter(other -> other.mode() != PolicyMode.OFF && mayFollow(other, caused))
                        .forEach(other -> successors.add(other.id()));
            }
        }
        return successors;
    }

    private static boolean mayFollow(Policy policy, CausedEvents.Caused caused) {
        boolean source = policy.sources().isEmpty() || policy.sources().contains(caused.source());
        return source && policy.takes(caused.type());
    }

    List<List<String>> cycles() {
        var cycles = new LinkedHashMap<Set<String>, List<String>>();
        for (String id : next.keySet()) {
            List<String> cycle = shortestBackTo(id);
            if (!cycle.isEmpty()) {
                cycles.putIfAbsent(Set.copyOf(cycle), cycle);
            }
        }
        return List.copyOf(cycles.values());
    }

    private List<String> shortestBackTo(String start) {
        var from = new HashMap<String, String>();
        var waiting = new ArrayDeque<>(List.of(start));
        while (!waiting.isEmpty()) {
            String here = waiting.remove();
            for (String there : next.getOrDefault(here, Set.of())) {
                if (there.equals(start)) {
                    return path(start, here, from);
                }
                if (from.putIfAbsent(there, here) == null) {
                    waiting.add(there);
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
