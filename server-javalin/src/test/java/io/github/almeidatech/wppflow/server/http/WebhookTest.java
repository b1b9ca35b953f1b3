package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.chatwoot.WebhookSecret;
import io.github.almeidatech.wppflow.server.LoggedLines;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each kind of delivery is answered. */
class WebhookTest {

    @TempDir
    private static Path data;

    private static final String PRESENT = "an-invented-secret-of-the-account";
    private static final String PREVIOUS = "an-invented-secret-it-had-before";

    private static TestServer server;
    private static long nextMessage = 500_000;

    @BeforeAll
    static void start() throws Exception {
        String account = "WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__";
        server = TestServer.start(
                data,
                Map.of(
                        account + "ACCOUNT_SECRETS",
                        "[\"${env:PRESENT}\", \"${env:PREVIOUS}\"]",
                        account + "PREVIOUS_UNTIL",
                        "2026-01-01T00:00:00Z",
                        "PRESENT",
                        PRESENT,
                        "PREVIOUS",
                        PREVIOUS));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_signed_message_of_a_customer_is_accepted_and_its_repetition_a_duplicate() {
        String body = message("\"message_type\":\"incoming\"");

        Answer first = server.deliver(body);
        Answer second = server.deliver(body);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.data().path("accepted").asBoolean()).isTrue();
        assertThat(first.data().path("reason").asText()).isEqualTo("customer_message");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.data().path("duplicate").asBoolean()).isTrue();
    }

    @Test
    void a_body_is_kept_to_the_byte() throws Exception {
        String body = message("\"message_type\" : \"incoming\", \"note\": \"diária de cão 🐶 e \\u00e7\"");

        assertThat(server.deliver(body).data().path("accepted").asBoolean()).isTrue();

        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("wppflow.db"));
                var statement = connection.prepareStatement("select raw from inbox where message_id = ?")) {
            statement.setLong(1, nextMessage);
            var rows = statement.executeQuery();
            assertThat(rows.next()).isTrue();
            assertThat(rows.getBytes(1)).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void forged_stale_and_unsigned_ones_are_refused_alike_whether_the_tenant_exists_or_not() {
        String body = message("\"message_type\":\"incoming\"");

        Answer forged = server.deliver(body, "a-secret-that-is-not-the-right-one", Instant.now());
        Answer stale = server.deliver(
                body, server.sandbox().webhookSecret(), Instant.now().minusSeconds(301));
        Answer unsigned = server.send(request("/webhooks/chatwoot/pet-hotel/agent-bot", body));
        Answer nobody = server.send(request("/webhooks/chatwoot/nobody/agent-bot", body));
        Answer otherKind = server.send(request("/webhooks/chatwoot/pet-hotel/account", body));

        assertThat(forged.status()).isEqualTo(401);
        assertThat(forged.body().at("/error/details/reason").asText()).isEqualTo("invalid_signature");
        assertThat(stale.body().at("/error/details/reason").asText()).isEqualTo("stale_signature");
        assertThat(unsigned.body().at("/error/details/reason").asText()).isEqualTo("missing_signature");
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(nobody.body()).isEqualTo(unsigned.body());
        assertThat(otherKind.status()).isEqualTo(401);
        assertThat(server.deliver(body).data().path("accepted").asBoolean()).isTrue();
    }

    @Test
    void a_secret_that_was_replaced_is_refused_when_its_time_is_over() {
        String body = message("\"message_type\":\"incoming\"");

        Answer previous = server.deliver("account", body, PREVIOUS, Instant.now());
        Answer present = server.deliver("account", body, PRESENT, Instant.now());

        assertThat(previous.status()).isEqualTo(401);
        assertThat(present.status()).isEqualTo(200);
        String key = WebhookSecret.of(PRESENT).keyId();
        assertThat(server.get("/metrics").response().body())
                .contains("wppflow_webhook_authentic_total{key=\"" + key + "\",tenant=\"pet-hotel\"} 1.0")
                .doesNotContain(WebhookSecret.of(PREVIOUS).keyId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"message_type\":\"outgoing\",\"sender\":{\"id\":2,\"name\":\"b\",\"type\":\"agent_bot\"} | own_bot_message",
                "\"message_type\":\"outgoing\",\"sender\":{\"id\":6,\"name\":\"Ana\",\"type\":\"user\"} | human_agent_message",
                "\"message_type\":\"outgoing\",\"private\":true,\"sender\":{\"id\":6,\"name\":\"Ana\",\"type\":\"user\"} | private_note",
                "\"message_type\":\"template\",\"sender\":null | template_message",
            })
    void what_is_no_message_of_a_customer_is_200_with_its_reason(String parts, String reason) {
        Answer answer = server.deliver(message(parts));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().path("accepted").asBoolean()).isFalse();
        assertThat(answer.data().path("reason").asText()).isEqualTo(reason);
    }

    @Test
    void a_message_in_a_conversation_of_a_person_is_kept_as_history() {
        Answer answer = server.deliver(message("\"message_type\":\"incoming\"").replace("\"pending\"", "\"open\""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().path("accepted").asBoolean()).isFalse();
        assertThat(answer.data().path("reason").asText()).isEqualTo("human_owned");
    }

    @Test
    void what_cannot_be_read_is_named_and_kept_in_quarantine() {
        Answer answer = server.deliver(
                message("\"message_type\":\"incoming\"").replace("\"content\":", "\"content\":[],\"x\":"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.errorCode()).isEqualTo("ERR_VALIDATION");
        assertThat(answer.body().at("/error/details/field").asText()).isEqualTo("content");
        assertThat(server.get("/api/v1/events?event_type=webhook.quarantined")
                        .data()
                        .path("events"))
                .isNotEmpty();
    }

    @Test
    void log_lines_name_tenant_and_delivery_unless_the_delivery_s_name_is_none() {
        String body = message("\"message_type\":\"incoming\"").replace("\"content\":", "\"content\":[],\"x\":");
        String id = "0b1c9a52-7d7e-4f0a-9d5e-3c2f6d1e8a70";
        try (var lines = new LoggedLines()) {
            server.send(signed(body).header("X-Chatwoot-Delivery", id));
            server.send(signed(body).header("X-Chatwoot-Delivery", "Ana Exemplo"));

            assertThat(lines.contexts("in quarantine"))
                    .containsExactly(Map.of("tenant", "pet-hotel", "delivery", id), Map.of("tenant", "pet-hotel"));
        }
    }

    private static HttpRequest.Builder signed(String body) {
        String timestamp = String.valueOf(Instant.now().getEpochSecond());
        return request("/webhooks/chatwoot/pet-hotel/agent-bot", body)
                .header("X-Chatwoot-Timestamp", timestamp)
                .header(
                        "X-Chatwoot-Signature",
                        TestServer.signature(server.sandbox().webhookSecret(), timestamp, body));
    }

    @Test
    void broken_json_is_400_wrong_types_415_and_too_much_413() throws Exception {
        assertThat(server.deliver("{").status()).isEqualTo(400);
        assertThat(server.deliver("[".repeat(100_000)).status()).isEqualTo(400);
        assertThat(server.announce("/webhooks/chatwoot/pet-hotel/agent-bot", 3_000_000))
                .isEqualTo(413);
        assertThat(server.send(HttpRequest.newBuilder(server.uri("/webhooks/chatwoot/pet-hotel/agent-bot"))
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("{}")))
                        .status())
                .isEqualTo(415);
        assertThat(server.send(request("/webhooks/chatwoot/pet-hotel/agent-bot", "{}")
                                .header("Content-Encoding", "gzip"))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void a_kind_of_webhook_that_does_not_exist_is_404_and_another_method_405() {
        assertThat(server.send(request("/webhooks/chatwoot/pet-hotel/telegram", "{}"))
                        .status())
                .isEqualTo(404);
        assertThat(server.send(HttpRequest.newBuilder(server.uri("/webhooks/chatwoot/pet-hotel/agent-bot"))
                                .GET())
                        .status())
                .isEqualTo(405);
    }

    @Test
    void a_delivery_through_n8n_is_taken_with_the_tenants_token() {
        String body =
                "{\"headers\":{},\"params\":{},\"query\":{},\"body\":" + message("\"message_type\":\"incoming\"") + "}";

        assertThat(server.send(request("/webhooks/n8n/pet-hotel", body)).status())
                .isEqualTo(401);
        assertThat(server.post("/webhooks/n8n/pet-hotel", body)
                        .data()
                        .path("accepted")
                        .asBoolean())
                .isTrue();
        assertThat(server.post("/webhooks/n8n/other", body).status()).isEqualTo(403);
    }

    private static HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    /** A delivery in the layout of Chatwoot 4.15, of a conversation nobody else uses. */
    private static String message(String parts) {
        nextMessage++;
        long conversation = nextMessage;
        String sender = parts.contains("\"sender\"")
                ? ""
                : ",\"sender\":{\"id\":27,\"name\":\"Joana Exemplo\",\"phone_number\":\"+5511990000002\"}";
        return "{\"event\":\"message_created\",\"id\":" + nextMessage
                + ",\"content\":\"obrigada!\",\"content_type\":\"text\","
                + "\"created_at\":\"" + Instant.now() + "\",\"account\":{\"id\":"
                + server.chatwoot().accountId() + ",\"name\":\"Conta\"},"
                + "\"inbox\":{\"id\":4,\"name\":\"WhatsApp\"},\"conversation\":{\"id\":" + conversation
                + ",\"channel\":\"Channel::Whatsapp\",\"inbox_id\":4,\"status\":\"pending\",\"meta\":{\"sender\":{\"id\":27,\"name\":\"Joana Exemplo\","
                + "\"phone_number\":\"+5511990000002\",\"type\":\"contact\"},\"assignee\":null},"
                + "\"contact_inbox\":{\"source_id\":\"5511990000002\"}}," + parts + sender + "}";
    }
}
