package io.github.almeidatech.wppflow.server.policy;

import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyDocument;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tenant's policies, from its files and its store together. Changed as a whole or not at all: a set with a mistake in
 * it leaves the last good one in force. Thread-safe.
 */
final class PolicySet {

    private static final Logger log = LoggerFactory.getLogger(PolicySet.class);

    private final TenantId tenant;
    private final @Nullable Path written;
    private final Predicate<String> sendable;
    private final PolicyStore store;
    private final Metrics metrics;
    private volatile State state = new State(new PolicyEngine(Policies.NONE), List.of(), List.of(), Instant.EPOCH);
    private @Nullable List<PolicySource> seen;

    /**
     * @param written a file or folder; null for none
     * @param sendable whether a file may be sent from an address
     */
    PolicySet(TenantId tenant, @Nullable Path written, Predicate<String> sendable, PolicyStore store, Metrics metrics) {
        this.tenant = tenant;
        this.written = written;
        this.sendable = sendable;
        this.store = store;
        this.metrics = metrics;
    }

    /**
     * What is in force, and what is wrong with what should be.
     *
     * @param engine decides by what is in force
     * @param sources what is in force, as written
     * @param problems of the latest set; empty when it is the one in force
     * @param since when the set came into force
     */
    record State(PolicyEngine engine, List<PolicySource> sources, List<PolicyProblem> problems, Instant since) {

        boolean isLatest() {
            return problems.isEmpty();
        }
    }

    State state() {
        return state;
    }

    /**
     * Looks whether something has changed, and puts it in force when it is right.
     *
     * @return whether the latest set is in force
     */
    synchronized boolean reload(Instant now) {
        PolicyFiles.Content files =
                written == null ? new PolicyFiles.Content(List.of(), List.of()) : PolicyFiles.read(written);
        var sources = new ArrayList<>(files.documents());
        store.documents(tenant).forEach(document -> sources.add(source(document)));
        if (sources.equals(seen)
                && files.problems().isEmpty() == unreadable(state).isEmpty()) {
            return state.isLatest();
        }
        boolean first = seen == null;
        seen = List.copyOf(sources);
        PolicySource.Read read = PolicySource.read(sources, sendable);
        var problems = new ArrayList<>(files.problems());
        problems.addAll(read.problems());
        Policies policies = read.policies();
        if (policies != null && problems.isEmpty()) {
            put(policies, sources, List.of(), now);
        } else if (first) {
            List<PolicySource> right = rightOnes(sources);
            put(Objects.requireNonNull(PolicySource.read(right, sendable).policies()), right, problems, now);
        } else {
            state = new State(state.engine(), state.sources(), problems, state.since());
        }
        if (!problems.isEmpty()) {
            metrics.policiesRefused(tenant);
            log.warn("policies of tenant {} have mistakes, the last good ones stay in force: {}", tenant, problems);
        }
        return problems.isEmpty();
    }

    private void put(Policies policies, List<PolicySource> sources, List<PolicyProblem> problems, Instant now) {
        state = new State(new PolicyEngine(policies), List.copyOf(sources), problems, now);
        log.info("{} policies of tenant {} in force", policies.all().size(), tenant);
    }

    private static List<PolicyProblem> unreadable(State state) {
        return state.problems().stream()
                .filter(problem -> !problem.path().contains("policies["))
                .toList();
    }

    /** At the start there is no last good set: what is right by itself is used. */
    private List<PolicySource> rightOnes(List<PolicySource> sources) {
        var right = new ArrayList<PolicySource>();
        for (PolicySource source : sources) {
            right.add(source);
            if (PolicySource.read(right, sendable).policies() == null) {
                right.remove(right.size() - 1);
            }
        }
        return right;
    }

    private static PolicySource source(PolicyDocument document) {
        return new PolicySource(PolicySource.STORE, "policy " + document.id() + ": ", document.data());
    }
}
