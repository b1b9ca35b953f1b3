package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * The append-only record of a tenant's events. What {@link #append} returned from survives a crash, as far as the store
 * does. Appending an id that the tenant has already changes nothing, so repeating after an unclear result is safe.
 *
 * <p>With the transaction that writes it, every event gets the next place in its tenant's hash chain ({@link
 * ChainedEvent}); also events that a flow store writes by itself. Times are kept to the millisecond.
 *
 * <p>Implementations are thread-safe and may block on storage.
 */
public interface EventLog {

    /** Writes all or none of the events, in this order. */
    void append(List<Event> events);

    /** A page of events, newest first: what was appended last comes first. Never another tenant's. */
    EventPage query(EventQuery query);

    /** The event with this id; empty also when the tenant has none such, or it was emptied. */
    Optional<Event> find(TenantId tenant, String id);

    /**
     * The event that says what came of a Chatwoot message when it arrived: the oldest {@code message.*} whose cause is its
     * id. Costs the same however many events there are; empty when there is none, or it was emptied.
     */
    Optional<Event> arrivalOf(TenantId tenant, long messageId);

    /**
     * An event and what was appended after it in its conversation, oldest first. Costs what is returned, however long the
     * conversation is.
     *
     * @param limit 1 to 1000, the event itself included
     * @return empty when the log does not have the event, or it is of no conversation
     */
    List<Event> following(Event event, int limit);
}
