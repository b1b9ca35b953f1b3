package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.webhook.WebhookSignature;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An n8n workflow as the bot, through real webhooks, a simulated n8n and a simulated Chatwoot. */
class WorkflowConversationTest {

    private static final String SECRET = "a secret of twenty-four or more";
    private static final String KEYS = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String WEBHOOK = KEYS + "OUTGOING_WEBHOOKS__RESERVAS__";
    private static final String PRICE = "quanto custa a diária pro meu cachorro?";

    @TempDir
    private static Path data;

    private static SimulatedN8n n8n;
    private static TestServer server;
    private static int nextCustomer = 10;

    private Customer customer;

    @BeforeAll
    static void start() throws Exception {
        n8n = new SimulatedN8n();
        server = TestServer.start(data, settings());
    }

    private static Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        settings.put(WEBHOOK + "URL", n8n.url());
        settings.put(WEBHOOK + "SECRET", SECRET);
        settings.put(WEBHOOK + "TOKEN", "a token of twenty-four or more");
        settings.put(WEBHOOK + "ALLOW_PRIVATE_NETWORK", "true");
        settings.put(KEYS + "ROUTING__WORKFLOW", "reservas");
        settings.put(KEYS + "ROUTING__INTENTS__SUPPORT__WORKFLOW", "none");
        return settings;
    }

    @AfterAll
    static void stop() {
        server.close();
        n8n.close();
    }

    @BeforeEach
    void aNewCustomer() {
        customer = server.chatwoot().customer("+55119900100" + ++nextCustomer, "Cliente " + nextCustomer);
        n8n.answers(200, SimulatedN8n.STARTED);
        n8n.forgetCalls();
    }

    @Test
    void its_answer_in_the_response_is_what_the_customer_reads() throws Exception {
        n8n.answers(200, "{\"messages\":[\"Temos vaga!\",\"Quer reservar?\"],\"labels\":{\"add\":[\"reserva\"]}}");
        long conversation = customer.writes(PRICE).conversation();

        server.awaitReplies(conversation, 2);

        assertThat(server.chatwoot().messagesIn(conversation).get(0)).endsWith("Temos vaga!");
        assertThat(server.chatwoot().messagesIn(conversation)).last().isEqualTo("Quer reservar?");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).labels())
                .contains("reserva"));
        SimulatedN8n.Call call = n8n.callAbout(conversation);
        assertThat(WebhookSignature.holds(SECRET, call.timestamp(), call.signature(), call.body(), Instant.now()))
                .isTrue();
        assertThat(call.token()).isEqualTo("a token of twenty-four or more");
        assertThat(call.json().at("/data/message/content").asText()).isEqualTo(PRICE);
        assertThat(call.json().at("/data/contact/name").asText()).isEqualTo("Cliente " + nextCustomer);
        assertThat(call.json().at("/tenant_id").asText()).isEqualTo("pet-hotel");
    }

    @Test
    void a_later_answer_reaches_the_customer_once() throws Exception {
        long conversation = customer.writes(PRICE).conversation();
        String question =
                n8n.callAbout(conversation).json().path("correlation_id").asText();
        String answer = "{\"correlation_id\":\"" + question + "\",\"text\":\"Consultei: temos vaga.\"}";

        TestServer.Answer first = server.post("/webhooks/n8n/pet-hotel", answer);
        TestServer.Answer second = server.post("/webhooks/n8n/pet-hotel", answer);

        assertThat(first.data().path("accepted").asBoolean()).isTrue();
        assertThat(second.data().path("accepted").asBoolean()).isFalse();
        assertThat(second.data().path("duplicate").asBoolean()).isTrue();
        server.awaitReplies(conversation, 1);
        assertThat(server.chatwoot().messagesIn(conversation))
                .singleElement()
                .asString()
                .endsWith("Consultei: temos vaga.");
    }

    @Test
    void a_later_answer_may_be_signed_instead_of_carrying_a_token() throws Exception {
        long conversation = customer.writes(PRICE).conversation();
        String question =
                n8n.callAbout(conversation).json().path("correlation_id").asText();
        String answer = "{\"correlation_id\":\"" + question + "\",\"text\":\"Assinado.\"}";

        assertThat(signed("pet-hotel", answer, "another secret of that length").status())
                .isEqualTo(401);
        assertThat(signed("nobody", answer, SECRET).status()).isEqualTo(401);
        assertThat(unsigned(answer).status()).isEqualTo(401);
        assertThat(signed("pet-hotel", answer, SECRET).status()).isEqualTo(200);

        server.awaitReplies(conversation, 1);
    }

    @Test
    void an_answer_that_nobody_waits_for_is_refused_precisely() throws Exception {
        String never = "1.1.01a21371-11ae-7000-8000-000000000001.1";
        assertThat(answer(never, "\"text\":\"x\"").errorCode()).isEqualTo("ERR_NOT_FOUND");
        assertThat(answer("nonsense", "\"text\":\"x\"").status()).isEqualTo(400);

        n8n.answers(500, "{\"message\":\"Error in workflow\"}");
        long conversation = customer.writes(PRICE).conversation();
        String question =
                n8n.callAbout(conversation).json().path("correlation_id").asText();
        server.awaitReplies(conversation, 1);

        TestServer.Answer late = answer(question, "\"text\":\"Tarde demais\"");
        assertThat(late.status()).isEqualTo(410);
        assertThat(late.errorCode()).isEqualTo("ERR_EXPIRED");
        assertThat(late.body().at("/error/details/reason").asText()).isEqualTo("answered_otherwise");
        TestServer.Answer garbage = answer(question, "\"reply\":\"x\"");
        assertThat(garbage.status()).isEqualTo(422);
        assertThat(garbage.body().at("/error/details/problem").asText()).contains("messages");
        assertThat(answer(question, "\"tenant_id\":\"other\",\"text\":\"x\"").status())
                .isEqualTo(403);
    }

    @Test
    void a_workflow_that_fails_leaves_the_answer_to_our_own_knowledge() throws Exception {
        n8n.answers(404, "{\"code\":404,\"message\":\"The requested webhook is not registered.\"}");
        long conversation = customer.writes(PRICE).conversation();

        server.awaitReplies(conversation, 1);

        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("R$");
        assertThat(server.get("/api/v1/events?event_type=workflow.failed&conversation_id=" + conversation)
                        .data()
                        .findValuesAsText("reason"))
                .containsExactly("not_active");
    }

    @Test
    void a_person_who_takes_over_meanwhile_is_not_talked_over() throws Exception {
        long conversation = customer.writes(PRICE).conversation();
        String question =
                n8n.callAbout(conversation).json().path("correlation_id").asText();
        server.chatwoot().agent().writes(conversation, "Oi, sou a Ana!");
        await().untilAsserted(() -> assertThat(server.get("/api/v1/events?conversation_id=" + conversation)
                        .data()
                        .findValuesAsText("reason"))
                .contains("human_agent_message"));

        answer(question, "\"text\":\"Temos vaga!\"");

        await().untilAsserted(() -> assertThat(
                        server.get("/api/v1/events?event_type=turn.silenced&conversation_id=" + conversation)
                                .data()
                                .path("events"))
                .hasSize(1));
        assertThat(server.chatwoot().messagesIn(conversation)).last().isEqualTo("Oi, sou a Ana!");
    }

    @Test
    void a_policy_calls_a_workflow_whose_answer_becomes_an_event(@TempDir Path folder) throws Exception {
        var listening = settings();
        listening.put(WEBHOOK + "ANSWER", "event");
        listening.put(KEYS + "ROUTING__WORKFLOW", "none");
        n8n.answers(200, "{\"reserva\":17}");
        try (TestServer calling = TestServer.start(folder, listening)) {
            calling.send(
                    HttpRequest.newBuilder(calling.uri("/api/v1/policies/avisa"))
                            .header(
                                    "Authorization",
                                    "Bearer " + calling.sandbox().token())
                            .header("Content-Type", "application/json")
                            .PUT(
                                    BodyPublishers.ofString(
                                            "{\"policy\":{\"id\":\"avisa\",\"event\":\"turn.completed\",\"then\":["
                                                    + "{\"call_webhook\":{\"target\":\"reservas\",\"payload\":{\"assunto\":\"{{intent}}\"}}}]}}")));
            long conversation = calling.chatwoot()
                    .customer("+5511990000080", "Joana")
                    .writes(PRICE)
                    .conversation();

            SimulatedN8n.Call call = n8n.callAbout(conversation);

            assertThat(call.json().path("event").asText()).isEqualTo("webhook_call");
            assertThat(call.json().at("/data/data/assunto").asText()).isEqualTo("sales");
            assertThat(call.json().path("depth").asInt()).isEqualTo(1);
            var answered =
                    calling.awaitEvents(conversation, "webhook.answered", 1).get(0);
            assertThat(answered.at("/payload/answer/reserva").asInt()).isEqualTo(17);
            assertThat(answered.path("cause_id").asText())
                    .isEqualTo(call.json().path("cause_id").asText());
        }
    }

    @Test
    void a_restart_while_the_workflow_thinks_loses_nothing(@TempDir Path folder) throws Exception {
        String question;
        long conversation;
        try (TestServer before = TestServer.start(folder, settings())) {
            conversation = before.chatwoot()
                    .customer("+5511990000077", "Joana")
                    .writes(PRICE)
                    .conversation();
            question = n8n.callAbout(conversation).json().path("correlation_id").asText();
            await().untilAsserted(() -> assertThat(before.get("/api/v1/events?event_type=workflow.waiting")
                            .data()
                            .path("events"))
                    .hasSize(1));
        }

        try (TestServer after = TestServer.start(folder, settings())) {
            after.post(
                    "/webhooks/n8n/pet-hotel",
                    "{\"correlation_id\":\"" + question + "\",\"text\":\"Depois da pausa.\"}");
            after.awaitReplies(conversation, 1);
            assertThat(after.chatwoot().messagesIn(conversation))
                    .last()
                    .asString()
                    .endsWith("Depois da pausa.");
        }
    }

    @Test
    void an_answer_that_does_not_come_in_time_is_replaced(@TempDir Path folder) throws Exception {
        var hasty = settings();
        hasty.put(WEBHOOK + "ANSWER_WITHIN", "PT1S");
        hasty.put(WEBHOOK + "FALLBACK", "handoff");
        try (TestServer impatient = TestServer.start(folder, hasty)) {
            long conversation = impatient
                    .chatwoot()
                    .customer("+5511990000078", "Joana")
                    .writes(PRICE)
                    .conversation();

            impatient.awaitReplies(conversation, 1);

            assertThat(impatient
                            .get("/api/v1/events?event_type=turn.completed")
                            .data()
                            .findValuesAsText("reason"))
                    .containsExactly("workflow_failed");
        }
    }

    @Test
    void a_private_address_is_called_only_where_that_is_allowed(@TempDir Path folder) throws Exception {
        var strict = settings();
        strict.remove(WEBHOOK + "ALLOW_PRIVATE_NETWORK");
        strict.put(WEBHOOK + "URL", n8n.url().replace("http:", "https:"));
        try (TestServer guarded = TestServer.start(folder, strict)) {
            long conversation = guarded.chatwoot()
                    .customer("+5511990000079", "Joana")
                    .writes(PRICE)
                    .conversation();

            guarded.awaitReplies(conversation, 1);

            assertThat(guarded.get("/api/v1/events?event_type=workflow.failed")
                            .data()
                            .findValuesAsText("reason"))
                    .containsExactly("forbidden_address");
        }
    }

    private static TestServer.Answer answer(String question, String form) {
        return server.post("/webhooks/n8n/pet-hotel", "{\"correlation_id\":\"" + question + "\"," + form + "}");
    }

    private static TestServer.Answer signed(String tenant, String body, String secret) {
        var signature = WebhookSignature.of(secret, Instant.now(), body.getBytes(StandardCharsets.UTF_8));
        return server.send(HttpRequest.newBuilder(server.uri("/webhooks/n8n/" + tenant))
                .header("Content-Type", "application/json")
                .header("X-Wppflow-Timestamp", signature.timestamp())
                .header("X-Wppflow-Signature", signature.signature())
                .POST(BodyPublishers.ofString(body)));
    }

    private static TestServer.Answer unsigned(String body) {
        return server.send(HttpRequest.newBuilder(server.uri("/webhooks/n8n/pet-hotel"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }
}
