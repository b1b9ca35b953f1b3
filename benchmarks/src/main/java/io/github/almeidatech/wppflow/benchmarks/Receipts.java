package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.Delivery;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What became of the webhooks about customers' messages, collected before the simulated Chatwoot forgets. */
final class Receipts {

    private final SimulatedChatwoot chatwoot;
    private final Set<String> seen = new HashSet<>();
    private final Map<Long, Instant> acknowledged = new HashMap<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private int attempts;
    private int answeredWell;

    Receipts(SimulatedChatwoot chatwoot) {
        this.chatwoot = chatwoot;
    }

    /**
     * To be called before 5,000 more deliveries have been attempted.
     *
     * @param until the latest moment at which the server can have answered what is collected now
     */
    void collect(Instant until) {
        for (Delivery delivery : chatwoot.webhooks().attempts()) {
            Long message = delivery.messageId();
            String attempt = delivery.deliveryId() + "/" + delivery.attempt();
            if (!seen.add(attempt)) {
                continue;
            }
            if (delivery.attempt() > 0) { // else the simulated Chatwoot has lost it on purpose
                statuses.merge(delivery.status(), 1, Integer::sum);
            }
            if (message == null || !delivery.event().equals("message_created")) {
                continue;
            }
            if (delivery.json().path("message_type").asText().equals("incoming")) {
                attempts++;
                if (delivery.status() / 100 == 2) {
                    answeredWell++;
                    acknowledged.putIfAbsent(message, until);
                }
            }
        }
    }

    /** Ids of the customers' messages for which a webhook was answered 2xx, each with a time by which that had happened. */
    Map<Long, Instant> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    /** How often which status was answered to webhooks of any kind; 0 where no answer came. */
    Map<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    int attempts() {
        return attempts;
    }

    int answeredWell() {
        return answeredWell;
    }
}
