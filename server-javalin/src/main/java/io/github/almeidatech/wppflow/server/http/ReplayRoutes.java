package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.replay.ReplayReport;
import io.github.almeidatech.wppflow.server.replay.Replays;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A recorded conversation, answered again by other policies, documents, settings or models. Nothing is sent. */
final class ReplayRoutes implements RouteGroup {

    private static final BigDecimal DEFAULT_DOLLARS = new BigDecimal("0.50");
    private static final long DEFAULT_TOKENS = 200_000;

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
            @Nullable JsonNode settings,
            @Nullable Boolean models,

            @Nullable @DecimalMin("0") @DecimalMax("100") BigDecimal maxDollars,

            @Nullable @Min(0) @Max(100_000_000) Long maxTokens) {

        SpendLedger.@Nullable Amount budget() {
            BigDecimal dollars = maxDollars == null ? DEFAULT_DOLLARS : maxDollars;
            return Boolean.TRUE.equals(models)
                    ? new SpendLedger.Amount(
                            maxTokens == null ? DEFAULT_TOKENS : maxTokens,
                            dollars.movePointRight(6).longValue())
                    : null;
        }
    }

    private void replay(Context ctx) {
        Wanted body = Body.read(ctx, Wanted.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        SpendLedger.Amount budget = body.budget();
        if (budget != null && !Request.caller(ctx).scopes().contains(Tokens.Scope.ADMIN)) {
            throw new ApiException(ApiError.ERR_FORBIDDEN, Map.of("field", "models", "wanted", "[ADMIN]"));
        }
        JsonNode policies = body.policies();
        JsonNode settings = body.settings();
        List<Document> documents = body.documents() == null
                ? null
                : body.documents().stream()
                        .map(KnowledgeRoutes.Put.NewDocument::toDocument)
                        .toList();
        var changes = new Replays.Changes(
                policies == null || policies.isNull() ? null : PolicyRoutes.policies("policies", policies, tenant),
                documents,
                settings == null || settings.isNull() ? null : settings,
                budget);
        ReplayReport report = replay(
                        new ConversationId(tenant.id(), tenant.account(), body.conversationId()),
                        body.messageId(),
                        changes)
                .orElseThrow(() -> new ApiException(
                        ApiError.ERR_NOT_FOUND,
                        Map.of("field", body.messageId() == null ? "conversation_id" : "message_id")));
        Envelope.ok(ctx, report.toPlainData());
    }

    private Optional<ReplayReport> replay(
            ConversationId conversation, @Nullable Long messageId, Replays.Changes changes) {
        try {
            return replays.of(conversation, messageId, changes);
        } catch (ConfigException e) {
            List<Map<String, String>> fields =
                    e.problems().stream().map(ReplayRoutes::problem).toList();
            throw new ApiException(
                    ApiError.ERR_VALIDATION, Map.of("field", fields.get(0).get("field"), "fields", fields));
        }
    }

    private static Map<String, String> problem(String text) {
        int colon = text.indexOf(": ");
        return Map.of("field", text.substring(0, colon), "problem", text.substring(colon + 2));
    }
}
