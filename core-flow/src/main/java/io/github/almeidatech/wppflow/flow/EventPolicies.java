package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Instant;
import java.util.List;

/**
 * What a tenant's policies want done about events. The engine asks once for every event: with the turn for those a
 * {@link TurnHandler} wrote, so that answer and actions are stored together; soon afterwards for all others. Called from
 * several threads; may block on storage.
 */
@FunctionalInterface
public interface EventPolicies {

    /** There are none. */
    EventPolicies NONE = (events, now) -> PolicyPlan.NOTHING;

    /**
     * Decides, and changes nothing.
     *
     * @param events of one tenant and one conversation, or of none; at least one, in the order in which they happened
     * @throws RuntimeException when it cannot decide now: it is asked again
     */
    PolicyPlan decide(List<Event> events, Instant now);
}
