package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many workers of a lane each tenant may hold, so that a flood or a slow system of one is not the others' wait. As
 * long as only one tenant was ever seen, it may hold all. Otherwise nobody takes the last quarter, which is kept for the next
 * one. Thread-safe.
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

    /** @param busy what each tenant holds of those that are not free */
    FreeWorkers free(int number, Map<TenantId, Integer> busy) {
        return new FreeWorkers(number, busy, most());
    }

    /** How many one tenant may hold at present. */
    int most() {
        return seen.size() < 2 ? workers : workers - workers / 4;
    }
}
