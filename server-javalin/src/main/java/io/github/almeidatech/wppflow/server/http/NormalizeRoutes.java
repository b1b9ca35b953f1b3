package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.normalizer.Delivery;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.normalizer.NormalizerException;
import io.github.almeidatech.wppflow.server.NormalizedView;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.NotNull;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** M1 over HTTP: what a delivery means. Nothing is stored; one that is no customer's message is no error. */
final class NormalizeRoutes implements RouteGroup {

    /** What a body has that is a payload itself. */
    private static final Set<String> WRAPPERS = Set.of("event", "body", "json");

    private final Tenants tenants;
    private final int maxBytes;

    NormalizeRoutes(Tenants tenants, int maxBytes) {
        this.tenants = tenants;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/messages/normalize", this::normalize, Access.READ);
    }

    /**
     * A Chatwoot body, or one wrapped by an n8n Webhook node, or the first system's form; with an envelope around it to name
     * tenant and source. An n8n node often sends it without the envelope: then all of the body is the payload.
     */
    record Normalize(
            @Nullable String tenantId,
            @NotNull JsonNode payload,
            @Nullable String source) {}

    private Normalize read(Context ctx) {
        byte[] bytes = Request.json(ctx, maxBytes);
        JsonNode tree = StrictJson.tree(bytes);
        boolean wrapped = WRAPPERS.stream().anyMatch(tree::has) || tree.isArray();
        return !tree.has("payload") && wrapped
                ? new Normalize(null, tree, null)
                : Body.valid(StrictJson.read(bytes, Normalize.class));
    }

    private void normalize(Context ctx) {
        Normalize body = read(ctx);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        if (body.payload().isNull() || body.payload().isMissingNode()) {
            throw ApiException.missing("payload");
        }
        DeliverySource source = DeliverySource.API;
        if (body.source() != null) {
            try {
                source = DeliverySource.of(body.source());
            } catch (IllegalArgumentException e) {
                throw ApiException.invalid("source", String.valueOf(e.getMessage()));
            }
        }
        try {
            byte[] payload = StrictJson.MAPPER.writeValueAsBytes(body.payload());
            Envelope.ok(
                    ctx,
                    NormalizedView.message(tenant.normalizer().normalize(Delivery.of(tenant.id(), source, payload))));
        } catch (NormalizerException e) {
            throw ApiExceptions.of(e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that is not JSON", e);
        }
    }
}
