package io.github.almeidatech.wppflow.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of API calls and webhooks changed at random: taken or refused, never our failure. */
class ApiFuzzTest {

    /** The extended tests try more: {@code -Dfuzz.bodies=100000}, and others: {@code -Dfuzz.seed=7}. */
    private static final int BODIES = Integer.getInteger("fuzz.bodies", 1_500);

    /** Each is written to disk and worked on, so there are fewer. */
    private static final int WEBHOOK_BODIES = BODIES / 3;

    private static final long SEED = Long.getLong("fuzz.seed", 20_261_125L);

    private static final String MESSAGE = """
            {"event":"message_created","id":1001,"content":"quanto custa a diária?","message_type":"incoming","private":false,\
            "content_type":"text","created_at":1795600000,"account":{"id":1},"inbox":{"id":4},"sender":{"id":27,"name":"Ana Exemplo",\
            "phone_number":"+5561990000002"},"conversation":{"id":88,"inbox_id":4,"channel":"Channel::Whatsapp","status":"pending",\
            "labels":["vip"],"contact_inbox":{"source_id":"5561990000002"},"meta":{"sender":{"id":27,"phone_number":"+5561990000002"},\
            "assignee":null}},"attachments":[{"id":1,"file_type":"audio","data_url":"https://chat.example.com/a.ogg"}]}""";
    private static final List<String> WEBHOOKS = List.of(
            MESSAGE,
            MESSAGE.replace("incoming", "outgoing"),
            MESSAGE.replace("message_created", "message_updated"),
            "{\"event\":\"conversation_status_changed\",\"id\":88,\"status\":\"open\",\"account\":{\"id\":1},\"inbox_id\":4,\"meta\":{}}",
            "{\"event\":\"contact_updated\",\"id\":27,\"phone_number\":\"+5561990000002\",\"account\":{\"id\":1}}");

    private static final List<Map.Entry<String, String>> ORIGINALS = List.of(
            Map.entry(
                    "/api/v1/messages/normalize",
                    "{\"tenant_id\":\"pet-hotel\",\"payload\":{\"event\":\"message_created\",\"id\":7,\"content\":\"oi\"}}"),
            Map.entry(
                    "/api/v1/routing/classify",
                    "{\"message\":{\"content\":\"tem vaga?\"},\"contact\":{\"custom_fields\":{\"a\":1}},\"conversation_history\":[{\"role\":\"customer\",\"content\":\"oi\"}]}"),
            Map.entry(
                    "/api/v1/events/log",
                    "{\"event_type\":\"order.paid\",\"conversation_id\":1,\"contact_id\":\"c-1\",\"payload\":{\"total\":170},\"confidence\":1}"),
            Map.entry(
                    "/api/v1/knowledge-base/query",
                    "{\"query\":\"quanto custa a diária?\",\"context\":\"oi\",\"top_k\":3,\"domain\":null}"),
            Map.entry(
                    "/api/v1/contacts/upsert",
                    "{\"phone\":\"+5511990000071\",\"name\":\"Iara Exemplo\",\"email\":\"iara@example.com\",\"custom_fields\":{\"pet\":\"Rex\"}}"),
            Map.entry(
                    "/api/v1/policies/dry-run",
                    "{\"policies\":[{\"id\":\"p\",\"event\":\"turn.*\",\"condition\":{\"==\":[{\"var\":\"reason\"},\"urgent\"]},\"actions\":[{\"add_labels\":[\"x\"]}]}]}"));

    private static final List<String> PIECES = List.of(
            "null",
            "true",
            "-1",
            "1e999",
            "\"\"",
            "[]",
            "{}",
            "[[[[",
            "\"\\u0000\"",
            "9999999999999999999",
            "\"a\":",
            ",,",
            "}");

    @TempDir
    private Path data;

    @Test
    void no_body_makes_the_server_fail() throws Exception {
        var random = new Random(SEED);
        int refused = 0;
        try (TestServer server = TestServer.start(data, Map.of("WPPFLOW_SERVER__API_CALLS_PER_SECOND", "100000"))) {
            for (int i = 0; i < BODIES; i++) {
                var original = ORIGINALS.get(random.nextInt(ORIGINALS.size()));
                byte[] body = random.nextBoolean()
                        ? bytesChanged(original.getValue(), random)
                        : pieceChanged(original.getValue(), random);
                Answer answer = server.send(HttpRequest.newBuilder(server.uri(original.getKey()))
                        .header("Authorization", "Bearer " + server.sandbox().token())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body)));

                assertThat(answer.status())
                        .as(() -> "seed " + SEED + ", " + original.getKey() + " "
                                + new String(body, StandardCharsets.UTF_8) + " "
                                + answer.response().body())
                        .isLessThan(500);
                refused += answer.status() >= 400 ? 1 : 0;
            }
        }
        assertThat(refused).as("both outcomes are tried").isBetween(BODIES / 10, BODIES * 99 / 100);
    }

    @Test
    void no_signed_webhook_makes_the_server_fail() throws Exception {
        var random = new Random(SEED);
        int refused = 0;
        try (TestServer server = TestServer.start(data, Map.of("WPPFLOW_SERVER__WEBHOOKS_PER_SECOND", "100000"))) {
            for (int i = 0; i < WEBHOOK_BODIES; i++) {
                String original = WEBHOOKS.get(random.nextInt(WEBHOOKS.size()));
                byte[] body = random.nextBoolean() ? bytesChanged(original, random) : pieceChanged(original, random);

                Answer answer = server.deliver(body);

                assertThat(answer.status())
                        .as(() -> "seed " + SEED + ", " + new String(body, StandardCharsets.UTF_8) + " "
                                + answer.response().body())
                        .isIn(200, 400, 403, 422); // 403: the number of another account came about
                refused += answer.status() >= 400 ? 1 : 0;
            }
        }
        assertThat(refused).as("both outcomes are tried").isBetween(WEBHOOK_BODIES / 10, WEBHOOK_BODIES * 99 / 100);
    }

    private static byte[] bytesChanged(String original, Random random) {
        byte[] body = original.getBytes(StandardCharsets.UTF_8);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    /** A stretch replaced by something else, as often as not where a value stood. */
    private static byte[] pieceChanged(String original, Random random) {
        int colon = original.indexOf(':', random.nextInt(original.length()));
        int from = colon < 0 ? random.nextInt(original.length()) : colon + 1;
        int to = Math.min(original.length(), from + random.nextInt(12));
        String changed =
                original.substring(0, from) + PIECES.get(random.nextInt(PIECES.size())) + original.substring(to);
        return changed.getBytes(StandardCharsets.UTF_8);
    }
}
