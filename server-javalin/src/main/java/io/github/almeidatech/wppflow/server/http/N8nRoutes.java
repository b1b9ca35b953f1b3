package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.assistant.CorrelationId;
import io.github.almeidatech.wppflow.assistant.LateAnswers;
import io.github.almeidatech.wppflow.assistant.WorkflowAnswer;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.server.OutgoingWebhooks;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.webhook.WebhookSignature;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What comes from n8n workflows: Chatwoot's deliveries passed on, and answers to questions a workflow was asked earlier;
 * these are told by their {@code correlation_id}. A bearer token that may write says who it is, or a signature with the
 * secret of one of the tenant's outgoing webhooks.
 */
final class N8nRoutes implements RouteGroup {

    private static final String CORRELATION_ID = "correlation_id";
    private static final String TENANT_ID = "tenant_id";

    private final Tenants tenants;
    private final Deliveries deliveries;
    private final OutgoingWebhooks webhooks;
    private final LateAnswers answers;
    private final ClientAddresses addresses;
    private final Refusals refusals;
    private final int maxBytes;

    N8nRoutes(
            Tenants tenants,
            Deliveries deliveries,
            OutgoingWebhooks webhooks,
            LateAnswers answers,
            ClientAddresses addresses,
            Refusals refusals,
            int maxBytes) {
        this.tenants = tenants;
        this.deliveries = deliveries;
        this.webhooks = webhooks;
        this.answers = answers;
        this.addresses = addresses;
        this.refusals = refusals;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/webhooks/n8n/{tenant}", this::take, Access.WRITE, Access.SIGNED);
    }

    private void take(Context ctx) {
        long start = System.nanoTime();
        Tenants.Tenant tenant;
        byte[] body;
        if (ctx.header(WebhookSignature.SIGNATURE_HEADER) == null) {
            tenant = Request.tenant(ctx, tenants, ctx.pathParam("tenant"));
            body = Request.json(ctx, maxBytes);
        } else {
            body = Request.json(ctx, maxBytes);
            tenant = signer(ctx, body);
        }
        ObjectNode answer = answerIn(body);
        if (answer == null) {
            deliveries.receive(ctx, tenant, DeliverySource.N8N, body, start);
        } else {
            answer(ctx, tenant, answer);
        }
    }

    private Tenants.Tenant signer(Context ctx, byte[] body) {
        Optional<Tenants.Tenant> signer = tenants.find(ctx.pathParam("tenant"))
                .filter(tenant -> webhooks.signed(
                        tenant.id(),
                        ctx.header(WebhookSignature.TIMESTAMP_HEADER),
                        ctx.header(WebhookSignature.SIGNATURE_HEADER),
                        body));
        return signer.orElseThrow(() -> {
            refusals.refused(addresses.of(ctx));
            return new ApiException(ApiError.ERR_UNAUTHORIZED, Map.of("reason", "invalid_signature"));
        });
    }

    /** Null for anything that is no answer: that is the normalizer's to judge, and to keep in quarantine. */
    private static @Nullable ObjectNode answerIn(byte[] body) {
        try {
            JsonNode tree = StrictJson.tree(body);
            return tree instanceof ObjectNode object && object.has(CORRELATION_ID) ? object : null;
        } catch (ApiException e) {
            return null;
        }
    }

    private void answer(Context ctx, Tenants.Tenant tenant, ObjectNode body) {
        CorrelationId question = CorrelationId.read(
                        tenant.id(), body.path(CORRELATION_ID).asText())
                .orElseThrow(() -> ApiException.invalid(CORRELATION_ID, "as it was given with the question"));
        if (body.hasNonNull(TENANT_ID)
                && !body.path(TENANT_ID).asText().equals(tenant.id().value())) {
            throw new ApiException(ApiError.ERR_INVALID_TENANT, 403, Map.of("field", TENANT_ID), null);
        }
        LateAnswers.Receipt receipt = answers.take(question, read(tenant, body));
        switch (receipt) {
            case TAKEN, DUPLICATE -> {
                var data = new LinkedHashMap<String, Object>();
                data.put("accepted", receipt == LateAnswers.Receipt.TAKEN);
                data.put("duplicate", receipt == LateAnswers.Receipt.DUPLICATE);
                data.put("reason", receipt.word());
                data.put(CORRELATION_ID, question.text());
                Envelope.ok(ctx, data);
            }
            case UNKNOWN ->
                throw new ApiException(
                        ApiError.ERR_NOT_FOUND, Map.of("field", CORRELATION_ID, "problem", "nobody asked that"));
            case NEWER_MESSAGE, HUMAN_OWNED, ANSWERED_OTHERWISE ->
                throw new ApiException(ApiError.ERR_EXPIRED, Map.of("reason", receipt.word()));
        }
    }

    private static WorkflowAnswer read(Tenants.Tenant tenant, ObjectNode body) {
        ObjectNode form = body.deepCopy();
        form.remove(CORRELATION_ID);
        form.remove(TENANT_ID);
        try {
            return WorkflowAnswer.read(StrictJson.MAPPER.convertValue(form, Map.class), tenant.sendableFrom()::permits);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiError.ERR_VALIDATION, 422, Map.of("problem", String.valueOf(e.getMessage())), e);
        }
    }
}
