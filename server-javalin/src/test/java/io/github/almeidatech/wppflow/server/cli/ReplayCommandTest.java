package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation that was had, answered again by something else. */
class ReplayCommandTest {

    private static final String POLICY = """
            - id: preco
              event: turn.completed
              when: {"==": [{"var": "outcome"}, "answered"]}
              then: [{labels: {add: [preco]}}, {emit_event: {type: price.asked}}]
            - id: perguntou
              event: price.asked
              then: [{labels: {add: [perguntou]}}]
            - id: chegou
              event: message.received
              then: [{labels: {add: [chegou]}}]
            """;

    @TempDir
    private static Path data;

    private static TestServer server;
    private static CommandLineOf cli;
    private static ChatMessage question;
    private static long conversation;

    @BeforeAll
    static void someTurns() throws Exception {
        Files.writeString(data.resolve("policies.yaml"), POLICY);
        server = TestServer.start(
                data.resolve("server"),
                Map.of(
                        "WPPFLOW_TENANTS__PET_HOTEL__POLICIES__FILE",
                        data.resolve("policies.yaml").toString()));
        cli = new CommandLineOf(server, data.resolve("server/api-token"));
        Customer customer = server.chatwoot().customer("+5511990000077", "Lia Prado");
        conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        question = customer.writes("quanto custa a diária do gato?");
        server.awaitEvents(conversation, "turn.completed", 2);
        customer.writes("quero falar com uma pessoa");
        server.awaitEvents(conversation, "turn.completed", 3);
        server.awaitEvents(conversation, "policy.fired", 7);
        assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(30))).isTrue();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void by_the_same_configuration_every_turn_ends_as_it_did() throws Exception {
        JsonNode report = cli.json("replay", "--conversation", "" + conversation);

        assertThat(report.path("turns").asInt()).isEqualTo(3);
        assertThat(report.path("same").asInt()).as(report.toPrettyString()).isEqualTo(3);
        JsonNode priced = report.at("/outcomes/1");
        assertThat(priced.at("/now/reply").asText()).isNotEmpty();
        assertThat(priced.at("/recorded/policies"))
                .extracting(JsonNode::asText)
                .containsExactly("chegou", "perguntou", "preco");
        assertThat(priced.at("/now/commands"))
                .extracting(command -> command.path("command").asText())
                .containsSubsequence("send_message", "change_labels");
        assertThat(priced.at("/now/commands")).isEqualTo(priced.at("/recorded/commands"));
        assertThat(cli.run("replay", "--conversation", "" + conversation)).isZero();
        assertThat(cli.out()).contains("same: handed_off customer_asked", "3 turns: 3 the same, 0 different");
    }

    @Test
    void nothing_is_sent_and_nothing_is_written() throws Exception {
        List<String> before = state();

        cli.run("replay", "--conversation", "" + conversation);
        server.post("/api/v1/replay", "{\"conversation_id\":" + conversation + ",\"policies\":[],\"models\":true}");

        assertThat(state()).isEqualTo(before);
    }

    @Test
    void other_policies_are_the_only_difference_when_they_are_the_only_change() throws Exception {
        JsonNode report = server.post("/api/v1/replay", """
                        {"conversation_id":%d,"message_id":%d,"policies":[
                          {"id":"novo","event":"turn.completed","then":[{"labels":{"add":["novo"]}}]}]}""".formatted(conversation, question.id()))
                .data();

        assertThat(report.path("turns").asInt()).isEqualTo(1);
        assertThat(report.at("/outcomes/0/differences"))
                .extracting(JsonNode::asText)
                .containsExactly("policies", "commands");
        assertThat(report.at("/outcomes/0/now/policies").get(0).asText()).isEqualTo("novo");
    }

    @Test
    void what_other_documents_do_not_say_is_a_call_for_a_person() throws Exception {
        JsonNode report = server.post("/api/v1/replay", """
                        {"conversation_id":%d,"message_id":%d,"documents":[
                          {"id":"banho","title":"Banho","content":"O banho é às terças, com hora marcada."}]}""".formatted(conversation, question.id()))
                .data();

        JsonNode turn = report.at("/outcomes/0");
        assertThat(turn.path("differences"))
                .extracting(JsonNode::asText)
                .contains("outcome", "reason", "reply", "sources");
        assertThat(turn.at("/recorded/reason").asText()).isEqualTo("knowledge");
        assertThat(turn.at("/now/reason").asText()).isEqualTo("no_answer");
    }

    @Test
    void another_configuration_is_tried_without_its_server() throws Exception {
        Path other = configuration("preco.jsonl", "Olá! Aqui é o novo robô.");

        int code = cli.run("replay", "--conversation", "" + conversation, "--config", "" + other);

        assertThat(code).as(cli.err()).isEqualTo(3);
        assertThat(cli.out()).contains("reply     then", "novo robô", "R$ 95", "    - {\"command\":\"assign\",");
        String one = "" + question.id();
        assertThat(cli.run(
                        "replay",
                        "--conversation",
                        "" + conversation,
                        "--message",
                        one,
                        "--config",
                        "" + other,
                        "--models"))
                .isEqualTo(3);
        assertThat(cli.out())
                .contains("R$ 95", "1 turn: 0 the same, 1 different")
                .doesNotContain("novo robô");
        assertThat(cli.run("replay", "--conversation", "4711", "--config", "" + other))
                .isEqualTo(1);
        assertThat(cli.err()).contains("no turn");
        assertThat(cli.run("replay", "--conversation", "1", "--config", "" + other, "--tenant", "nobody"))
                .isEqualTo(2);
    }

    @Test
    void policies_and_settings_of_files_are_tried_on_the_running_server() throws Exception {
        Path policies = Files.writeString(
                data.resolve("tried.yaml"), "- {id: novo, event: turn.completed, then: [{labels: {add: [novo]}}]}");
        Path settings = Files.writeString(data.resolve("tried-settings.yaml"), "replies: {phrases: {greeting: Alô!}}");
        String id = "" + conversation;

        assertThat(cli.run("replay", "--conversation", id, "--policies", "" + policies, "--settings", "" + settings))
                .as(cli.err())
                .isEqualTo(3);
        assertThat(cli.out())
                .contains("Alô!", "- {\"command\":\"change_labels\",\"add\":[\"chegou\"]}")
                .contains("+ {\"command\":\"change_labels\",\"add\":[\"novo\"]}");
        assertThat(cli.run("replay", "--conversation", id, "--policies", "" + policies, "--config", "" + policies))
                .isEqualTo(2);
        Path wrong = Files.writeString(data.resolve("tried-wrong.yaml"), "- {id: x");
        assertThat(cli.run("replay", "--conversation", id, "--policies", "" + wrong))
                .isEqualTo(2);
        assertThat(cli.err()).contains("tried-wrong.yaml");
    }

    @Test
    void a_mistake_in_the_other_policies_is_named() throws Exception {
        Path other = configuration("preco.jsonl", "Olá!");
        Files.writeString(data.resolve("other-policies.yaml"), "- {id: x, event: a, then: [{explode: 1}]}");

        assertThat(cli.run("replay", "--conversation", "" + conversation, "--config", "" + other))
                .isEqualTo(2);
        assertThat(cli.err()).contains("other-policies.yaml", "explode");
        assertThat(server.post("/api/v1/replay", "{\"conversation_id\":1,\"policies\":[{\"id\":\"x\"}]}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void what_was_never_answered_cannot_be_replayed() {
        assertThat(server.post("/api/v1/replay", "{\"conversation_id\":4711}").errorCode())
                .isEqualTo("ERR_NOT_FOUND");
        assertThat(server.post("/api/v1/replay", "{\"conversation_id\":" + conversation + ",\"message_id\":4711}")
                        .errorCode())
                .isEqualTo("ERR_NOT_FOUND");
        assertThat(server.post("/api/v1/replay", "{}").errorCode()).isEqualTo("ERR_MISSING_FIELD");
    }

    @Test
    void what_the_recording_does_not_tell_is_passed_over_with_its_reason() {
        recorded(4801, "{'outcome':'handed_off','reason':'stale','message_ids':[48011],'heard':'oi','reply':''}");
        recorded(4801, "{'message_ids':[48012]}");

        JsonNode report =
                server.post("/api/v1/replay", "{\"conversation_id\":4801}").data();

        assertThat(report.path("skipped").asInt()).isEqualTo(2);
        assertThat(report.path("outcomes").findValuesAsText("skipped")).containsExactly("stale", "erased");
        assertThat(report.at("/outcomes/0/now").isNull()).isTrue();
        assertThat(cli.run("replay", "--conversation", "4801")).isZero();
        assertThat(cli.out()).contains("not replayed: stale", "0 different, 2 not replayed");
    }

    @Test
    void a_file_that_could_not_be_read_is_not_fetched_again() {
        recorded(4802, """
                {'outcome':'answered','reason':'asked_to_write','message_ids':[48021,48022],'heard':'','reply':'?',
                 'intent':'general','unreadable':['too_large','no_such_reason']}""");

        server.awaitEvents(4802, "policy.fired", 2);

        JsonNode turn = server.post("/api/v1/replay", "{\"conversation_id\":4802}")
                .data()
                .at("/outcomes/0");

        assertThat(turn.path("differences")).extracting(JsonNode::asText).containsExactly("reply");
        assertThat(turn.at("/now/reason").asText()).isEqualTo("asked_to_write");
    }

    @Test
    void models_cost_money_so_only_an_administrator_may_have_them_asked() throws Exception {
        Path reader = data.resolve("reader");
        JsonNode made = cli.json("token", "create", "--name", "reader", "--scope", "read");
        Files.writeString(reader, made.path("token").asText());
        var other = new CommandLineOf(server, reader);

        assertThat(other.run("replay", "--conversation", "" + conversation)).isZero();
        assertThat(other.run("replay", "--conversation", "" + conversation, "--models"))
                .isEqualTo(2);
        assertThat(other.err()).contains("ERR_FORBIDDEN");
        assertThat(cli.run("replay", "--conversation", "" + conversation, "--models"))
                .isZero();
    }

    private static void recorded(long inConversation, String payload) {
        var logged = server.post(
                "/api/v1/events/log",
                "{\"event_type\":\"turn.completed\",\"conversation_id\":" + inConversation + ",\"payload\":"
                        + payload.replace('\'', '"') + "}");
        assertThat(logged.status()).as(logged.body().toString()).isEqualTo(200);
    }

    private static List<String> state() {
        var state = new ArrayList<String>();
        server.get("/api/v1/events?limit=1000&conversation_id=" + conversation)
                .data()
                .path("events")
                .forEach(event -> state.add(event.toString()));
        server.chatwoot().transcript(conversation).forEach(message -> state.add(message + message.text()));
        return state;
    }

    private static Path configuration(String knowledge, String greeting) throws Exception {
        Files.writeString(data.resolve("other-policies.yaml"), POLICY);
        Files.createDirectories(data.resolve("docs"));
        Path secret = Files.writeString(data.resolve("secret"), "0123456789abcdef0123456789abcdef");
        Files.writeString(
                data.resolve(knowledge),
                "{\"id\":\"diaria\",\"title\":\"Diária do gato\",\"content\":\"A diária do gato custa R$ 95.\"}\n");
        return Files.writeString(data.resolve("other.yaml"), """
                tenants:
                  pet-hotel:
                    name: Hotel Patinhas do Vale
                    chatwoot: {base_url: "https://chat.example.com", account_id: 1, bot_token: "${file:%s}"}
                    webhooks: {agent_bot_secrets: ["${file:%s}"]}
                    knowledge: {file: "%s", folder: "%s"}
                    policies: {file: "%s"}
                    replies: {phrases: {greeting: "%s"}}
                """.formatted(
                        secret,
                        secret,
                        data.resolve(knowledge),
                        data.resolve("docs"),
                        data.resolve("other-policies.yaml"),
                        greeting));
    }
}
