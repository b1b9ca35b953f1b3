package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What policies have done so far, as the event log tells it: what {@link PolicyContext#causedBy} and {@link
 * PolicyContext#firedLately} are filled from. Thread-safe; blocks on the log.
 */
public final class FiringHistory {

    private static final Duration LATELY = Duration.ofHours(1);
    /** Longer chains are not followed: events that deep are stopped anyway. */
    private static final int MOST_CAUSES = 20;

    private final EventLog events;

    public FiringHistory(EventLog events) {
        this.events = events;
    }

    /** The policies whose firings lie on the way from an event back to its first cause. */
    public Set<String> behind(Event event) {
        var policies = new HashSet<String>();
        String cause = event.causeId();
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            Optional<Event> found = events.find(event.tenant(), cause);
            found.map(each -> each.payload().get("policy"))
                    .filter(String.class::isInstance)
                    .ifPresent(policy -> policies.add((String) policy));
            cause = found.map(Event::causeId).orElse(null);
        }
        return policies;
    }

    /** How often each policy has fired in the event's conversation within the last hour, counting a thousand at most. */
    public Map<String, Integer> lately(Event event, Instant now) {
        ConversationId conversation = event.conversation();
        if (conversation == null) {
            return Map.of();
        }
        String fired = Firing.Outcome.FIRED.eventType();
        EventPage page = events.query(
                new EventQuery(event.tenant(), conversation, null, fired, now.minus(LATELY), null, 1000, null));
        var counts = new HashMap<String, Integer>();
        page.events()
                .forEach(firing -> counts.merge(String.valueOf(firing.payload().get("policy")), 1, Integer::sum));
        return counts;
    }
}
