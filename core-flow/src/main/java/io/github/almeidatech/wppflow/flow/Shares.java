package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * How many workers of a lane each tenant may hold, so that a flood or a slow system of one is not the others' wait. As
 * long as only one tenant was ever seen, it may hold all. Otherwise free workers go first to tenants below their equal
 * share, and nobody takes the last quarter that is kept for the next one. Thread-safe.
 */
final class Shares {

    private final int workers;
    private final Set<TenantId> seen = ConcurrentHashMap.newKeySet();

    Shares(int workers) {
        this.workers = workers;
    }

    int workers() {
        return workers;
    }

    void seen(TenantId tenant) {
        seen.add(tenant);
    }

    /** Tenants that have their equal share or more; one share is kept for whoever comes next. */
    Set<TenantId> satisfied(Map<TenantId, Integer> load) {
        if (seen.size() < 2) {
            return Set.of();
        }
        int share = Math.max(1, workers / (load.size() + 1));
        return atLeast(share, load);
    }

    /** Tenants that hold as many workers as one may. */
    Set<TenantId> full(Map<TenantId, Integer> load) {
        return atLeast(most(), load);
    }

    /** How many more may go to one tenant without making any of those below the limit exceed it. */
    int room(Map<TenantId, Integer> load) {
        int most = most();
        int busiest = load.values().stream()
                .filter(count -> count < most)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        return most - busiest;
    }

    private int most() {
        return seen.size() < 2 ? workers : workers - workers / 4;
    }

    private static Set<TenantId> atLeast(int count, Map<TenantId, Integer> load) {
        return load.entrySet().stream()
                .filter(each -> each.getValue() >= count)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
