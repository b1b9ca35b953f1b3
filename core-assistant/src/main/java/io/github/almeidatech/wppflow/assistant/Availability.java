package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import java.util.Set;

/** Who of several people can take a conversation now. Asked at a handoff only; may block for a short call. Thread-safe. */
@FunctionalInterface
public interface Availability {

    /** Not known: everybody. */
    Availability UNKNOWN = (tenant, agents) -> Set.copyOf(agents);

    /**
     * Those who are there. Does not fail: when it cannot be known, everybody.
     *
     * @param agents the ids of the people in question
     * @return empty when nobody is there; then everybody has their turn
     */
    Set<Long> of(TenantId tenant, List<Long> agents);
}
