package io.github.almeidatech.wppflow.server.policy;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.eventlog.DryRun;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyDocument;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.eventlog.PolicyMode;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.flow.EventPolicies;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of all tenants: what is in force, how it is changed while the server runs, and what it decides. Files and
 * store are looked at every few seconds, so several instances come to the same set; what this instance is told over the
 * API is in force when the call returns. Thread-safe.
 */
public final class TenantPolicies implements EventPolicies, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TenantPolicies.class);
    private static final int CONTACTS_REMEMBERED = 10_000;

    private final Tenants tenants;
    private final PolicyStore store;
    private final Function<TenantId, List<PolicyProblem>> refused;
    private final PolicyFacts facts;
    private final InstantSource clock;
    private final Map<TenantId, PolicySet> sets = new LinkedHashMap<>();
    private final ScheduledExecutorService reloading = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "wppflow-policies");
        thread.setDaemon(true);
        return thread;
    });

    /** @param refused what keeps the latest policies of a tenant's table from being taken over into the store */
    public TenantPolicies(
            Tenants tenants,
            PolicyStore store,
            Function<TenantId, List<PolicyProblem>> refused,
            PolicyFacts facts,
            Metrics metrics,
            InstantSource clock) {
        this.refused = refused;
        this.tenants = tenants;
        this.store = store;
        this.facts = facts;
        this.clock = clock;
        for (Tenants.Tenant tenant : tenants.all()) {
            String file = tenant.config().policies().file();
            sets.put(
                    tenant.id(),
                    new PolicySet(
                            tenant.id(),
                            file == null ? null : Path.of(file),
                            tenant.sendableFrom()::permits,
                            store,
                            metrics));
        }
    }

    /** Loads everything, and looks for changes from now on. */
    public void start() {
        sets.values().forEach(set -> set.reload(clock.instant()));
        for (Tenants.Tenant tenant : tenants.all()) {
            long millis = tenant.config().policies().reloadEvery().toMillis();
            reloading.scheduleWithFixedDelay(() -> reload(tenant.id()), millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void reload(TenantId tenant) {
        try {
            set(tenant).reload(clock.instant());
        } catch (RuntimeException e) {
            log.warn("the policies of tenant {} cannot be looked at; those in force stay", tenant, e);
        }
    }

    private PolicySet set(TenantId tenant) {
        return Objects.requireNonNull(sets.get(tenant), "a tenant that is not served");
    }

    /** {@code ok}, or which tenants have mistakes in their latest policies. */
    public String wellness(Predicate<TenantId> shown) {
        List<String> broken = sets.entrySet().stream()
                .filter(each -> shown.test(each.getKey()))
                .filter(each -> !each.getValue().state().isLatest()
                        || !refused.apply(each.getKey()).isEmpty())
                .map(each -> each.getKey().value())
                .toList();
        return broken.isEmpty() ? "ok" : "last good ones in force: " + String.join(", ", broken);
    }

    @Override
    public PolicyPlan decide(List<Event> events, Instant now) {
        Event first = events.get(0);
        PolicySet set = sets.get(first.tenant());
        if (set == null) {
            return PolicyPlan.NOTHING;
        }
        PolicyEngine engine = set.state().engine();
        boolean concerned = events.stream().anyMatch(event -> isConcerned(engine.policies(), event));
        return concerned
                ? engine.decide(events, facts.of(tenants.get(first.tenant()), first, now))
                : PolicyPlan.NOTHING;
    }

    /** What is known of the person is only looked up when a policy may want it. */
    private static boolean isConcerned(Policies policies, Event event) {
        return policies.forType(event.type()).stream().anyMatch(policy -> policy.mode() != PolicyMode.OFF);
    }

    /**
     * A tenant's policies.
     *
     * @param policies in force
     * @param sources the same as written
     * @param problems of the latest set; empty when it is in force
     * @param since when the set in force came into force
     */
    public record Present(Policies policies, List<PolicySource> sources, List<PolicyProblem> problems, Instant since) {}

    /** What is in force here. */
    public Present present(TenantId tenant) {
        PolicySet.State state = set(tenant).state();
        var problems = new ArrayList<>(state.problems());
        problems.addAll(refused.apply(tenant));
        return new Present(state.engine().policies(), state.sources(), problems, state.since());
    }

    /**
     * Writes a policy in the place of the one with its id. In force here at once, elsewhere soon.
     *
     * @return what is wrong with it; empty when it is stored
     */
    public List<PolicyProblem> put(TenantId tenant, String id, Map<String, Object> document) {
        PolicySource.Read read = PolicySource.read(
                List.of(new PolicySource(PolicySource.STORE, "policy", document)),
                tenants.get(tenant).sendableFrom()::permits);
        if (!read.problems().isEmpty()) {
            return read.problems();
        }
        boolean inFile = present(tenant).sources().stream()
                .anyMatch(source -> !source.origin().equals(PolicySource.STORE)
                        && source.id().equals(id));
        if (inFile) {
            return List.of(new PolicyProblem(
                    "policy.id", PolicyProblem.Kind.DUPLICATE, "a policy in the tenant's files has this id"));
        }
        boolean inTable = store.documents(tenant).stream()
                .anyMatch(stored ->
                        !stored.id().equals(id) && id.equals(stored.data().get("id")));
        if (inTable) {
            return List.of(new PolicyProblem(
                    "policy.id", PolicyProblem.Kind.DUPLICATE, "a policy in the tenant's table has this id"));
        }
        Instant now = clock.instant();
        store.put(tenant, new PolicyDocument(id, document, now));
        set(tenant).reload(now);
        return List.of();
    }

    /** Removes a policy of the store. False when it has none with this id. */
    public boolean remove(TenantId tenant, String id) {
        boolean removed = store.remove(tenant, id);
        set(tenant).reload(clock.instant());
        return removed;
    }

    /** A rehearsal with what policies may know of people and times. */
    public DryRun rehearsal(TenantId tenant, Policies proposed) {
        var known = new LinkedHashMap<String, Optional<Contact>>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Optional<Contact>> eldest) {
                return size() > CONTACTS_REMEMBERED;
            }
        };
        Tenants.Tenant of = tenants.get(tenant);
        return DryRun.of(proposed).knowing(event -> facts.rehearsed(of, event, known));
    }

    @Override
    public void close() {
        reloading.shutdownNow();
    }
}
