package io.github.almeidatech.wppflow.server.records;

import io.github.almeidatech.wppflow.baserow.BaserowContactMirror;
import io.github.almeidatech.wppflow.baserow.BaserowException;
import io.github.almeidatech.wppflow.baserow.BaserowKnowledgeSync;
import io.github.almeidatech.wppflow.baserow.BaserowPolicies;
import io.github.almeidatech.wppflow.baserow.SchemaProblem;
import io.github.almeidatech.wppflow.baserow.SyncReport;
import io.github.almeidatech.wppflow.eventlog.PolicyDocument;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.TableState;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what people wrote in a tenant's tables over to us, again and again: contacts, knowledge, policies. Each kind goes on
 * when another fails, and a Baserow that is down changes nothing here. Thread-safe; one run at a time.
 */
public final class BaserowSync implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(BaserowSync.class);
    private static final String POLICIES = "policies";
    private static final String POLICY_IDS = "baserow:";

    private final TenantId tenant;
    private final BaserowTables tables;
    private final PolicyStore policies;
    private final Metrics metrics;
    private final InstantSource clock;
    private final Map<String, String> failing = new HashMap<>();
    private final Map<String, Integer> rowProblems = new HashMap<>();
    private volatile TableState state = new TableState(List.of(), "not read yet", null);
    private volatile List<PolicyProblem> policyProblems = List.of();
    private volatile boolean stopping;

    BaserowSync(TenantId tenant, BaserowTables tables, PolicyStore policies, Metrics metrics, InstantSource clock) {
        this.tenant = tenant;
        this.tables = tables;
        this.policies = policies;
        this.metrics = metrics;
        this.clock = clock;
    }

    TableState state() {
        return state;
    }

    /** What keeps the table's latest policies from being in force, with rows; empty when they are. */
    List<PolicyProblem> policyProblems() {
        return policyProblems;
    }

    /** Never throws: the next run must come. */
    @Override
    public synchronized void run() {
        try {
            BaserowContactMirror contacts = tables.contacts();
            if (contacts != null) {
                read("contacts", contacts::pull);
            }
            BaserowKnowledgeSync knowledge = tables.knowledge();
            if (knowledge != null) {
                read("knowledge", knowledge::sync);
            }
            BaserowPolicies table = tables.readPolicies();
            if (table != null) {
                read(POLICIES, () -> readPolicies(table));
            }
            checkColumns();
        } catch (RuntimeException e) {
            if (stopping) {
                log.debug("tenant {}: looking at Baserow was cut off by the stop", tenant, e);
                return;
            }
            log.error("tenant {}: looking at Baserow failed", tenant, e);
        }
    }

    /** Begins nothing more; that what is under way is cut off now is no failure. */
    void stop() {
        stopping = true;
    }

    private void read(String what, Supplier<SyncReport> sync) {
        if (stopping) {
            return;
        }
        String outcome = "ok";
        try {
            SyncReport report = sync.get();
            tell(what, report);
        } catch (RuntimeException e) {
            if (stopping) {
                throw e;
            }
            if (e instanceof BaserowException known) {
                outcome = known.error().word();
            } else {
                outcome = "failed";
                log.error("tenant {}: {} of Baserow cannot be taken over", tenant, what, e);
            }
        }
        boolean refused = what.equals(POLICIES) && !policyProblems.isEmpty();
        metrics.synced(tenant, what, outcome.equals("ok") && refused ? "refused" : outcome);
        String before = outcome.equals("ok") ? failing.remove(what) : failing.put(what, outcome);
        if (!outcome.equals("ok") && before == null) {
            log.warn(
                    "tenant {}: {} cannot be read from Baserow: {}; going on with what is here", tenant, what, outcome);
        } else if (outcome.equals("ok") && before != null) {
            log.info("tenant {}: {} can be read from Baserow again", tenant, what);
        }
    }

    /** Rows that need a person are told of when there are others than before. */
    private void tell(String what, SyncReport report) {
        if (report.changed() > 0 || report.removed() > 0) {
            log.info(
                    "tenant {}: {} from Baserow: {} rows changed, {} gone",
                    tenant,
                    what,
                    report.changed(),
                    report.removed());
        }
        int problems = report.problems().hashCode();
        Integer before = rowProblems.put(what, problems);
        if (!report.problems().isEmpty() && (before == null || before != problems)) {
            log.warn("tenant {}: rows of {} need a person: {}", tenant, what, report.problems());
        }
    }

    private SyncReport readPolicies(BaserowPolicies table) {
        return table.readIfChanged()
                .map(reading -> reading.match(valid -> store(table.documents()), problems -> {
                    policyProblems = problems;
                    metrics.policiesRefused(tenant);
                    log.warn(
                            "tenant {}: policies in Baserow have mistakes, the last good ones stay: {}",
                            tenant,
                            problems);
                    return new SyncReport(problems.size(), 0, 0, true, List.of());
                }))
                .orElse(new SyncReport(0, 0, 0, false, List.of()));
    }

    /** Those of the table take the place of those it had before; others stay. */
    private SyncReport store(List<Map<String, Object>> documents) {
        var before = new HashMap<String, Map<String, Object>>();
        policies.documents(tenant).stream()
                .filter(document -> document.id().startsWith(POLICY_IDS))
                .forEach(document -> before.put(document.id(), document.data()));
        int changed = 0;
        for (Map<String, Object> document : documents) {
            String id = POLICY_IDS + document.get("id");
            if (!document.equals(before.remove(id))) {
                policies.put(tenant, new PolicyDocument(id, document, clock.instant()));
                changed++;
            }
        }
        before.keySet().forEach(gone -> policies.remove(tenant, gone));
        policyProblems = List.of();
        return new SyncReport(documents.size(), changed, before.size(), true, List.of());
    }

    private void checkColumns() {
        TableState last = state;
        List<SchemaProblem> problems = tables.check();
        if (!problems.equals(last.problems())) {
            problems.forEach(problem -> log.warn("tenant {}: Baserow: {}", tenant, problem.message()));
        }
        String trouble = failing.isEmpty() ? "" : "cannot be read: " + failing;
        state = new TableState(problems, trouble, failing.isEmpty() ? clock.instant() : last.syncedAt());
    }
}
