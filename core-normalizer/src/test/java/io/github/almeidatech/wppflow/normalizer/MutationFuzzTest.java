package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads changed at random: each is understood or refused, and what is understood is whole. */
class MutationFuzzTest {

    /** The extended tests try more: {@code -Dfuzz.payloads=250000} for each seed, and others: {@code -Dfuzz.seed=7}. */
    private static final int PAYLOADS = Integer.getInteger("fuzz.payloads", 5_000);

    private static final long SEED = Long.getLong("fuzz.seed", 0);

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "7.0",
            "1.5",
            "1e999",
            "9007199254740993",
            "123456789012345678901234567890",
            "\"\"",
            "\" \"",
            "\"open\"",
            "\"pending\"",
            "\"outgoing\"",
            "\"message_updated\"",
            "\"conversation_updated\"",
            "\"user\"",
            "\"#bot off\"",
            "\"+556181234567\"",
            "\"120363000000000001@g.us\"",
            "\"Channel::Api\"",
            "\"2026-09-01T12:00:00Z\"",
            "\"\\u0000\\ud83d\"",
            "\"🐶\\u202e\"",
            "[]",
            "{}",
            "[{}]",
            "[[[[]]]]",
            "{\"id\":1,\"type\":\"user\"}",
            "{\"event\":\"message_created\"}",
            "[{\"id\":1,\"file_type\":\"image\",\"data_url\":\"%%%\"}]",
            "[{\"file_type\":\"location\",\"coordinates_lat\":\"1\"}]",
            "[{\"status\":{\"previous_value\":\"pending\"}}]");

    private static final List<String> KEYS = List.of(
            "event", "body", "payload", "json", "tenant_id", "private", "attachments", "content_attributes", "status");

    private static List<String> originals() {
        String message = Payload.message().json();
        return List.of(
                message,
                Payload.outgoing(Payload.agent()).json(),
                Payload.conversation("conversation_updated")
                        .set("changed_attributes", "[{'status': {'previous_value': 'open'}}, {'assignee_id': {}}]")
                        .json(),
                Payload.message()
                        .set(
                                "attachments",
                                "[{'id': 1, 'file_type': 'audio', 'data_url': 'https://chat.example.com/a.ogg?x=1'},"
                                        + " {'id': 2, 'file_type': 'location', 'coordinates_lat': 1.5}]")
                        .json(),
                "{\"headers\":{},\"params\":{},\"query\":{},\"body\":" + message + "}",
                "{\"tenant_id\":\"hotel-patinhas\",\"payload\":" + message + "}",
                "{\"event\":\"message_created\",\"body\":{\"conversation\":{\"id\":60,\"contact\":{\"phone_number\":"
                        + "\"+55 61 99999-0001\"}},\"message\":{\"content\":\"oi\",\"attachments\":[{\"file_url\":\"u\"}]}}}",
                "{\"event\":\"contact_updated\",\"id\":27,\"phone_number\":\"+5561990000002\",\"account\":{\"id\":1}}");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_260_901})
    void every_changed_payload_is_understood_or_refused(long seed) {
        Random random = new Random(SEED + seed);
        List<String> originals = originals();
        Normalizer normalizer =
                Payload.normalizer().ownership(OwnershipMode.AGENT_BOT).build();
        int understood = 0;
        for (int i = 0; i < PAYLOADS; i++) {
            String original = originals.get(random.nextInt(originals.size()));
            byte[] body = random.nextInt(4) == 0 ? bytesChanged(original, random) : treeChanged(original, random);
            try {
                check(normalizer.normalize(Delivery.of(Payload.TENANT, DeliverySource.N8N, body)));
                understood++;
            } catch (NormalizerException refused) {
                assertThat(refused.error().httpStatus()).isIn(400, 403, 422);
            } catch (RuntimeException | AssertionError e) {
                fail(
                        "seed " + SEED + " + " + seed + ", payload " + i + ": "
                                + new String(body, StandardCharsets.UTF_8),
                        e);
            }
        }
        assertThat(understood).as("seed %d: both outcomes are tried", seed).isBetween(PAYLOADS / 5, PAYLOADS * 4 / 5);
    }

    private static void check(Normalized normalized) {
        assertThat(normalized.actionable()).isEqualTo(normalized.reason() == Reason.CUSTOMER_MESSAGE);
        boolean kept = normalized.actionable() || normalized.reason() == Reason.HUMAN_OWNED;
        assertThat(normalized.message().isPresent()).isEqualTo(kept);
        normalized.message().ifPresent(message -> {
            assertThat(normalized.dedupeKeys()).isNotEmpty();
            assertThat(message.conversation()).isEqualTo(normalized.conversation());
            assertThat(message.text().isBlank() && message.attachments().isEmpty())
                    .isFalse();
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message.text()))
                    .isTrue();
        });
        normalized.ownership(Duration.ofHours(1)).ifPresent(signal -> {
            assertThat(normalized.conversationId()).isNotNull();
            assertThat(signal.reason()).matches("[a-z_]+");
        });
        assertThat(normalized.attachments()).hasSizeLessThanOrEqualTo(15);
        assertThat(normalized.timestamp().getEpochSecond()).isBetween(0L, 253_402_300_799L);
        assertThat(normalized.direction() == Direction.EVENT)
                .isEqualTo(normalized.type().word().equals("event"));
        assertThat(normalized.dedupeKeys()).allSatisfy(key -> assertThat(key).doesNotContain("\0"));
        assertThat(normalized.toString()).hasSizeLessThan(300);
    }

    private static byte[] bytesChanged(String original, Random random) {
        byte[] body = original.getBytes(StandardCharsets.UTF_8);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    private static byte[] treeChanged(String original, Random random) {
        JsonNode root = Payload.of(original);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            List<ContainerNode<?>> containers = new ArrayList<>();
            collect(root, containers);
            change(containers.get(random.nextInt(containers.size())), random);
        }
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container) {
            containers.add(container);
            node.forEach(each -> collect(each, containers));
        }
    }

    private static void change(ContainerNode<?> container, Random random) {
        JsonNode value = value(random);
        if (container instanceof ArrayNode array) {
            boolean small = value.isValueNode() && value.asText().length() < 100;
            int copies = random.nextInt(10) == 0 && small ? 120 : 1;
            for (int i = 0; i < copies; i++) {
                array.add(value);
            }
            return;
        }
        ObjectNode object = (ObjectNode) container;
        if (object.isEmpty() || random.nextInt(10) == 0) {
            object.set(KEYS.get(random.nextInt(KEYS.size())), value);
            return;
        }
        Iterator<String> names = object.fieldNames();
        String name = names.next();
        for (int skip = random.nextInt(object.size()); skip > 0; skip--) {
            name = names.next();
        }
        if (random.nextInt(4) == 0) {
            object.remove(name);
        } else {
            object.set(name, value);
        }
    }

    private static JsonNode value(Random random) {
        if (random.nextInt(40) == 0) {
            return JsonNodeFactory.instance.textNode("x".repeat(random.nextInt(200_000)));
        }
        return Payload.of("{\"value\":" + VALUES.get(random.nextInt(VALUES.size())) + "}")
                .get("value");
    }
}
