package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The event log as a whole: read in the order of its chain, verified, and relieved of personal data. Implemented beside
 * {@link EventLog} over the same events. Thread-safe; may block on storage.
 *
 * <p>Emptying an event removes its content and its salt for good ({@link ChainedEvent#emptied()}); type, time, source,
 * depth and its place in the chain stay, so the chain still verifies.
 */
public interface EventArchive {

    /**
     * The next events of a tenant in the order of the chain.
     *
     * @param after the position of the last one known; 0 to begin
     * @param limit 1 to 10,000
     */
    List<ChainedEvent> read(TenantId tenant, long after, int limit);

    /**
     * Empties everything about a person: the events with that key, and those without any key in the conversations of such
     * events. Idempotent; when interrupted, repeating it does the rest (so the events with the key come last).
     *
     * @return how many were emptied by this call
     */
    long erase(TenantId tenant, String personKey);

    /**
     * Empties events that are older than they need to be.
     *
     * @param type an exact type, a prefix ending in {@code .*}, or null for all
     * @param before events at or after this time stay
     * @return how many were emptied by this call
     */
    long expire(TenantId tenant, @Nullable String type, Instant before);

    /** Checks the whole chain of a tenant; takes time in proportion to its events and constant memory. */
    default Verification verify(TenantId tenant) {
        return ChainVerifier.verify(stream(tenant), null);
    }

    /**
     * Checks the whole chain, and that it continues what was noted before: without such a note, a chain cut short or
     * rewritten from some place on looks intact.
     */
    default Verification verify(TenantId tenant, Verification.Intact noted) {
        return ChainVerifier.verify(stream(tenant), noted);
    }

    /** All events of a tenant in the order of the chain, read in pages while the stream is consumed. */
    default Stream<ChainedEvent> stream(TenantId tenant) {
        var pages = new Iterator<ChainedEvent>() {
            private final ArrayDeque<ChainedEvent> page = new ArrayDeque<>();
            private long after;

            @Override
            public boolean hasNext() {
                if (page.isEmpty()) {
                    page.addAll(read(tenant, after, 1000));
                }
                return !page.isEmpty();
            }

            @Override
            public ChainedEvent next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                ChainedEvent next = page.remove();
                after = next.position();
                return next;
            }
        };
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }
}
