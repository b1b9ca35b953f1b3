package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.normalizer.NormalizerException;
import io.github.almeidatech.wppflow.server.Intake;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/** What is done with an authentic delivery, whoever brought it: stored, counted, answered. */
record Deliveries(Intake intake, Metrics metrics) {

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F-]{1,36}");

    /**
     * From here to the end of the request, log lines name tenant and delivery.
     *
     * @param start {@link System#nanoTime()} when it arrived
     */
    void receive(Context ctx, Tenants.Tenant tenant, DeliverySource source, byte[] body, long start) {
        MDC.put("tenant", tenant.id().value());
        String id = ctx.header("X-Chatwoot-Delivery");
        if (id != null && ID.matcher(id).matches()) {
            MDC.put("delivery", id);
        }
        try {
            Intake.Receipt receipt = intake.receive(tenant, source, body);
            metrics.received(tenant.id(), receipt, Duration.ofNanos(System.nanoTime() - start));
            var data = new LinkedHashMap<String, Object>();
            data.put("accepted", receipt.accepted());
            data.put("duplicate", receipt.duplicate());
            data.put("reason", receipt.reason());
            data.put(
                    "conversation_id",
                    receipt.conversationId() == null ? null : String.valueOf(receipt.conversationId()));
            data.put("message_id", receipt.messageId());
            Envelope.ok(ctx, data);
        } catch (NormalizerException e) {
            metrics.quarantined(tenant.id());
            throw ApiExceptions.of(e);
        }
    }

    /** After the request, whatever became of it. */
    static void forget(Context ctx) {
        MDC.remove("delivery");
        MDC.remove("tenant");
    }
}
