package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.chatwoot.CatchUpReader;
import io.github.almeidatech.wppflow.chatwoot.CatchUpReport;
import io.github.almeidatech.wppflow.chatwoot.ChatwootError;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Intake;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Reconciliation;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks for messages whose webhook was lost, at the start and every few minutes, and takes them in like any other. A run that
 * broke off is gone on with after the pause Chatwoot asked for, or else one second, doubled while nothing gets read. What was
 * written before a tenant was served for the first time is not looked at: somebody else has answered it.
 */
final class CatchUp implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CatchUp.class);
    private static final String FIRST_START = "tenant.first_start";
    /** How far Chatwoot's clock may be behind ours for what was missed to be found before answering begins. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    /** How long answering waits for what was missed while the server was down. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

    private static final Duration FIRST_LOOK_RESTORED = Duration.ofMinutes(1);
    private static final int MAX_WALKS = 3;

    private final Tenants tenants;
    private final Intake intake;
    private final EventLog events;
    private final Reconciliation reconciliation;
    private final Metrics metrics;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor threads;
    private final Map<TenantId, Instant> lastSigns = new HashMap<>();
    private final List<CountDownLatch> firstLooks = new ArrayList<>();
    private volatile boolean closing;

    /** To be made before webhooks are taken: what happened after the latest event known now was missed. */
    CatchUp(
            Tenants tenants,
            Intake intake,
            EventLog events,
            Reconciliation reconciliation,
            Metrics metrics,
            InstantSource clock) {
        this.tenants = tenants;
        this.intake = intake;
        this.events = events;
        this.reconciliation = reconciliation;
        this.metrics = metrics;
        this.clock = clock;
        this.threads = new ScheduledThreadPoolExecutor(
                2,
                work -> {
                    var thread = new Thread(work, "wppflow-catch-up");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy()); // a run that ends while we close plans no other
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        tenants.all().forEach(tenant -> lastSigns.put(tenant.id(), lastSign(tenant.id())));
    }

    private Instant lastSign(TenantId tenant) {
        return events.query(EventQuery.of(tenant, 1)).events().stream()
                .findFirst()
                .map(Event::at)
                .orElse(clock.instant());
    }

    /**
     * Writes down that tenants are served from now on, unless that was written before. To be called before webhooks are taken,
     * so that what is missed from the very first one on is looked for, whenever this process ends. Who is not in the backup
     * that was restored may have been served since it was made.
     */
    void noteFirstStarts() {
        Instant now = clock.instant();
        events.append(tenants.all().stream()
                .filter(CatchUp::isLookedAfter)
                .map(tenant -> firstStart(
                        tenant.id(),
                        reconciliation.since(tenant.id()).filter(now::isAfter).orElse(now)))
                .toList());
    }

    private static boolean isLookedAfter(Tenants.Tenant tenant) {
        return !tenant.config().chatwoot().catchUpEvery().isZero()
                && tenant.chatwoot().hasUserToken();
    }

    /** Begins to look; to be called when webhooks are being taken. */
    void start() {
        Instant listeningSince = clock.instant();
        reconciliation.begin();
        for (Tenants.Tenant tenant : tenants.all()) {
            Config.Chatwoot chatwoot = tenant.config().chatwoot();
            if (!isLookedAfter(tenant)) {
                log.info("tenant {}: missed webhooks are not looked for", tenant.id());
                continue;
            }
            Instant firstStart = firstStart(tenant.id());
            Instant lastSign = lastSigns.getOrDefault(tenant.id(), listeningSince);
            var watch = new Watch(
                    tenant,
                    reader(tenant, missedFor(tenant, lastSign, listeningSince), listeningSince),
                    reader(tenant, chatwoot.catchUpReach(), listeningSince),
                    firstStart);
            firstLooks.add(watch.firstLook);
            threads.execute(watch);
        }
    }

    private Duration missedFor(Tenants.Tenant tenant, Instant lastSign, Instant listeningSince) {
        Duration atMost = tenant.config().chatwoot().catchUpReach();
        Optional<Instant> restored = reconciliation.since(tenant.id());
        if (restored.isPresent()) { // what is older than the keys that are kept would be new again
            return shorter(
                    lost(restored.get(), listeningSince).orElse(atMost),
                    tenant.config().retention().keys());
        }
        return shorter(lost(lastSign, listeningSince).orElse(atMost), atMost);
    }

    /** Empty when that was written by a clock that was ahead. */
    private static Optional<Duration> lost(Instant since, Instant listeningSince) {
        return since.isAfter(listeningSince)
                ? Optional.empty()
                : Optional.of(Duration.between(since, listeningSince).plus(CLOCKS_APART));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** One tenant's runs, one after the other: between two of them the thread is free for other tenants. */
    private final class Watch implements Runnable {

        private final Tenants.Tenant tenant;
        private final CatchUpReader missed;
        private final CatchUpReader all;
        private final Instant firstStart;
        private final CountDownLatch firstLook = new CountDownLatch(1);
        private final CatchUpPace pace;
        private boolean brokeOff;
        private int found;
        private int failed;
        private int walks;

        Watch(Tenants.Tenant tenant, CatchUpReader missed, CatchUpReader all, Instant firstStart) {
            this.tenant = tenant;
            this.missed = missed;
            this.all = all;
            this.firstStart = firstStart;
            this.pace = new CatchUpPace(tenant.config().chatwoot().catchUpEvery());
        }

        @Override
        public void run() {
            Duration pause = tenant.config().chatwoot().catchUpEvery();
            try {
                boolean first = firstLook.getCount() > 0
                        || reconciliation.since(tenant.id()).isPresent();
                CatchUpReport report = look(first ? missed : all);
                pause = pace.after(report);
                if (first) {
                    endOfReconciliation(report);
                }
                if (first && (report.complete() || !CatchUpPace.goesOn(report))) {
                    firstLook.countDown();
                    boolean goesOn = reconciliation.since(tenant.id()).isPresent();
                    pause = report.complete() && !goesOn ? Duration.ZERO : pause;
                }
            } catch (RuntimeException e) { // the next run must come
                if (closing) { // interrupted in the middle: the next start looks again
                    log.debug("tenant {}: catching up ends", tenant.id(), e);
                } else {
                    log.error("tenant {}: catching up failed", tenant.id(), e);
                }
            }
            threads.schedule(this, pause.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** What could not be read is tried again at the next walk, though not for ever. */
        private void endOfReconciliation(CatchUpReport report) {
            found += report.missed();
            failed += report.failed();
            if (report.complete()) {
                walks++;
                if (failed == 0 || walks == MAX_WALKS) {
                    reconciliation.end(tenant.id(), found, failed);
                }
                failed = 0;
            }
        }

        private CatchUpReport look(CatchUpReader reader) {
            CatchUpReport report =
                    reader.run((conversation, message) -> intake.caughtUp(tenant, conversation, message, firstStart));
            if (report.missed() > 0) {
                metrics.caughtUp(tenant.id(), report.missed());
                log.warn("tenant {}: {} messages came without a webhook", tenant.id(), report.missed());
            }
            report.stoppedBy().ifPresent(this::tell);
            brokeOff = !report.complete() && (brokeOff || report.stoppedBy().isPresent());
            return report;
        }

        /** Loud only for the first of those that break one walk off. */
        private void tell(ChatwootError error) {
            log.atLevel(brokeOff ? Level.DEBUG : Level.WARN)
                    .log("tenant {}: catching up stopped: {}; it goes on from there", tenant.id(), error.word());
        }
    }

    private CatchUpReader reader(Tenants.Tenant tenant, Duration reach, Instant listeningSince) {
        Config.Chatwoot chatwoot = tenant.config().chatwoot();
        return CatchUpReader.builder(tenant.chatwoot())
                .inboxes(Set.copyOf(chatwoot.inboxes()))
                .reach(reach)
                .grace(chatwoot.catchUpGrace())
                .listeningSince(listeningSince)
                .clock(clock)
                .build();
    }

    /**
     * Waits until what each tenant missed while the server was down is known, or the time is over: an older message, or a
     * person's word that takes the conversation from the bot. Answering before that would be out of order, or over the
     * person.
     */
    void awaitFirstLooks() {
        Duration atMost = reconciliation.isOpen() ? FIRST_LOOK_RESTORED : FIRST_LOOK;
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            for (CountDownLatch firstLook : firstLooks) {
                if (!firstLook.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    log.warn("looking for missed messages takes long; answering begins nevertheless");
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When the tenant was served for the first time: as it is written down, if that is not in the future. */
    private Instant firstStart(TenantId tenant) {
        Instant now = clock.instant();
        return events.query(new EventQuery(tenant, null, null, FIRST_START, null, null, 1, null)).events().stream()
                .map(Event::at)
                .filter(now::isAfter)
                .findFirst()
                .orElse(now);
    }

    private static Event firstStart(TenantId tenant, Instant now) {
        String id = UUID.nameUUIDFromBytes((tenant + "/" + FIRST_START).getBytes(StandardCharsets.UTF_8))
                .toString();
        return new Event(id, tenant, null, null, FIRST_START, 1, Map.of(), Event.Source.SYSTEM, null, null, 0, now);
    }

    /** A look under way may end by itself: interrupted, it does not know whether its last message was stored. */
    @Override
    public void close() {
        closing = true;
        threads.shutdown();
        try {
            if (threads.awaitTermination(2, TimeUnit.SECONDS)) {
                return;
            }
            threads.shutdownNow();
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("catching up did not stop in time");
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
