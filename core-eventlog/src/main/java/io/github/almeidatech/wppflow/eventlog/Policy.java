package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When something happens, do something: one checked rule of a tenant. Made by {@link Policies#parse}.
 *
 * @param id unique in the tenant
 * @param version the writer's count of changes, from 1
 * @param description what it is for, in the tenant's words; may be empty
 * @param mode off, shadow or on
 * @param event an exact event type, a prefix ending in {@code .*}, or {@code *} for all
 * @param entity what the event must be about, or null for anything: the payload's {@code entity}, or else the first part
 *     of the event's type
 * @param sources who may have caused the event; empty for anybody
 * @param minConfidence 0 to 1, or null for any; an event without confidence does not reach a minimum
 * @param priority higher ones come first; equal ones in the order of their ids
 * @param condition what must hold, beyond all this
 * @param actions what is done, in this order
 */
public record Policy(
        String id,
        int version,
        String description,
        PolicyMode mode,
        String event,
        @Nullable String entity,
        Set<Event.Source> sources,
        @Nullable Double minConfidence,
        int priority,
        Condition condition,
        List<PolicyAction> actions) {

    public Policy {
        sources = Set.copyOf(sources);
        actions = List.copyOf(actions);
    }

    /** Whether its pattern takes events of that type. Events about policies themselves are never taken. */
    public boolean takes(String eventType) {
        if (eventType.startsWith(PolicyEngine.OWN_EVENTS)) {
            return false;
        }
        if (event.endsWith("*")) {
            return eventType.startsWith(event.substring(0, event.length() - 1));
        }
        return event.equals(eventType);
    }

    /** The same in another mode. */
    Policy with(PolicyMode other) {
        return new Policy(
                id, version, description, other, event, entity, sources, minConfidence, priority, condition, actions);
    }

    /** Whether everything but the condition holds. */
    boolean concerns(Event candidate, String candidateEntity) {
        Double confidence = candidate.confidence();
        return (sources.isEmpty() || sources.contains(candidate.source()))
                && (entity == null || entity.equals(candidateEntity))
                && (minConfidence == null || confidence != null && confidence >= minConfidence);
    }

    @Override
    public String toString() {
        return "Policy[" + id + " v" + version + ", " + mode.word() + ", " + event + "]";
    }
}
