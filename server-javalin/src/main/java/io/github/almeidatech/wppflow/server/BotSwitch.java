package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.jdbc.BotSwitches;
import io.github.almeidatech.wppflow.jdbc.BotSwitches.Off;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switch for an emergency: nothing is said automatically for a tenant, or for any. It is in the database, so it
 * survives a restart and holds in every instance within a second. Thread-safe.
 */
public final class BotSwitch {

    private static final Logger log = LoggerFactory.getLogger(BotSwitch.class);
    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    private final BotSwitches stored;
    private final Tenants tenants;
    private final Audit audit;
    private final InstantSource clock;
    private volatile Known known;

    private record Known(List<Off> off, long nanoTime) {}

    public BotSwitch(BotSwitches stored, Tenants tenants, Audit audit, InstantSource clock) {
        this.stored = stored;
        this.tenants = tenants;
        this.audit = audit;
        this.clock = clock;
        this.known = new Known(stored.all(), System.nanoTime());
    }

    /** Whether nothing is to be said for a tenant; at most a second old. While the store cannot be asked, what was known last. */
    public boolean isOff(TenantId tenant) {
        return recent().stream().anyMatch(each -> concerns(each, tenant));
    }

    /** What concerns a tenant, or all that is off. */
    public List<Off> off(Optional<TenantId> tenant) {
        return stored.all().stream()
                .filter(each -> tenant.isEmpty() || concerns(each, tenant.get()))
                .toList();
    }

    /**
     * Switches off.
     *
     * @param tenant whose bot; empty for everybody's
     * @return whether it was on
     */
    public boolean turnOff(Optional<TenantId> tenant, String by, String reason) {
        if (!isOffItself(tenant)) {
            note(tenant, "bot_switched_off", by, Map.of("reason", reason, "all", tenant.isEmpty()));
        }
        return changed(stored.off(new Off(tenant, clock.instant(), by, reason)));
    }

    /** Switches on again; whether it was off. */
    public boolean turnOn(Optional<TenantId> tenant, String by) {
        if (isOffItself(tenant)) {
            note(tenant, "bot_switched_on", by, Map.of("all", tenant.isEmpty()));
        }
        return changed(stored.on(tenant));
    }

    private boolean isOffItself(Optional<TenantId> tenant) {
        return stored.all().stream().anyMatch(each -> each.tenant().equals(tenant));
    }

    private boolean changed(boolean changed) {
        known = new Known(stored.all(), System.nanoTime());
        return changed;
    }

    /** Before it is done: nobody is silent, or speaks again, without a trace of who wanted it. */
    private void note(Optional<TenantId> tenant, String action, String by, Map<String, Object> about) {
        log.warn("{} for {}", action, tenant.map(TenantId::value).orElse("all tenants"));
        tenant.map(List::of)
                .orElseGet(() -> tenants.all().stream().map(Tenants.Tenant::id).toList())
                .forEach(each -> audit.note(each, action, by, null, about));
    }

    /** For readiness: {@code ok}, or who of these is off. */
    public String wellness(Predicate<TenantId> shown) {
        List<Off> off = recent().stream()
                .filter(each -> each.tenant().map(shown::test).orElse(true))
                .toList();
        return off.isEmpty()
                ? "ok"
                : off.stream()
                        .map(each ->
                                each.tenant().map(TenantId::value).orElse("all tenants") + " since " + each.since())
                        .collect(Collectors.joining(", ", "off: ", ""));
    }

    private List<Off> recent() {
        Known last = known;
        if (System.nanoTime() - last.nanoTime() > FRESH) {
            try {
                last = new Known(stored.all(), System.nanoTime());
                known = last;
            } catch (RuntimeException e) {
                log.debug("whether the bot is switched off cannot be asked", e);
            }
        }
        return last.off();
    }

    private static boolean concerns(Off off, TenantId tenant) {
        return off.tenant().isEmpty() || off.tenant().get().equals(tenant);
    }
}
