package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.server.ReplayReport;
import io.github.almeidatech.wppflow.server.Replays;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recorded conversation, answered again by other policies, documents or models. Nothing is sent or written. */
final class ReplayRoutes implements RouteGroup {

    private final Tenants tenants;
    private final Replays replays;
    private final int maxBytes;

    ReplayRoutes(Tenants tenants, Replays replays, int maxBytes) {
        this.tenants = tenants;
        this.replays = replays;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/replay", this::replay, Access.READ);
    }

    /** Which conversation, and what is to be other than it is. */
    record Wanted(
            @Nullable String tenantId,
            @NotNull @Min(1) Long conversationId,
            @Nullable @Min(1) Long messageId,
            @Nullable JsonNode policies,
            @Nullable @Size(max = 1_000) List<KnowledgeRoutes.Put.@NotNull @Valid NewDocument> documents,
            @Nullable Boolean models) {}

    private void replay(Context ctx) {
        Wanted body = Body.read(ctx, Wanted.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        boolean models = Boolean.TRUE.equals(body.models());
        if (models && !Request.caller(ctx).scopes().contains(Tokens.Scope.ADMIN)) {
            throw new ApiException(ApiError.ERR_FORBIDDEN, Map.of("field", "models", "wanted", "[ADMIN]"));
        }
        JsonNode policies = body.policies();
        List<Document> documents = body.documents() == null
                ? null
                : body.documents().stream()
                        .map(KnowledgeRoutes.Put.NewDocument::toDocument)
                        .toList();
        var changes = new Replays.Changes(
                policies == null || policies.isNull() ? null : PolicyRoutes.policies("policies", policies),
                documents,
                models);
        ReplayReport report = replays.of(
                        new ConversationId(tenant.id(), tenant.account(), body.conversationId()),
                        body.messageId(),
                        changes)
                .orElseThrow(() -> new ApiException(
                        ApiError.ERR_NOT_FOUND,
                        Map.of("field", body.messageId() == null ? "conversation_id" : "message_id")));
        Envelope.ok(ctx, report.toPlainData());
    }
}
