package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of different powers, an older Chatwoot with a secret in the path, limits, and intents of the tenant's own. */
class OperatorTest {

    private static final String READER = "reader-token-of-the-test-suite-0001";
    private static final String OPERATOR = "operator-token-of-the-test-suite-0001";
    private static final String PATH_SECRET = "path-secret-of-the-test-suite-0001";

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("READER", READER);
        settings.put("OPERATOR", OPERATOR);
        settings.put("PATH_SECRET", PATH_SECRET);
        settings.put(
                "WPPFLOW_API__TOKENS",
                "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [read, write, admin]},"
                        + " {name: reader, tenant: pet-hotel, token: '${env:READER}', scopes: [read]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin, read, write]}]");
        settings.put("WPPFLOW_SERVER__API_CALLS_PER_SECOND", "4");
        settings.put("WPPFLOW_SERVER__WEBHOOKS_PER_SECOND", "1");
        settings.put("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__MODE", "path_secret");
        settings.put("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__ADDRESSES", "[127.0.0.1, '::1', 203.0.113.0/24]");
        settings.put("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__PATH_SECRET", PATH_SECRET);
        settings.put("WPPFLOW_TENANTS__PET_HOTEL__ROUTING__INTENTS__SALES__MODE", "draft");
        settings.put("WPPFLOW_TENANTS__PET_HOTEL__ROUTING__INTENTS__SALES__LABELS", "[comercial]");
        settings.put(
                "WPPFLOW_TENANTS__PET_HOTEL__ROUTING__INTENTS__VISITA__EXAMPLES",
                "['posso conhecer o hotel antes?', 'dá pra fazer um tour aí?', 'queria visitar o espaço de vocês',"
                        + " 'vocês deixam conhecer as instalações?', 'posso passar aí pra ver como é?']");
        server = TestServer.start(data, settings);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_token_can_do_what_its_scopes_say() {
        assertThat(get("/api/v1/events", READER).status()).isEqualTo(200);
        assertThat(get("/metrics", READER).status()).isEqualTo(403);
        assertThat(post("/api/v1/events/log", READER, "{\"event_type\":\"a\"}").errorCode())
                .isEqualTo("ERR_FORBIDDEN");
        assertThat(get("/metrics", OPERATOR).status()).isEqualTo(200);
        assertThat(get("/metrics", "nobody").status()).isEqualTo(401);
    }

    @Test
    void a_load_balancer_sees_whether_it_is_ready_and_no_more() {
        Answer answer =
                server.send(HttpRequest.newBuilder(server.uri("/health/ready")).GET());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().toString()).isEqualTo("{\"ready\":true}");
    }

    @Test
    void requests_are_measured_by_route_and_never_by_what_stood_in_the_path() {
        get("/api/v1/contacts/pet-hotel/5511990000042", OPERATOR);
        get("/nowhere/5511990000042", OPERATOR);

        String figures = get("/metrics", OPERATOR).response().body();

        assertThat(figures)
                .contains("wppflow_http_seconds_count{route=\"/api/v1/contacts/{tenant}/{phone}\",status=\"404\"}")
                .contains("wppflow_http_seconds_count{route=\"none\",status=\"404\"}")
                .doesNotContain("5511990000042");
    }

    @Test
    void an_operator_names_the_tenant() {
        assertThat(get("/api/v1/events", OPERATOR).errorCode()).isEqualTo("ERR_MISSING_FIELD");
        assertThat(get("/api/v1/events?tenant_id=nobody", OPERATOR).errorCode()).isEqualTo("ERR_INVALID_TENANT");
        assertThat(get("/api/v1/events?tenant_id=pet-hotel", OPERATOR).status()).isEqualTo(200);
        assertThat(get("/api/v1/events?tenant_id=nobody", READER).status()).isEqualTo(403);
    }

    @Test
    void a_secret_in_the_path_proves_an_older_chatwoot_and_a_flood_is_told_to_come_later() {
        String body = "{\"event\":\"contact_updated\",\"id\":1}";

        assertThat(webhook("", body).status()).isEqualTo(401);
        assertThat(webhook("/wrong-secret-of-the-test-suite-0001", body).status())
                .isEqualTo(401);
        Answer right = webhook("/" + PATH_SECRET, body);
        assertThat(right.status()).isEqualTo(200);
        assertThat(right.data().path("reason").asText()).isEqualTo("not_message_created");
        boolean limited = false;
        for (int i = 0; i < 20 && !limited; i++) {
            limited = webhook("/" + PATH_SECRET, body).status() == 429;
        }
        assertThat(limited).isTrue();
    }

    @Test
    void the_right_secret_from_another_address_is_a_wrong_one() {
        String body = "{\"event\":\"contact_updated\",\"id\":2}";

        Answer fromElsewhere = webhook("/" + PATH_SECRET, body, "198.51.100.7");
        Answer wrong = webhook("/wrong-secret-of-the-test-suite-0002", body, "203.0.113.9");

        assertThat(fromElsewhere.status()).isEqualTo(401);
        assertThat(fromElsewhere.body()).isEqualTo(wrong.body());
        assertThat(fromElsewhere.response().headers().map().keySet())
                .isEqualTo(wrong.response().headers().map().keySet());
        assertThat(webhook("/" + PATH_SECRET, body, "203.0.113.9").status()).isIn(200, 429);
        assertThat(webhook("/" + PATH_SECRET, body, "203.0.113.9", "198.51.100.7")
                        .status())
                .as("a proxy that adds a line of its own has the last word, too")
                .isEqualTo(401);
        assertThat(webhook("/" + PATH_SECRET, body, "localhost").status())
                .as("no name is looked up")
                .isEqualTo(401);
        assertThat(get("/metrics", OPERATOR).response().body())
                .contains("wppflow_webhook_refused_total{reason=\"foreign_address\",tenant=\"pet-hotel\"} 3.0");
    }

    @Test
    void a_caller_beyond_its_rate_is_told_to_come_later() {
        Answer answer = get("/api/v1/events", READER);
        for (int i = 0; i < 200 && answer.status() != 429; i++) {
            answer = get("/api/v1/events", READER);
        }

        assertThat(answer.errorCode()).isEqualTo("ERR_RATE_LIMITED");
        assertThat(answer.response().headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void an_intent_of_the_tenants_own_is_understood_from_a_few_examples() {
        Answer answer = post(
                "/api/v1/routing/classify",
                OPERATOR,
                "{\"tenant_id\":\"pet-hotel\",\"message\":{\"content\":\"dá pra conhecer o espaço de vocês antes?\"}}");

        assertThat(answer.data().path("intent").asText()).isEqualTo("visita");
        assertThat(answer.data().path("labels").toString()).contains("intencao_visita");
    }

    @Test
    void chatwoots_failure_is_502_with_the_word_whether_to_try_again() {
        server.chatwoot()
                .faults()
                .next(100, request -> request.path().contains("/conversations/4711"), Fault.status(500));

        Answer answer = post(
                "/api/v1/chatwoot/sync",
                OPERATOR,
                "{\"tenant_id\":\"pet-hotel\",\"conversation_id\":4711,\"execution_plan\":{\"contact_attributes\":{\"a\":1}}}");

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.errorCode()).isEqualTo("ERR_CHATWOOT_API");
        assertThat(answer.body().at("/error/details/retryable").asBoolean()).isTrue();
    }

    private static Answer get(String path, String token) {
        return server.send(HttpRequest.newBuilder(server.uri(path))
                .header("Authorization", "Bearer " + token)
                .GET());
    }

    private static Answer post(String path, String token, String json) {
        return server.send(HttpRequest.newBuilder(server.uri(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private static Answer webhook(String suffix, String body) {
        return webhook(suffix, body, "127.0.0.1");
    }

    private static Answer webhook(String suffix, String body, String... from) {
        var request = HttpRequest.newBuilder(server.uri("/webhooks/chatwoot/pet-hotel/account" + suffix))
                .header("Content-Type", "application/json");
        for (String each : from) {
            request.header("X-Forwarded-For", each);
        }
        return server.send(request.POST(BodyPublishers.ofString(body)));
    }
}
