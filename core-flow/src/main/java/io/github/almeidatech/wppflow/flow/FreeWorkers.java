package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Workers that are free, and how many others each tenant keeps busy: what a claim has to know to be fair. Whatever somebody
 * has waiting, the next free worker goes to the tenant that keeps the fewest busy, so that a flood is the wait of who sends
 * it.
 *
 * @param number how many are free, at least one
 * @param busy the tenants that keep others busy, with their number; who is not in it keeps none
 * @param most how many one tenant may keep busy
 */
public record FreeWorkers(int number, Map<TenantId, Integer> busy, int most) {

    public FreeWorkers {
        if (number < 1) {
            throw new IllegalArgumentException("at least one free worker wanted, got " + number);
        }
        busy = Map.copyOf(busy);
    }

    /** Nobody keeps any busy, and one tenant may have them all. */
    public static FreeWorkers of(int number) {
        return new FreeWorkers(number, Map.of(), number);
    }

    /**
     * How many pieces of each tenant are claimed; those that get none are left out. Between tenants that keep as many busy,
     * the first of the given ones comes first. Who has less waiting than is meant for it leaves the rest to the next claim.
     *
     * @param waiting the tenants that have something due
     */
    public Map<TenantId, Integer> shareOut(Collection<TenantId> waiting) {
        var held = new HashMap<>(busy);
        var shares = new LinkedHashMap<TenantId, Integer>();
        for (int i = 0; i < number; i++) {
            waiting.stream()
                    .filter(tenant -> held.getOrDefault(tenant, 0) < most)
                    .min(Comparator.comparingInt(tenant -> held.getOrDefault(tenant, 0)))
                    .ifPresent(next -> {
                        held.merge(next, 1, Integer::sum);
                        shares.merge(next, 1, Integer::sum);
                    });
        }
        return shares;
    }
}
