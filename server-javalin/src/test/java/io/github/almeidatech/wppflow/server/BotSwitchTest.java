package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.server.TestServer.Answer;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The switch for an emergency: nothing is said automatically any more, and people get what customers write. */
class BotSwitchTest {

    private static final String OPERATOR = "operator-token-of-the-test-suite-0001";
    private static final String PRICE = "quanto custa a diária do gato?";

    @TempDir
    private Path data;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("OPERATOR", OPERATOR);
        settings.put(
                "WPPFLOW_API__TOKENS",
                "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [read, write, admin]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin, read, write]}]");
        server = TestServer.start(data, settings);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void what_customers_write_while_it_is_off_goes_to_people_and_after_a_restart_too() throws Exception {
        assertThat(turnOff().data().path("changed").asBoolean()).isTrue();

        long first = writes("+5511990030001");
        assertHandedOver(first);
        assertThat(server.get("/ready").data().at("/components/bot").asText()).startsWith("off: pet-hotel since ");
        assertThat(server.get("/metrics").response().body()).contains("wppflow_bot_off{tenant=\"pet-hotel\"} 1.0");
        server.close();
        start();
        assertHandedOver(writes("+5511990030002"));

        Answer on = server.post("/api/v1/bot/on", "{}");
        assertThat(on.data().path("on").asBoolean()).isTrue();
        long next = writes("+5511990030003");
        server.awaitReplies(next, 1);

        assertThat(server.get("/ready").data().at("/components/bot").asText()).isEqualTo("ok");
        assertThat(server.chatwoot().messagesIn(first)).isEmpty();
        var noted = server.get("/api/v1/events?event_type=operator.*").data().path("events");
        assertThat(noted.findValuesAsText("event_type"))
                .contains("operator.bot_switched_off", "operator.bot_switched_on");
        assertThat(noted.toString()).contains("wrong prices");
    }

    @Test
    void an_answer_that_is_on_its_way_is_dropped_and_its_conversation_opened() {
        server.chatwoot()
                .faults()
                .always(call -> call.method().equals("POST") && call.path().endsWith("/messages"), Fault.status(503));
        long conversation = writes("+5511990030011");
        await().until(() -> server.chatwoot().faults().struck() > 0);

        turnOff();
        server.chatwoot().faults().clear();

        assertThat(server.awaitEvents(conversation, "command.held_back", 1)
                        .get(0)
                        .at("/payload/reason")
                        .asText())
                .isEqualTo("bot_off");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).status())
                .isEqualTo("open"));
        assertThat(server.chatwoot().messagesIn(conversation)).isEmpty();
    }

    @Test
    void what_others_want_said_is_not_said_either_and_a_follow_up_can_be_sent_later() throws Exception {
        long conversation = writes("+5511990030021");
        server.awaitReplies(conversation, 1);
        server.awaitEvents(conversation, "command.done", 1);
        Answer put = server.put("/api/v1/policies/lembrete", """
                {"policy":{"event":"order.paid","then":[{"follow_up":{"text":"Chegou bem?","after":"1s"}}]}}
                """);
        assertThat(put.status()).as(put.body().toString()).isEqualTo(200);
        turnOff();
        server.post("/api/v1/events/log", "{\"event_type\":\"order.paid\",\"conversation_id\":" + conversation + "}");

        Answer plan = server.post(
                "/api/v1/chatwoot/sync",
                "{\"conversation_id\":" + conversation + ",\"execution_plan\":" + "{\"messages\":[\"promoção\"]}}");
        assertThat(plan.body().toString()).contains("bot_off");
        var dead = server.awaitEvents(conversation, "command.dead_lettered", 1).get(0);
        assertThat(dead.at("/payload/reason").asText()).isEqualTo("bot_off");
        assertThat(server.chatwoot().messagesIn(conversation)).hasSize(1);
        assertThat(server.chatwoot().conversation(conversation).status()).isEqualTo("pending");
    }

    @Test
    void an_operator_switches_all_tenants_off_and_nobody_else_does() {
        assertThat(server.post("/api/v1/bot/off", "{\"all\":true,\"reason\":\"x\"}")
                        .status())
                .isEqualTo(403);
        assertThat(asOperator("/api/v1/bot/off", "{\"reason\":\"x\"}").errorCode())
                .isEqualTo("ERR_MISSING_FIELD");
        assertThat(asOperator("/api/v1/bot/off", "{\"all\":true,\"tenant_id\":\"pet-hotel\",\"reason\":\"x\"}")
                        .status())
                .isEqualTo(400);
        assertThat(asOperator("/api/v1/bot/off", "{\"all\":true,\"reason\":\" \"}")
                        .status())
                .isEqualTo(400);
        assertThat(asOperator("/api/v1/bot/off", "{\"all\":true,\"reason\":\"being looked at\"}")
                        .status())
                .isEqualTo(200);
        assertThat(turnOff().data().path("off")).hasSize(2);

        assertThat(server.get("/api/v1/bot").data().at("/off/0/all").asBoolean())
                .isTrue();
        assertThat(server.get("/api/v1/bot").data().at("/off/0/by").isNull())
                .as("a tenant is not shown who switched all off")
                .isTrue();
        assertThat(server.get("/api/v1/bot").data().at("/off/0/reason").isNull())
                .isTrue();
        assertThat(asOperator("/api/v1/bot/off", "{\"all\":true,\"reason\":\"again\"}")
                        .data()
                        .findValuesAsText("reason"))
                .contains("being looked at");
        assertThat(server.get("/ready").data().at("/components/bot").asText()).contains("all tenants", "pet-hotel");
        Answer on = asOperator("/api/v1/bot/on", "{\"all\":true}");
        assertThat(on.data().path("changed").asBoolean()).isTrue();
        assertThat(on.data().at("/off/0/tenant_id").asText()).isEqualTo("pet-hotel");
        assertThat(server.post("/api/v1/bot/on", "{}").data().path("on").asBoolean())
                .isTrue();
        assertThat(server.post("/api/v1/bot/on", "{}").data().path("changed").asBoolean())
                .isFalse();
    }

    private Answer turnOff() {
        Answer answer = server.post("/api/v1/bot/off", "{\"reason\":\"wrong prices\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer;
    }

    private Answer asOperator(String path, String json) {
        return server.send(HttpRequest.newBuilder(server.uri(path))
                .header("Authorization", "Bearer " + OPERATOR)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private long writes(String phone) {
        return server.chatwoot().customer(phone, "Lia Exemplo").writes(PRICE).conversation();
    }

    /** Opened with a note, and without a word to the customer. */
    private void assertHandedOver(long conversation) {
        var completed = server.awaitEvents(conversation, "turn.completed", 1).get(0);
        assertThat(completed.at("/payload/reason").asText()).isEqualTo("bot_off");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).status())
                .isEqualTo("open"));
        assertThat(server.chatwoot().notesIn(conversation)).hasSize(1);
        assertThat(server.chatwoot().messagesIn(conversation)).isEmpty();
    }
}
