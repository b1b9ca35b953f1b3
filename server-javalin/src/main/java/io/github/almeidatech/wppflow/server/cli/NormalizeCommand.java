package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.chatwoot.WebhookAuthenticator;
import io.github.almeidatech.wppflow.chatwoot.WebhookKind;
import io.github.almeidatech.wppflow.chatwoot.WebhookSecret;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.Delivery;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.normalizer.Normalizer;
import io.github.almeidatech.wppflow.normalizer.NormalizerException;
import io.github.almeidatech.wppflow.server.NormalizedView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** M1 on the command line. */
@Command(
        name = "normalize",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what Chatwoot deliveries mean. Reads JSON Lines and writes JSON Lines.",
            "In:  {\"id\",\"source\",\"payload\"}, or {\"id\",\"source\",\"headers\",\"raw_body\",\"secret\",\"at_epoch\"}",
            "     to check the signature too. Source: agent-bot, account, inbox, n8n or api.",
            "Out: id, actionable, reason, and every fact of the delivery."
        })
final class NormalizeCommand implements Callable<Integer> {

    private static final TenantId TENANT = new TenantId("cli");

    @Option(
            names = "--region",
            defaultValue = "BR",
            description = "country of numbers without a country code (${DEFAULT-VALUE})")
    private String region;

    @Option(names = "--inboxes", split = ",", description = "only these inbox ids are served; all by default")
    private List<Long> inboxes = List.of();

    @Option(
            names = "--extra-whatsapp-inboxes",
            split = ",",
            description = "inbox ids of other channels to be served as well")
    private List<Long> extraInboxes = List.of();

    @Override
    public Integer call() throws IOException {
        Normalizer normalizer = Normalizer.builder()
                .phoneRegion(region)
                .inboxes(inboxes)
                .extraWhatsappInboxes(extraInboxes)
                .build();
        JsonLines.run(System.in, System.out, (line, answer) -> normalize(normalizer, line, answer));
        return 0;
    }

    private static void normalize(Normalizer normalizer, ObjectNode line, ObjectNode answer) {
        JsonNode named = line.get("source");
        DeliverySource source = named == null || named.isNull()
                ? DeliverySource.API
                : DeliverySource.of(JsonLines.text(line, "source"));
        byte[] body;
        if (line.has("raw_body")) {
            body = JsonLines.text(line, "raw_body").getBytes(StandardCharsets.UTF_8);
            String refusal = refusal(line, source, body);
            if (refusal != null) {
                answer.put("actionable", false);
                answer.put("reason", refusal);
                return;
            }
        } else if (line.has("payload")) {
            body = bytes(line.get("payload"));
        } else {
            throw new IllegalArgumentException("\"payload\" or \"raw_body\" wanted");
        }
        try {
            Map<String, Object> facts = NormalizedView.facts(normalizer.normalize(Delivery.of(TENANT, source, body)));
            answer.setAll((ObjectNode) JsonLines.MAPPER.valueToTree(facts));
        } catch (NormalizerException e) {
            answer.put("actionable", false);
            answer.put("error", e.getMessage());
        }
    }

    /** Why the delivery is not authentic, or null when it is, or when no secret is given to tell. */
    private static @Nullable String refusal(ObjectNode line, DeliverySource source, byte[] body) {
        if (!line.hasNonNull("secret")) {
            return null;
        }
        WebhookKind kind = WebhookKind.ofWord(source.word()).orElse(WebhookKind.AGENT_BOT);
        Instant at = line.hasNonNull("at_epoch")
                ? Instant.ofEpochSecond(line.get("at_epoch").asLong())
                : Instant.now();
        return WebhookAuthenticator.bySignature(
                        Map.of(kind, List.of(WebhookSecret.of(JsonLines.text(line, "secret")))), () -> at)
                .authenticate(
                        kind, headers(line, "X-Chatwoot-Timestamp"), headers(line, "X-Chatwoot-Signature"), null, body)
                .<@Nullable String>match(
                        authentic -> null, rejected -> rejected.reason().word());
    }

    private static List<String> headers(ObjectNode line, String name) {
        var values = new java.util.ArrayList<String>();
        JsonNode headers = line.path("headers");
        headers.properties().forEach(header -> {
            if (header.getKey().equalsIgnoreCase(name)) {
                if (header.getValue().isArray()) {
                    header.getValue().forEach(each -> values.add(each.asText()));
                } else {
                    values.add(header.getValue().asText());
                }
            }
        });
        return values;
    }

    private static byte[] bytes(JsonNode payload) {
        try {
            return JsonLines.MAPPER.writeValueAsBytes(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that is not JSON", e);
        }
    }
}
