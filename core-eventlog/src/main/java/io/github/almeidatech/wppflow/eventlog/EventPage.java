package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of an answer.
 *
 * @param events newest first
 * @param nextCursor to be given with the same query for the following page; null at the end
 */
public record EventPage(List<Event> events, @Nullable String nextCursor) {

    public EventPage {
        events = List.copyOf(events);
    }
}
