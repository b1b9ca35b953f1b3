package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** An event log into which something else is written right before each write. */
final class OvertakenEventLog implements EventLog {

    private final EventLog log;
    private final Supplier<Runnable> before;

    OvertakenEventLog(EventLog log, Supplier<Runnable> before) {
        this.log = log;
        this.before = before;
    }

    @Override
    public void append(List<Event> events) {
        before.get().run();
        log.append(events);
    }

    @Override
    public EventPage query(EventQuery query) {
        return log.query(query);
    }

    @Override
    public Optional<Event> find(TenantId tenant, String id) {
        return log.find(tenant, id);
    }

    @Override
    public Optional<Event> arrivalOf(TenantId tenant, long messageId) {
        return log.arrivalOf(tenant, messageId);
    }

    @Override
    public List<Event> following(Event event, int limit) {
        return log.following(event, limit);
    }
}
