package io.github.almeidatech.wppflow.server.erasure;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.ErasedTenants;
import io.github.almeidatech.wppflow.jdbc.Jobs;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.ConfigurationChanges;
import io.github.almeidatech.wppflow.server.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A business that leaves: all that is stored of it to take along, and then to be erased. Thread-safe; blocks on storage. */
public final class Offboarding {

    /** How often an instance says for which tenants it is configured. */
    public static final Duration LOOK_EVERY = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(Offboarding.class);
    /** Within this an instance that is configured for a tenant has said so, however long its other housekeeping takes. */
    private static final Duration HEARD_FROM = LOOK_EVERY.multipliedBy(6);
    /** What another instance finishes while rows are erased is erased with the next look. */
    private static final int LOOKS = 3;

    private final Set<TenantId> configured;
    private final Database database;
    private final ErasedTenants erased;
    private final Jobs jobs;
    private final Audit audit;
    private final Metrics metrics;
    private final InstantSource clock;

    /** @param configured the tenants of the configuration, also those that are not served */
    public Offboarding(Set<TenantId> configured, Database database, Audit audit, Metrics metrics, InstantSource clock) {
        this.configured = Set.copyOf(configured);
        this.database = database;
        this.erased = database.erasedTenants();
        this.jobs = database.jobs();
        this.audit = audit;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * What was erased.
     *
     * @param rows by table, those that had any
     * @param notErased what is elsewhere and has to be erased there
     */
    public record Receipt(
            TenantId tenant, String by, Instant begun, Instant ended, Map<String, Long> rows, List<String> notErased) {}

    /** Why a tenant cannot be erased at present. */
    public enum Obstacle {
        /** This server is configured for it, and would go on answering. */
        STILL_CONFIGURED,
        /** Another instance was configured for it within the last six hours. */
        CONFIGURED_ELSEWHERE
    }

    /** Whether anything is stored of a tenant, or the server is configured for it. */
    public boolean knows(TenantId tenant) {
        return configured.contains(tenant) || database.tenants().contains(tenant);
    }

    /**
     * Shows all that is stored of a tenant, as {@link Database#exportTenant}. That somebody took it is written down first, in
     * what is shown too.
     *
     * @return how many rows there were
     */
    public long export(TenantId tenant, String by, BiConsumer<String, Map<String, Object>> each) {
        audit.note(tenant, "tenant_exported", by, null, Map.of());
        var rows = new AtomicLong();
        database.exportTenant(tenant, (table, row) -> {
            each.accept(table, row);
            rows.incrementAndGet();
        });
        return rows.get();
    }

    /** Whether a tenant was erased, or its erasure begun. */
    public boolean wasErased(TenantId tenant) {
        return erased.latest(tenant).isPresent();
    }

    /** What keeps a tenant from being erased. */
    public Optional<Obstacle> obstacle(TenantId tenant) {
        if (configured.contains(tenant)) {
            return Optional.of(Obstacle.STILL_CONFIGURED);
        }
        return database.shared() && isHeardOf(tenant) ? Optional.of(Obstacle.CONFIGURED_ELSEWHERE) : Optional.empty();
    }

    /** Whether an instance may still be configured for a tenant. */
    public boolean isHeardOf(TenantId tenant) {
        return lastKnown(tenant)
                .map(at -> at.plus(HEARD_FROM).isAfter(clock.instant()))
                .orElse(false);
    }

    /**
     * Erases all that is stored of a tenant that no instance is configured for. Interrupted, repeating it does the rest; the
     * receipt is of the whole, and is shown again when there is nothing left.
     */
    public Receipt erase(TenantId tenant, String by) {
        Optional<ErasedTenants.Erasure> done = erased.latest(tenant).filter(latest -> latest.ended() != null);
        ErasedTenants.Erasure receipt =
                done.isPresent() && !database.tenants().contains(tenant) ? done.get() : eraseAll(tenant, by);
        return new Receipt(
                tenant,
                receipt.by(),
                receipt.begun(),
                Objects.requireNonNull(receipt.ended()),
                receipt.rows(),
                List.of("backups", "chatwoot", "baserow", "model_provider", "configuration_and_documents", "logs"));
    }

    /** Who began it is written down first, and what was removed as it goes: where the tenant's own rows are not. */
    public ErasedTenants.Erasure eraseAll(TenantId tenant, String by) {
        ErasedTenants.Erasure begun = erased.begin(tenant, by, clock.instant());
        for (int look = 0; look < LOOKS; look++) {
            if (database.eraseTenant(tenant, (table, count) -> erased.add(begun, table, count))
                    .isEmpty()) {
                break;
            }
        }
        jobs.forget(retention(tenant));
        jobs.forget(presence(tenant));
        database.note(ConfigurationChanges.noteOf(tenant), "");
        database.checkpoint();
        erased.end(begun, clock.instant());
        ErasedTenants.Erasure receipt = erased.latest(tenant).orElseThrow();
        Map<String, Long> rows = receipt.rows();
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
        metrics.expired(tenant, "tenant", all);
        log.info("everything of tenant {} is erased, {} rows: {}", tenant, all, rows);
        return receipt;
    }

    /** When an instance was last seen to be configured for a tenant. */
    public Optional<Instant> lastKnown(TenantId tenant) {
        return jobs.lastFinished(presence(tenant));
    }

    /** Tells when retention was last applied to a tenant. */
    public static String retention(TenantId tenant) {
        return "retention/" + tenant;
    }

    /** Tells when an instance was last configured for a tenant. */
    public static String presence(TenantId tenant) {
        return "tenant/" + tenant;
    }
}
