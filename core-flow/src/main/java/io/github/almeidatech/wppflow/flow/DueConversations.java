package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Conversations with something to claim, each tenant's in the order of their due times. Not thread-safe. */
final class DueConversations {

    private final Map<TenantId, NavigableSet<Due>> byTenant = new HashMap<>();

    private record Due(Instant at, long order, ConversationId id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** @param order among those due at the same time */
    void add(Instant at, long order, ConversationId id) {
        byTenant.computeIfAbsent(id.tenant(), missing -> new TreeSet<>()).add(new Due(at, order, id));
    }

    void remove(Instant at, long order, ConversationId id) {
        byTenant.computeIfPresent(id.tenant(), (tenant, all) -> {
            all.remove(new Due(at, order, id));
            return all.isEmpty() ? null : all;
        });
    }

    Optional<Instant> next() {
        return byTenant.values().stream().map(all -> all.first().at()).min(Comparator.naturalOrder());
    }

    /** Those that are claimed now. */
    List<ConversationId> claimable(FreeWorkers free, Instant now) {
        List<TenantId> waiting = byTenant.values().stream()
                .map(NavigableSet::first)
                .filter(due -> !due.at().isAfter(now))
                .sorted()
                .map(due -> due.id().tenant())
                .toList();
        var claimable = new ArrayList<ConversationId>();
        free.shareOut(waiting)
                .forEach((tenant, share) -> byTenant.getOrDefault(tenant, new TreeSet<>()).stream()
                        .limit(share)
                        .takeWhile(due -> !due.at().isAfter(now))
                        .forEach(due -> claimable.add(due.id())));
        return claimable;
    }
}
