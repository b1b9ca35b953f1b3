package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.chatwoot.ExecutionPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.server.PlanExecution;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** M6 over HTTP: another system's plan, carried out in Chatwoot. */
final class SyncRoutes implements RouteGroup {

    private final Tenants tenants;
    private final PlanExecution plans;
    private final int maxBytes;

    SyncRoutes(Tenants tenants, PlanExecution plans, int maxBytes) {
        this.tenants = tenants;
        this.plans = plans;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/chatwoot/sync", this::sync, Access.WRITE);
    }

    /** A plan for one conversation. With an idempotency key the call may be repeated. */
    record Sync(
            @Nullable String tenantId,
            @NotNull @Min(1) Long conversationId,
            @NotNull JsonNode executionPlan,

            @Nullable @Pattern(regexp = "[A-Za-z0-9._:-]{8,100}")
            String idempotencyKey) {}

    private void sync(Context ctx) {
        Sync body = Body.read(ctx, Sync.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        JsonNode plan = body.executionPlan();
        if (!plan.isObject()) {
            throw ApiException.missing("execution_plan");
        }
        Long contact = plan.path("contact_attributes").isEmpty()
                ? null
                : tenant.chatwoot().conversations().show(body.conversationId()).contactId();
        ExecutionPlan read = ExecutionPlan.read(plan, contact, tenant.sendableFrom()::permits);
        if (!read.problems().isEmpty()) {
            List<Map<String, String>> fields = read.problems().stream()
                    .map(problem -> Map.of("field", "execution_plan." + problem.path(), "problem", problem.wanted()))
                    .toList();
            throw new ApiException(
                    ApiError.ERR_VALIDATION, Map.of("field", fields.get(0).get("field"), "fields", fields));
        }
        String key = body.idempotencyKey() == null ? UUID.randomUUID().toString() : body.idempotencyKey();
        PlanExecution.Outcome outcome =
                plans.execute(new ConversationId(tenant.id(), tenant.account(), body.conversationId()), read, key);
        var data = new LinkedHashMap<String, Object>();
        data.put("conversation_id", String.valueOf(body.conversationId()));
        data.put("messages_sent", outcome.messagesSent());
        data.put("labels_updated", outcome.labelsUpdated());
        data.put("attributes_updated", outcome.attributesUpdated());
        data.put("errors", outcome.errors());
        data.put("idempotency_key", key);
        Envelope.ok(ctx, data);
    }
}
