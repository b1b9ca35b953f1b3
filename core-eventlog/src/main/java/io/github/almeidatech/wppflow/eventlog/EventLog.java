package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import java.util.List;

/**
 * The append-only record of a tenant's events. What {@link #append} returned from survives a crash, as far as the store
 * does. Appending an id that is there already changes nothing, so repeating after an unclear result is safe.
 *
 * <p>Implementations are thread-safe and may block on storage.
 */
public interface EventLog {

    /** Writes all or none of the events. */
    void append(List<Event> events);

    /** A page of events, newest first. Never another tenant's. */
    EventPage query(EventQuery query);
}
