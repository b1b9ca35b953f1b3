package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether new work can be taken on, component by component. Turned off first when the server stops. Thread-safe after the
 * components are added.
 */
public final class Readiness {

    private final Map<String, BooleanSupplier> components = new LinkedHashMap<>();
    private final Map<String, Function<Predicate<TenantId>, String>> details = new LinkedHashMap<>();
    private volatile boolean stopping;
    private volatile @Nullable Checked latest;

    private record Checked(boolean ready, long nanoTime) {}

    /**
     * The state of each component.
     *
     * @param ready all are well
     * @param components name to {@code ok}, {@code failing}, or what else is worth knowing
     */
    public record Report(boolean ready, Map<String, String> components) {}

    /** Adds a component; its check is called for every request and must be quick. */
    public Readiness with(String component, BooleanSupplier isWell) {
        components.put(component, isWell);
        return this;
    }

    /**
     * Adds something worth knowing that does not keep work away.
     *
     * @param state of the tenants it is given; {@code ok} when there is nothing to say
     */
    public Readiness withDetail(String component, Function<Predicate<TenantId>, String> state) {
        details.put(component, state);
        return this;
    }

    /** From now on not ready. */
    public void stop() {
        stopping = true;
    }

    /** Asks every component. */
    public Report check() {
        return check(tenant -> true);
    }

    /** As {@link #check()}, for somebody who is shown nothing of other tenants. */
    public Report check(Predicate<TenantId> shown) {
        var report = new LinkedHashMap<String, String>();
        boolean ready = !stopping;
        for (var component : components.entrySet()) {
            boolean well = isWell(component.getValue());
            report.put(component.getKey(), well ? "ok" : "failing");
            ready &= well;
        }
        details.forEach((component, state) -> report.put(component, state.apply(shown)));
        report.put("server", stopping ? "stopping" : "ok");
        return new Report(ready, report);
    }

    /** As {@link #check}, at most a second old: strangers may ask as often as they like without costing a write each. */
    public boolean isReady() {
        if (stopping) {
            return false;
        }
        Checked last = latest;
        if (last == null || System.nanoTime() - last.nanoTime() > 1_000_000_000L) {
            last = new Checked(check().ready(), System.nanoTime());
            latest = last;
        }
        return last.ready();
    }

    private static boolean isWell(BooleanSupplier check) {
        try {
            return check.getAsBoolean();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
