package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.Expired;
import io.github.almeidatech.wppflow.jdbc.Jobs;
import io.github.almeidatech.wppflow.jdbc.Retention;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.github.almeidatech.wppflow.server.erasure.Offboarding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done besides answering: every night what is older than it may be is removed, requests to be forgotten that could
 * not be finished are gone on with, and what is left of tenants that nobody is configured for any more goes after its time.
 * Of all instances on a database, one does it. Owns its thread.
 */
public final class Housekeeping implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final Duration REPEAT_ERASURES_EVERY = Duration.ofMinutes(2);
    /** When a night was missed. */
    private static final Duration OVERDUE = Duration.ofHours(26);
    /** Longer than any of it takes; whoever dies leaves the rest to the next. */
    private static final Duration LEASE = Duration.ofHours(1);
    /** Somebody waits for it, and doing it twice at once is harmless: another instance need not wait for one that has died. */
    private static final Duration ERASURES_LEASE = Duration.ofMinutes(2);

    private static final String ERASURES = "erasures";

    private final Map<TenantId, Config.Tenant> served;
    private final Set<TenantId> configured;

    private final Duration removedKept;
    private final Database database;
    private final Jobs jobs;
    private final Offboarding offboarding;
    private final Erasure erasure;
    private final Audit audit;
    private final Metrics metrics;
    private final InstantSource clock;
    private final ScheduledExecutorService thread;

    /**
     * @param served whose data grows old by their settings
     * @param configured every tenant of the configuration, also one that is not served: its data stays as it is, as its
     *     settings are not known to be right
     * @param removedKept how long the data of a tenant stays that no instance knows any more; zero for ever */
    Housekeeping(
            Map<TenantId, Config.Tenant> served,
            Set<TenantId> configured,
            Duration removedKept,
            Database database,
            Offboarding offboarding,
            Erasure erasure,
            Audit audit,
            Metrics metrics,
            InstantSource clock) {
        this.served = Map.copyOf(served);
        this.configured = Set.copyOf(configured);
        this.removedKept = removedKept;
        this.database = database;
        this.jobs = database.jobs();
        this.offboarding = offboarding;
        this.erasure = erasure;
        this.audit = audit;
        this.metrics = metrics;
        this.clock = clock;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            var daemon = new Thread(work, "wppflow-housekeeping");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** Begins, with what an earlier process has left. */
    void start() {
        for (TenantId tenant : served.keySet()) {
            metrics.watchRetention(
                    tenant, () -> jobs.lastFinished(retention(tenant)).orElse(null), clock);
        }
        jobs.recover(ERASURES);
        served.keySet().forEach(tenant -> jobs.recover(retention(tenant)));
        thread.execute(() -> job(ERASURES, clock.instant(), erasure::resume));
        thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does what is due; never throws. */
    void look() {
        Instant now = clock.instant();
        job(ERASURES, now.minus(REPEAT_ERASURES_EVERY), erasure::resume);
        served.forEach((tenant, settings) ->
                job(retention(tenant), lastNight(settings, now), () -> expire(tenant, settings.retention())));
        configured.forEach(tenant -> job(Offboarding.presence(tenant), now.minus(Offboarding.LOOK_EVERY), () -> {}));
        if (!removedKept.isZero()) {
            job("removed_tenants", now.minus(Offboarding.LOOK_EVERY), this::eraseRemovedTenants);
        }
    }

    /** Goes on with erasures now instead of within minutes, or after a stop at the next start; does not wait for them. */
    void eraseSoon() {
        try {
            thread.execute(() -> job(ERASURES, clock.instant().plusMillis(1), erasure::resume));
        } catch (RejectedExecutionException e) {
            log.debug("what was taken down is erased after the next start", e);
        }
    }

    /** When retention was last applied, to the one of these tenants for whom that is the longest ago. */
    String lastRetention(Predicate<TenantId> shown) {
        String oldest = "";
        Instant at = Instant.MAX;
        try {
            for (TenantId tenant : served.keySet()) {
                if (!shown.test(tenant)) {
                    continue;
                }
                Instant last = jobs.lastFinished(retention(tenant)).orElse(Instant.MIN);
                if (last.isBefore(at)) {
                    at = last;
                    oldest = tenant.value();
                }
            }
        } catch (RuntimeException e) {
            return "unknown: the store cannot be asked";
        }
        if (at.equals(Instant.MIN) || at.equals(Instant.MAX)) {
            return "not yet";
        }
        return at.plus(OVERDUE).isBefore(clock.instant())
                ? "overdue: " + oldest + ", last run " + at
                : "last run " + at;
    }

    private static String retention(TenantId tenant) {
        return Offboarding.retention(tenant);
    }

    /** Other instances may be configured for other tenants: what counts is when the last of all of them knew one. */
    private void eraseRemovedTenants() {
        Set<TenantId> removed = new LinkedHashSet<>(database.tenants());
        removed.removeAll(configured);
        for (TenantId tenant : removed) {
            Instant now = clock.instant();
            Optional<Instant> lastKnown = offboarding.lastKnown(tenant);
            if (lastKnown.isEmpty()) {
                job(
                        Offboarding.presence(tenant),
                        now,
                        () -> log.info(
                                "no instance is configured for tenant {}: its data is deleted in {}",
                                tenant,
                                removedKept));
            } else if (!lastKnown.get().plus(removedKept).isAfter(now)) {
                log.info("no instance knew tenant {} since {}", tenant, lastKnown.get());
                offboarding.eraseAll(tenant, "housekeeping");
            }
        }
    }

    private void job(String name, Instant notSince, Runnable work) {
        try {
            Duration lease = name.equals(ERASURES) ? ERASURES_LEASE : LEASE;
            if (!jobs.claim(name, notSince, clock.instant(), lease)) {
                return;
            }
        } catch (RuntimeException e) {
            log.warn("{}: the store cannot be asked", name, e);
            return;
        }
        try {
            work.run();
            jobs.finished(name, clock.instant());
        } catch (RuntimeException e) {
            log.error("{} failed and is tried again", name, e);
            giveBack(name);
        }
    }

    private void giveBack(String name) {
        try {
            jobs.failed(name);
        } catch (RuntimeException e) {
            log.warn("{} is tried again when its lease is over", name, e);
        }
    }

    /** The latest instant at which the tenant's clock showed the hour of the night. */
    private static Instant lastNight(Config.Tenant tenant, Instant now) {
        ZonedDateTime local = now.atZone(ZoneId.of(tenant.timeZone()));
        ZonedDateTime today = local.with(LocalTime.parse(tenant.retention().at()));
        return (today.isAfter(local) ? today.minusDays(1) : today).toInstant();
    }

    private void expire(TenantId tenant, Config.Retention kept) {
        var retention = new Retention(
                kept.deliveries(),
                kept.messages(),
                kept.deadLetters(),
                kept.media(),
                kept.keys(),
                kept.events(),
                kept.audit());
        Expired expired = database.expire(tenant, retention, clock.instant());
        Map<String, Long> removed = new LinkedHashMap<>();
        removed.put("deliveries", expired.deliveries());
        removed.put("messages", expired.messages());
        removed.put("commands", expired.commands());
        removed.put("media", expired.media());
        removed.put("keys", expired.keys());
        removed.put("events", expired.events());
        removed.forEach((kind, count) -> metrics.expired(tenant, kind, count));
        audit.note(tenant, "retention_applied", "housekeeping", null, removed);
        log.info("retention of tenant {} applied: {}", tenant, removed);
    }

    /** Lets what is being done end. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
