package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import io.github.almeidatech.wppflow.testkit.Conversation;
import io.github.almeidatech.wppflow.testkit.Customer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies as an owner meets them: written down, in force at once, seen in Chatwoot. */
class PoliciesTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Path file;
    private static int nextCustomer = 10;

    private final Customer customer =
            server.chatwoot().customer("+55219900000" + ++nextCustomer, "Cliente " + nextCustomer);

    @BeforeAll
    static void start() throws Exception {
        file = data.resolve("politicas.yaml");
        Files.writeString(file, """
                policies:
                  - id: preco
                    event: turn.completed
                    when: {"==": [{"var": "outcome"}, "answered"]}
                    then:
                      - labels: {add: ["tema-{{intent}}"]}
                      - contact_attributes: {ultima_intencao: "{{intent}}"}
                """);
        server = TestServer.start(
                data.resolve("server"),
                Map.of(
                        "WPPFLOW_TENANTS__PET_HOTEL__POLICIES__FILE",
                        file.toString(),
                        "WPPFLOW_TENANTS__PET_HOTEL__POLICIES__RELOAD_EVERY",
                        "PT0.1S"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void what_a_policy_of_the_file_says_about_a_turn_is_done_with_the_answer() throws Exception {
        long conversation = customer.writes("quanto custa a diária?").conversation();

        server.awaitReplies(conversation, 1);

        await().untilAsserted(() ->
                assertThat(conversation(conversation).labels()).anyMatch(label -> label.startsWith("tema-")));
        JsonNode fired = server.awaitEvents(conversation, "policy.fired", 1).get(0);
        JsonNode turn = server.awaitEvents(conversation, "turn.completed", 1).get(0);
        assertThat(fired.path("cause_id").asText()).isEqualTo(turn.path("id").asText());
        assertThat(fired.path("payload").path("policy").asText()).isEqualTo("preco");
        assertThat(fired.path("payload").path("actions"))
                .extracting(JsonNode::asText)
                .containsExactly("labels", "contact_attributes");
    }

    @Test
    void a_message_that_comes_while_a_person_has_the_conversation_reaches_policies() throws Exception {
        put(
                "vip",
                "{'event':'message.received','when':{'in':['urgente',{'var':'text'}]},'then':[{'labels':{'add':['urgente']}}]}");
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        server.chatwoot().agent().writes(conversation, "Oi, sou a Ana");

        customer.writes("é urgente!");

        await().untilAsserted(
                        () -> assertThat(conversation(conversation).labels()).contains("urgente"));
        server.delete("/api/v1/policies/vip", "");
    }

    @Test
    void in_a_resolved_conversation_nothing_is_said_and_everything_else_is_done() throws Exception {
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        put("fim", """
                {'event':'ownership.changed','when':{'==':[{'var':'owner'},'closed']},'then':[
                  {'send_message':'Como foi o atendimento?'},{'labels':{'add':['encerrada']}}]}""");

        server.chatwoot().agent().resolves(conversation);

        JsonNode held = server.awaitEvents(conversation, "command.held_back", 1).get(0);
        assertThat(held.at("/payload/command").asText()).isEqualTo("send_message");
        assertThat(held.at("/payload/reason").asText()).isEqualTo("conversation_resolved");
        await().untilAsserted(
                        () -> assertThat(conversation(conversation).labels()).contains("encerrada"));
        assertThat(server.chatwoot().messagesIn(conversation)).hasSize(1);
        assertThat(conversation(conversation).status()).isEqualTo("resolved");
        server.delete("/api/v1/policies/fim", "");
    }

    @Test
    void a_pause_does_not_let_anything_be_said_in_a_resolved_conversation() throws Exception {
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        put("pesquisa", """
                {'event':'ownership.changed','when':{'==':[{'var':'owner'},'closed']},'then':[
                  {'send_message':'Como foi o atendimento?'},{'pause_bot':'1h'}]}""");

        server.chatwoot().agent().resolves(conversation);

        JsonNode held = server.awaitEvents(conversation, "command.held_back", 1).get(0);
        assertThat(held.at("/payload/reason").asText()).isEqualTo("conversation_resolved");
        assertThat(server.chatwoot().messagesIn(conversation)).hasSize(1);
        server.delete("/api/v1/policies/pesquisa", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#bot off", "#bot off 30d"})
    void after_a_note_with_bot_off_a_policy_announces_nobody_over_the_person_who_wrote_it(String note)
            throws Exception {
        put(
                "socorro",
                "{'event':'message.received','when':{'in':['socorro',{'var':'text'}]},"
                        + "'then':[{'hand_off':{'label':'socorro','text':'Vou chamar alguém da equipe.'}}]}");
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        server.chatwoot().agent().notes(conversation, note);
        server.chatwoot().agent().writes(conversation, "Oi, sou a Ana");
        assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(10))).isTrue();

        customer.writes("socorro!");

        JsonNode held = server.awaitEvents(conversation, "command.held_back", 1).get(0);
        assertThat(held.at("/payload/reason").asText()).isEqualTo("bot_off_command");
        await().untilAsserted(
                        () -> assertThat(conversation(conversation).labels()).contains("socorro"));
        assertThat(server.chatwoot().messagesIn(conversation)).noneMatch(said -> said.contains("Vou chamar"));
        server.delete("/api/v1/policies/socorro", "");
    }

    @Test
    void an_event_from_outside_moves_the_conversation_it_is_about() throws Exception {
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        put("pago", """
                {'event':'order.paid','min_confidence':0.5,'then':[
                  {'send_message':'Pagamento de R$ {{valor}} recebido, {{contact.first_name | cliente}}!'},
                  {'conversation_attributes':{'pedido':'{{payload.numero}}'}},
                  {'emit_event':{'type':'stay.confirmed','payload':{'pedido':'{{numero}}'}}}]}""");

        server.post(
                "/api/v1/events/log",
                "{\"event_type\":\"order.paid\",\"confidence\":0.9,\"conversation_id\":" + conversation
                        + ",\"payload\":{\"valor\":\"80,00\",\"numero\":17}}");

        server.awaitReplies(conversation, 2);
        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("R$ 80,00", "Cliente!");
        JsonNode emitted = server.awaitEvents(conversation, "stay.confirmed", 1).get(0);
        assertThat(emitted.path("depth").asInt()).isEqualTo(1);
        server.delete("/api/v1/policies/pago", "");
    }

    @Test
    void an_opt_out_by_a_policy_is_noted_as_consent_with_its_cause() throws Exception {
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        put("basta", "{'event':'newsletter.left','then':[{'update_contact':{'opted_out':true}}]}");

        server.post(
                "/api/v1/events/log", "{\"event_type\":\"newsletter.left\",\"conversation_id\":" + conversation + "}");

        JsonNode noted =
                server.awaitEvents(conversation, "contact.opted_out", 1).get(0);
        JsonNode fired = server.awaitEvents(conversation, "policy.fired", 1).get(0);
        assertThat(noted.path("cause_id").asText()).isEqualTo(fired.path("id").asText());
        assertThat(noted.path("source").asText()).isEqualTo("rule");
        assertThat(noted.path("depth").asInt())
                .isGreaterThan(fired.path("depth").asInt());
        server.delete("/api/v1/policies/basta", "");
    }

    @Test
    void who_has_opted_out_is_told_nothing_by_an_event_that_names_the_conversation_only() throws Exception {
        String phone = "+5521990000" + (100 + nextCustomer);
        Customer bia = server.chatwoot().customer(phone, "Bia");
        long conversation = bia.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        put(
                "pago-calado",
                "{'event':'order.sent','then':[{'send_message':'A caminho!'},{'labels':{'add':['enviado']}}]}");
        String event = "{\"event_type\":\"order.sent\",\"conversation_id\":" + conversation + "}";

        server.patch("/api/v1/contacts/pet-hotel/" + phone.substring(1), "{\"opted_out\":true}");
        server.post("/api/v1/events/log", event);
        server.awaitEvents(conversation, "policy.fired", 1);
        server.post("/api/v1/lgpd/erase", "{\"phone\":\"" + phone + "\"}");
        server.post("/api/v1/events/log", event);

        await().until(() -> server.events(conversation, "policy.fired").stream()
                        .filter(fired ->
                                fired.path("payload").path("skipped").toString().contains("opted_out"))
                        .count()
                >= 1);
        await().untilAsserted(
                        () -> assertThat(conversation(conversation).labels()).contains("enviado"));
        assertThat(server.chatwoot().messagesIn(conversation)).noneMatch(said -> said.contains("A caminho"));
        server.delete("/api/v1/policies/pago-calado", "");
    }

    @Test
    void a_circle_through_another_system_ends() throws Exception {
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        put("pingue", "{'event':'ping','then':[{'labels':{'add':['pingue']}}]}");
        server.post("/api/v1/events/log", "{\"event_type\":\"ping\",\"conversation_id\":" + conversation + "}");
        await().until(() -> firingOf("pingue", conversation) != null);
        String firing = firingOf("pingue", conversation);

        server.post(
                "/api/v1/events/log",
                "{\"event_type\":\"ping\",\"conversation_id\":" + conversation + ",\"cause_id\":\"" + firing + "\"}");

        JsonNode stopped = server.awaitEvents(conversation, "policy.stopped", 1).get(0);
        assertThat(stopped.path("payload").path("outcome").asText()).isEqualTo("stopped_loop");
        server.delete("/api/v1/policies/pingue", "");
    }

    @Test
    void a_policy_that_calls_a_person_about_an_answered_turn_is_named_and_calls_once() throws Exception {
        put(
                "chama",
                "{'event':'*','when':{'or':[{'==':[{'var':'outcome'},'answered']},{'==':[{'var':'owner'},'human']}]},"
                        + "'then':[{'hand_off':{'label':'chamada'}}]}");

        long conversation = customer.writes("quanto custa a diária?").conversation();

        JsonNode stopped = server.awaitEvents(conversation, "policy.stopped", 1).get(0);
        assertThat(stopped.at("/payload/outcome").asText()).isEqualTo("stopped_loop");
        JsonNode changed =
                server.awaitEvents(conversation, "ownership.changed", 1).get(0);
        assertThat(changed.path("cause_id").asText()).isEqualTo(firingOf("chama", conversation));
        assertThat(server.events(conversation, "policy.fired").stream()
                        .filter(fired -> fired.at("/payload/policy").asText().equals("chama")))
                .hasSize(1);
        assertThat(server.get("/api/v1/explain?conversation_id=" + conversation)
                        .data()
                        .at("/owner/sentence")
                        .asText())
                .contains("chama");
        server.delete("/api/v1/policies/chama", "");
    }

    @Test
    void a_policy_in_shadow_says_what_it_would_have_done() throws Exception {
        put("sombra", "{'enabled':'shadow','event':'turn.completed','then':[{'hand_off':{}}]}");

        long conversation = customer.writes("quanto custa a diária?").conversation();

        JsonNode shadowed =
                server.awaitEvents(conversation, "policy.shadowed", 1).get(0);
        assertThat(shadowed.path("payload").path("actions").get(0).asText()).isEqualTo("hand_off");
        assertThat(conversation(conversation).status()).isEqualTo("pending");
        server.delete("/api/v1/policies/sombra", "");
    }

    @Test
    void all_mistakes_of_a_policy_are_named_at_once_and_nothing_is_stored() {
        Answer answer = server.put(
                "/api/v1/policies/torta",
                json("{'policy':{'event':'x','colour':1,'when':{'regex':[1,2]},'then':[{'send_mesage':'oi'}]}}"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("ERR_VALIDATION");
        assertThat(answer.body().path("error").path("details").path("fields"))
                .extracting(field -> field.path("kind").asText())
                .contains("unknown_key", "unknown_operator", "unknown_action");
        assertThat(answer.body().toString()).contains("policy.then[0]");
        assertThat(server.get("/api/v1/policies/torta").status()).isEqualTo(404);
        assertThat(server.put("/api/v1/policies/a", json("{'policy':{'id':'b'}}"))
                        .status())
                .isEqualTo(400);
        assertThat(server.put(
                                "/api/v1/policies/preco",
                                json("{'policy':{'event':'x','then':[{'labels':{'add':['a']}}]}}"))
                        .body()
                        .toString())
                .contains("files has this id");
        assertThat(server.put("/api/v1/policies/a", "{}").errorCode()).isEqualTo("ERR_MISSING_FIELD");
        assertThat(server.delete("/api/v1/policies/nie", "").status()).isEqualTo(404);
    }

    @Test
    void what_is_in_force_is_listed_with_where_it_comes_from() {
        put("listada", "{'event':'x','version':3,'then':[{'labels':{'add':['a']}}]}");

        JsonNode policies = server.get("/api/v1/policies").data().path("policies");

        assertThat(policies)
                .extracting(policy ->
                        policy.path("id").asText() + " " + policy.path("origin").asText())
                .contains("preco politicas.yaml", "listada store");
        assertThat(server.get("/api/v1/policies/listada")
                        .data()
                        .path("policy")
                        .path("event")
                        .asText())
                .isEqualTo("x");
        server.delete("/api/v1/policies/listada", "");
        assertThat(server.get("/api/v1/policies/listada").status()).isEqualTo(404);
    }

    @Test
    void a_file_that_changes_is_in_force_without_a_restart_and_one_with_mistakes_is_not() throws Exception {
        String good = Files.readString(file);
        write(good + "  - {id: extra, event: y, then: [{labels: {add: [a]}}]}\n");
        await().untilAsserted(() ->
                assertThat(server.get("/api/v1/policies/extra").status()).isEqualTo(200));

        write(good.replace("labels:", "lables:"));

        await().untilAsserted(() -> assertThat(problems()).contains("politicas.yaml: policies[0].then[0]"));
        assertThat(server.get("/api/v1/policies/extra").status())
                .as("the last good set")
                .isEqualTo(200);
        assertThat(server.get("/ready").status()).isEqualTo(200);
        assertThat(server.get("/ready")
                        .data()
                        .path("components")
                        .path("policies")
                        .asText())
                .isEqualTo("last good ones in force: pet-hotel");
        assertThat(server.get("/metrics").response().body())
                .contains("wppflow_policy_sets_refused_total{tenant=\"pet-hotel\"} 1");
        write("policies: [");
        await().untilAsserted(() -> assertThat(problems()).contains("not YAML"));

        write(good);

        await().untilAsserted(() ->
                assertThat(server.get("/api/v1/policies/extra").status()).isEqualTo(404));
        assertThat(problems()).isEqualTo("[]");
    }

    @Test
    void a_rehearsal_compares_with_what_is_in_force() throws Exception {
        long conversation = customer.writes("quanto custa a diária?").conversation();
        server.awaitReplies(conversation, 1);
        server.awaitEvents(conversation, "policy.fired", 1);

        Answer answer = server.post(
                "/api/v1/policies/dry-run",
                json(
                        "{'policies':[{'id':'outra','event':'turn.completed','when':{'==':[{'var':'contact.name'},'Cliente "
                                + nextCustomer + "']},'then':[{'labels':{'add':['b']}}]}],'against':'present'}"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().path("policies").path("outra").path("fired").asInt())
                .isEqualTo(1);
        assertThat(answer.data().path("differing").asInt()).isPositive();
    }

    @Test
    void a_rehearsal_takes_all_events_that_policies_act_on() throws Exception {
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        put("sai", "{'event':'order.confirmed','then':[{'update_contact':{'opted_out':true}}]}");
        put("anota", "{'event':'contact.opted_out','then':[{'labels':{'add':['saiu']}}]}");

        server.post(
                "/api/v1/chatwoot/sync",
                json("{'conversation_id':" + conversation
                        + ",'execution_plan':{'emit_events':[{'type':'order.confirmed'}]}}"));
        await().until(() -> firingOf("anota", conversation) != null);
        JsonNode rehearsed = server.post(
                        "/api/v1/policies/dry-run",
                        json("{'policies':[{'id':'sai','event':'order.confirmed','then':[{'labels':{'add':['a']}}]},"
                                + "{'id':'anota','event':'contact.opted_out','when':{'==':[{'var':'conversation_id'},'"
                                + conversation + "']},'then':[{'labels':{'add':['b']}}]}]}"))
                .data()
                .path("policies");

        assertThat(firingOf("sai", conversation)).isNotNull();
        assertThat(rehearsed.at("/sai/fired").asInt()).isEqualTo(1);
        assertThat(rehearsed.at("/anota/fired").asInt()).isEqualTo(1);
        server.delete("/api/v1/policies/sai", "");
        server.delete("/api/v1/policies/anota", "");
    }

    private static String firingOf(String policy, long conversation) {
        return server.events(conversation, "policy.fired").stream()
                .filter(event -> event.path("payload").path("policy").asText().equals(policy))
                .map(event -> event.path("id").asText())
                .findFirst()
                .orElse(null);
    }

    private static String problems() {
        return server.get("/api/v1/policies").data().path("problems").toString();
    }

    private static void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private static void put(String id, String policy) {
        Answer answer = server.put("/api/v1/policies/" + id, "{\"policy\":" + json(policy) + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private static Conversation conversation(long number) {
        return server.chatwoot().conversation(number);
    }
}
