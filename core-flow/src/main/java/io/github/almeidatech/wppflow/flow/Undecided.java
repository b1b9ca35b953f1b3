package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;

/**
 * Events of a tenant that its policies have not been asked about, in the order of the log.
 *
 * @param after the place in the log up to which everything is decided
 * @param upTo the place up to which everything will be, with these
 * @param events what lies between and wants deciding; may be empty
 */
public record Undecided(TenantId tenant, long after, long upTo, List<Event> events) {

    public Undecided {
        events = List.copyOf(events);
    }

    @Override
    public String toString() {
        return "Undecided[" + tenant + ", " + after + " to " + upTo + ", " + events.size() + " events]";
    }
}
