package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyContext;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every example in docs/policies.md does what is written below it. */
class PolicyDocsTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final Pattern EXAMPLE =
            Pattern.compile("(?s)```yaml\\n([^`]*)```\\s+```json\\n([^`]*)```\\s+```json\\n([^`]*)```");
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    @Test
    void every_example_is_valid_and_does_what_it_says() throws Exception {
        var examples = EXAMPLE.matcher(page());
        var kinds = new ArrayList<String>();

        while (examples.find()) {
            Policies policies = Policies.parse(new YAMLMapper().readValue(examples.group(1), Object.class))
                    .match(valid -> valid, problems -> {
                        throw new AssertionError(problems + " in\n" + examples.group(1));
                    });
            PolicyPlan plan = new PolicyEngine(policies).decide(List.of(event(examples.group(2))), context());

            assertThat(view(plan).toString())
                    .as(examples.group(1))
                    .isEqualTo(JSON.readTree(examples.group(3)).toString());
            plan.firings().forEach(firing -> kinds.addAll(firing.actions()));
        }

        assertThat(kinds)
                .contains(
                        "send_message",
                        "send_attachment",
                        "assign",
                        "labels",
                        "conversation_attributes",
                        "contact_attributes",
                        "update_contact",
                        "write_row",
                        "call_webhook",
                        "emit_event",
                        "hand_off",
                        "pause_bot",
                        "follow_up");
    }

    private static Event event(String json) throws Exception {
        JsonNode node = JSON.readTree(json);
        var tenant = new TenantId("pet-hotel");
        Map<String, Object> payload = JSON.convertValue(
                node.path("payload"), JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
        return new Event(
                "e-1",
                tenant,
                new ConversationId(tenant, 1, 42),
                "person",
                node.path("event_type").asText(),
                1,
                payload,
                Event.Source.valueOf(node.path("source").asText("system").toUpperCase(Locale.ROOT)),
                node.has("confidence") ? node.path("confidence").doubleValue() : null,
                null,
                0,
                NOW);
    }

    private static PolicyContext context() {
        var contact = Map.of(
                "name", "Ana Souza",
                "first_name", "Ana",
                "phone", "+5511990000401",
                "custom_fields", Map.of("pet", "Rex"));
        return new PolicyContext(Map.of("contact", contact, "local", Map.of("hour", 9, "open", true)), 7L, false, NOW);
    }

    private static ArrayNode view(PolicyPlan plan) {
        ArrayNode view = JSON.createArrayNode();
        plan.commands().forEach(command -> {
            ObjectNode fields = JSON.valueToTree(command);
            fields.remove(List.of("answer", "speaks_to_customer", "line", "person_key"));
            fields.findParents("answer").forEach(each -> ((ObjectNode) each).remove("answer"));
            if (fields.path("payload").has("cause_id")) {
                ((ObjectNode) fields.path("payload")).put("cause_id", "…");
            }
            view.addObject().set(FlowEvents.word(command), fields);
        });
        plan.events().stream()
                .filter(event -> !event.type().startsWith("policy."))
                .forEach(event -> view.addObject().set(event.type(), JSON.valueToTree(event.payload())));
        if (plan.ownership() != null) {
            view.addObject()
                    .put("owner", plan.ownership().owner().name().toLowerCase(Locale.ROOT))
                    .put("until", String.valueOf(plan.ownership().until()));
        }
        return view;
    }

    private static String page() throws Exception {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return Files.readString(folder.resolve("docs/policies.md")).replace("\r\n", "\n");
            }
        }
        throw new IllegalStateException("no folder above holds mvnw");
    }
}
