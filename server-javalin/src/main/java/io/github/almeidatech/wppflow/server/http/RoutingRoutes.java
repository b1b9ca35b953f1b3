package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Route;
import io.github.almeidatech.wppflow.router.Utterance;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** M4 over HTTP: what a message is about, and who deals with it. */
final class RoutingRoutes implements RouteGroup {

    private final Tenants tenants;
    private final int maxBytes;

    RoutingRoutes(Tenants tenants, int maxBytes) {
        this.tenants = tenants;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/routing/classify", this::classify, Access.READ);
    }

    /** A message with what was said before, oldest first. Other keys of the message are ignored. */
    record Classify(
            @Nullable String tenantId,
            @NotNull @Valid Message message,
            @Nullable Map<String, Object> contact,
            @Nullable @Size(max = 100) List<@NotNull @Valid Earlier> conversationHistory,
            @Nullable @Min(1) Long conversationId) {

        /** The message. */
        record Message(@NotNull @Size(max = 150_000) String content) {}

        /** An earlier message; of the {@code bot}, a {@code user} and so on only the customer's matter. */
        record Earlier(
                @NotNull @Size(max = 150_000) String content,
                @Nullable String role) {

            boolean fromCustomer() {
                return role == null || role.equals("customer") || role.equals("contact") || role.equals("user");
            }
        }
    }

    /** The custom fields of a contact, which a model may look at; name and numbers stay here. */
    private static Map<String, String> known(@Nullable Map<String, Object> contact) {
        var known = new LinkedHashMap<String, String>();
        if (contact != null && contact.get("custom_fields") instanceof Map<?, ?> fields) {
            fields.forEach((key, value) -> {
                if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    known.put(String.valueOf(key), value.toString());
                }
            });
        }
        return known;
    }

    private void classify(Context ctx) {
        Classify body = Body.read(ctx, Classify.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        List<String> history = body.conversationHistory() == null
                ? List.of()
                : body.conversationHistory().stream()
                        .filter(Classify.Earlier::fromCustomer)
                        .map(Classify.Earlier::content)
                        .toList();
        Classification heard = tenant.router()
                .classify(new Utterance(
                        body.message().content(),
                        history,
                        known(body.contact()),
                        Request.payer(tenant, body.conversationId())));
        Route route = tenant.router().route(heard);
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("keywords", heard.keywords());
        metadata.put("sentiment", heard.sentiment().name().toLowerCase(Locale.ROOT));
        metadata.put("language", heard.language().tag());
        metadata.put(
                "signals",
                heard.signals().stream()
                        .map(signal -> signal.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .toList());
        metadata.put("evidence", heard.evidence());
        var data = new LinkedHashMap<String, Object>();
        data.put("intent", heard.intent());
        data.put("confidence", heard.confidence());
        data.put("suggested_agent", route.bot());
        data.put("team_id", route.teamId());
        data.put(
                "agent_id", route.agentIds().isEmpty() ? null : route.agentIds().get(0));
        data.put("agent_ids", route.agentIds());
        data.put("labels", route.labels());
        data.put("mode", route.mode().name().toLowerCase(Locale.ROOT));
        data.put("metadata", metadata);
        Envelope.ok(ctx, data);
    }
}
