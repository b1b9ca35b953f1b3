package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A list of events that tells a watcher. */
final class WatchedLog implements EventLog {

    final List<Event> events = new ArrayList<>();
    private final Consumer<Event> watcher;

    WatchedLog(Consumer<Event> watcher) {
        this.watcher = watcher;
    }

    @Override
    public void append(List<Event> more) {
        events.addAll(more);
        more.forEach(watcher);
    }

    @Override
    public EventPage query(EventQuery query) {
        throw new UnsupportedOperationException("the simulation watches instead of asking");
    }

    @Override
    public Optional<Event> find(TenantId tenant, String id) {
        return events.stream().filter(event -> event.id().equals(id)).findFirst();
    }

    @Override
    public Optional<Event> arrivalOf(TenantId tenant, long messageId) {
        throw new UnsupportedOperationException("the simulation watches instead of asking");
    }

    @Override
    public List<Event> following(Event event, int limit) {
        throw new UnsupportedOperationException("the simulation watches instead of asking");
    }
}
