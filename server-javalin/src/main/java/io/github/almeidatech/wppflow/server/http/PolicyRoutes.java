package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.DryRun;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.NotNull;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** M5's policies over HTTP: a rehearsal over what has happened. Nothing is sent and nothing is written. */
final class PolicyRoutes implements RouteGroup {

    private final Tenants tenants;
    private final EventArchive archive;
    private final int maxBytes;

    PolicyRoutes(Tenants tenants, EventArchive archive, int maxBytes) {
        this.tenants = tenants;
        this.archive = archive;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/policies/dry-run", this::dryRun, Access.READ);
    }

    /** Policies to rehearse, others to compare with, and from when to when; all events without limits. */
    record Rehearsal(
            @Nullable String tenantId,
            @NotNull JsonNode policies,
            @Nullable JsonNode against,
            @Nullable String from,
            @Nullable String to) {}

    private void dryRun(Context ctx) {
        Rehearsal body = Body.read(ctx, Rehearsal.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        DryRun rehearsal = DryRun.of(policies("policies", body.policies()));
        if (body.against() != null && !body.against().isNull()) {
            rehearsal = rehearsal.against(policies("against", body.against()));
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

    private static Policies policies(String field, JsonNode data) {
        Object plain = StrictJson.MAPPER.convertValue(data, Object.class);
        return Policies.parse(plain).match(valid -> valid, problems -> {
            List<Map<String, String>> fields =
                    problems.stream().map(problem -> view(field, problem)).toList();
            throw new ApiException(
                    ApiError.ERR_VALIDATION, Map.of("field", fields.get(0).get("field"), "fields", fields));
        });
    }

    private static Map<String, String> view(String field, PolicyProblem problem) {
        String path = problem.path().startsWith("policies")
                ? field + problem.path().substring("policies".length())
                : field + (problem.path().isEmpty() ? "" : "." + problem.path());
        return Map.of(
                "field", path,
                "problem", problem.message(),
                "kind", problem.kind().name().toLowerCase(Locale.ROOT));
    }

    private static @Nullable Instant instant(String field, @Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw ApiException.invalid(field, "an ISO 8601 instant wanted");
        }
    }
}
