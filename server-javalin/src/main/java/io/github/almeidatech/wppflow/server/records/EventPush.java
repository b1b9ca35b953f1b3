package io.github.almeidatech.wppflow.server.records;

import io.github.almeidatech.wppflow.baserow.BaserowException;
import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.jdbc.EventMirrors;
import io.github.almeidatech.wppflow.jdbc.Jobs;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens outside of turns into a tenant's events table: in the order of the chain behind a durable place in it,
 * many with one call, by one of all instances. Nobody waits for it; what Baserow does not take now is written later, each
 * event once. One thread at a time runs it; anybody may ask how it is.
 */
public final class EventPush implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(EventPush.class);
    private static final String TABLE = "event_rows";
    /** How far is read at once, and how far may be read again after a restart when nothing was wanted. */
    private static final int PAGE = 500;

    private static final int ROWS_AT_ONCE = 100;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final TenantId tenant;
    private final BaserowTables tables;
    private final Stores stores;
    private final Predicate<Event> wanted;
    private final Duration settleTime;
    private final Metrics metrics;
    private final InstantSource clock;
    private long seen;
    private Instant notBefore = Instant.EPOCH;
    private Duration pause = FIRST_PAUSE;
    private volatile String trouble = "";
    private volatile boolean stopping;

    /** Where events are, and how far they are written down. */
    public record Stores(EventArchive events, EventMirrors mirrors, Jobs jobs) {}

    /**
     * For one tenant.
     *
     * @param wanted which events
     * @param settleTime how long what was sent may take to appear
     */
    EventPush(
            TenantId tenant,
            BaserowTables tables,
            Stores stores,
            Predicate<Event> wanted,
            Duration settleTime,
            Metrics metrics,
            InstantSource clock) {
        this.tenant = tenant;
        this.tables = tables;
        this.stores = stores;
        this.wanted = wanted;
        this.settleTime = settleTime;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Takes down where to begin; what happened before is history. */
    void begin() {
        seen = stores.mirrors().position(tenant);
    }

    /** Never throws: the next run must come. */
    @Override
    public void run() {
        try {
            while (!stopping && !clock.instant().isBefore(notBefore) && step()) {
                // until there is nothing more
            }
        } catch (RuntimeException e) {
            if (stopping) {
                log.debug("tenant {}: writing events to Baserow was cut off by the stop", tenant, e);
                return;
            }
            metrics.synced(tenant, TABLE, "failed");
            log.error("tenant {}: writing events to Baserow failed", tenant, e);
            later(FIRST_PAUSE);
        }
    }

    /** Whether there may be more. */
    private boolean step() {
        List<ChainedEvent> page = stores.events().read(tenant, seen, PAGE);
        if (page.isEmpty()) {
            return false;
        }
        List<ChainedEvent> rows = wantedOf(page);
        if (rows.isEmpty()) {
            seen = last(page);
            if (page.size() == PAGE) {
                stores.mirrors().advance(tenant, seen);
            }
            return page.size() == PAGE;
        }
        Instant now = clock.instant();
        if (!stores.jobs().claim(job(), now.plusMillis(1), now, LEASE)) {
            return false;
        }
        boolean done = false;
        try {
            done = writtenByAnother(rows) || written(rows.subList(0, Math.min(ROWS_AT_ONCE, rows.size())));
            return done;
        } finally {
            if (done) {
                stores.jobs().finished(job(), clock.instant());
            } else {
                stores.jobs().failed(job());
            }
        }
    }

    private String job() {
        return "event_mirror/" + tenant;
    }

    private List<ChainedEvent> wantedOf(List<ChainedEvent> page) {
        return page.stream()
                .filter(each -> !each.isEmptied() && wanted.test(each.event()))
                .toList();
    }

    private boolean writtenByAnother(List<ChainedEvent> rows) {
        long position = stores.mirrors().position(tenant);
        if (position < rows.get(0).position()) {
            return false;
        }
        seen = Math.max(seen, position);
        return true;
    }

    private boolean written(List<ChainedEvent> rows) {
        try {
            Map<String, String> refused =
                    tables.write(rows.stream().map(ChainedEvent::event).toList());
            takeBackEmptied(rows);
            seen = last(rows);
            stores.mirrors().advance(tenant, seen);
            refused.values().stream()
                    .distinct()
                    .forEach(why -> log.warn("tenant {}: an event has no row in Baserow: {}", tenant, why));
            metrics.synced(tenant, TABLE, refused.isEmpty() ? "ok" : "refused");
            pause = FIRST_PAUSE;
            tell("");
            return true;
        } catch (BaserowException e) {
            if (stopping) {
                throw e;
            }
            metrics.synced(tenant, TABLE, e.error().word());
            later(e.error().unclear() && pause.compareTo(settleTime) < 0 ? settleTime : pause);
            tell(e.error().word());
            return false;
        }
    }

    /** Of somebody who was erased while their events were on their way. */
    private void takeBackEmptied(List<ChainedEvent> rows) {
        long before = rows.get(0).position() - 1;
        long length = last(rows) - before;
        List<String> emptied = stores.events().read(tenant, before, (int) length).stream()
                .filter(ChainedEvent::isEmptied)
                .map(each -> each.event().id())
                .filter(id -> rows.stream().anyMatch(row -> row.event().id().equals(id)))
                .toList();
        if (!emptied.isEmpty()) {
            tables.remove(emptied);
        }
    }

    private static long last(List<ChainedEvent> events) {
        return events.get(events.size() - 1).position();
    }

    private void later(Duration least) {
        notBefore = clock.instant().plus(least);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private void tell(String now) {
        if (!now.isEmpty() && trouble.isEmpty()) {
            log.warn("tenant {}: events wait to be written to Baserow: {}", tenant, now);
        } else if (now.isEmpty() && !trouble.isEmpty()) {
            log.info("tenant {}: events can be written to Baserow again", tenant);
        }
        trouble = now;
    }

    /** Begins nothing more; that what is under way is cut off now is no failure. The next start goes on. */
    void stop() {
        stopping = true;
    }

    /** What kept events from being written when it was last tried; empty for nothing. */
    String trouble() {
        return trouble;
    }
}
