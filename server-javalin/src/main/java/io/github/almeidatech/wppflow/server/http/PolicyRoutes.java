package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.DryRun;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.Policy;
import io.github.almeidatech.wppflow.eventlog.PolicyAction;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.policy.PolicySource;
import io.github.almeidatech.wppflow.server.policy.TenantPolicies;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** M5's policies over HTTP: what is in force, changes to it, and rehearsals, by which nothing is sent or written. */
final class PolicyRoutes implements RouteGroup {

    private static final String ONE = "/api/v1/policies/{id}";

    private final Tenants tenants;
    private final TenantPolicies policies;
    private final EventArchive archive;
    private final Audit audit;
    private final int maxBytes;

    PolicyRoutes(Tenants tenants, TenantPolicies policies, EventArchive archive, Audit audit, int maxBytes) {
        this.tenants = tenants;
        this.policies = policies;
        this.archive = archive;
        this.audit = audit;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/policies", this::list, Access.READ);
        routes.get(ONE, this::show, Access.READ);
        routes.put(ONE, this::put, Access.WRITE);
        routes.delete(ONE, this::remove, Access.WRITE);
        routes.post("/api/v1/policies/dry-run", this::dryRun, Access.READ);
    }

    private void list(Context ctx) {
        TenantPolicies.Present present = present(ctx);
        var data = new LinkedHashMap<String, Object>();
        data.put(
                "policies",
                present.policies().all().stream()
                        .map(policy -> view(policy, present))
                        .toList());
        data.put("cycles", present.policies().cycles());
        data.put("in_force_since", present.since().toEpochMilli());
        data.put(
                "problems",
                present.problems().stream()
                        .map(problem -> view(problem.path(), problem))
                        .toList());
        Envelope.ok(ctx, data);
    }

    private void show(Context ctx) {
        TenantPolicies.Present present = present(ctx);
        Policy policy = present.policies().all().stream()
                .filter(each -> each.id().equals(ctx.pathParam("id")))
                .findFirst()
                .orElseThrow(PolicyRoutes::notFound);
        Envelope.ok(ctx, view(policy, present));
    }

    private TenantPolicies.Present present(Context ctx) {
        return policies.present(
                Request.tenant(ctx, tenants, ctx.queryParam("tenant_id")).id());
    }

    private static Map<String, Object> view(Policy policy, TenantPolicies.Present present) {
        PolicySource source = present.sources().stream()
                .filter(each -> each.id().equals(policy.id()))
                .findFirst()
                .orElseThrow();
        var data = new LinkedHashMap<String, Object>();
        data.put("id", policy.id());
        data.put("origin", source.origin());
        data.put("enabled", policy.mode().word());
        data.put("version", policy.version());
        data.put("event", policy.event());
        data.put("description", policy.description());
        data.put("actions", policy.actions().stream().map(PolicyAction::kind).toList());
        data.put("policy", source.document());
        return data;
    }

    /** A policy as it is to be from now on. */
    record Wanted(@Nullable String tenantId, @NotNull Map<String, Object> policy) {}

    private void put(Context ctx) {
        Wanted body = Body.read(ctx, Wanted.class, maxBytes);
        TenantId tenant = Request.tenant(ctx, tenants, body.tenantId()).id();
        String id = ctx.pathParam("id");
        var document = new LinkedHashMap<String, Object>(body.policy());
        Object named = document.putIfAbsent("id", id);
        if (named != null && !named.equals(id)) {
            throw ApiException.invalid("policy.id", "the id in the path wanted: " + id);
        }
        List<PolicyProblem> problems = policies.put(tenant, id, document);
        if (!problems.isEmpty()) {
            throw refusal(problems.stream()
                    .map(problem -> view(problem.path(), problem))
                    .toList());
        }
        audit.note(tenant, "policy_written", Request.caller(ctx).name(), null, Map.of("policy", id));
        Envelope.ok(ctx, Map.of("id", id));
    }

    private void remove(Context ctx) {
        TenantId tenant =
                Request.tenant(ctx, tenants, ctx.queryParam("tenant_id")).id();
        String id = ctx.pathParam("id");
        if (!policies.remove(tenant, id)) {
            throw notFound();
        }
        audit.note(tenant, "policy_removed", Request.caller(ctx).name(), null, Map.of("policy", id));
        Envelope.ok(ctx, Map.of("id", id));
    }

    private static ApiException notFound() {
        return new ApiException(ApiError.ERR_NOT_FOUND, Map.of());
    }

    /**
     * Policies to rehearse, others to compare with ({@code "present"} for those in force), and from when to when; all
     * events without limits.
     */
    record Rehearsal(
            @Nullable String tenantId,
            @NotNull JsonNode policies,
            @Nullable JsonNode against,
            @Nullable String from,
            @Nullable String to) {}

    private void dryRun(Context ctx) {
        Rehearsal body = Body.read(ctx, Rehearsal.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        DryRun rehearsal = policies.rehearsal(tenant.id(), policies("policies", body.policies(), tenant));
        JsonNode against = body.against();
        if (against != null && against.asText().equals("present")) {
            rehearsal = rehearsal.against(policies.present(tenant.id()).policies());
        } else if (against != null && !against.isNull()) {
            rehearsal = rehearsal.against(policies("against", against, tenant));
        }
        Instant from = instant("from", body.from());
        Instant to = instant("to", body.to());
        Stream<Event> events = archive.stream(tenant.id())
                .filter(event -> !event.isEmptied())
                .map(ChainedEvent::event)
                .filter(event -> (from == null || !event.at().isBefore(from))
                        && (to == null || event.at().isBefore(to)));
        Envelope.ok(ctx, rehearsal.over(events));
    }

    /** Policies out of a body; 400 naming every mistake when they have some. */
    static Policies policies(String field, JsonNode data, Tenants.Tenant tenant) {
        Object plain = StrictJson.MAPPER.convertValue(data, Object.class);
        return Policies.parse(plain, tenant.sendableFrom()::permits).match(valid -> valid, problems -> {
            throw refusal(problems.stream()
                    .map(problem -> view(within(field, problem.path()), problem))
                    .toList());
        });
    }

    private static ApiException refusal(List<Map<String, String>> fields) {
        return new ApiException(
                ApiError.ERR_VALIDATION, Map.of("field", fields.get(0).get("field"), "fields", fields));
    }

    private static String within(String field, String path) {
        return path.startsWith("policies")
                ? field + path.substring("policies".length())
                : field + (path.isEmpty() ? "" : "." + path);
    }

    private static Map<String, String> view(String path, PolicyProblem problem) {
        return Map.of(
                "field", path,
                "problem", problem.message(),
                "kind", problem.kind().word());
    }

    private static @Nullable Instant instant(String field, @Nullable String text) {
        return text == null ? null : Query.instant(field, text);
    }
}
