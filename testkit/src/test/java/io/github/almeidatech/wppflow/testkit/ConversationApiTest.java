package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationApiTest {

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final Receiver receiver = new Receiver();
    private final SimulatedChatwoot chatwoot =
            SimulatedChatwoot.builder().clock(clock).start();
    private final Api bot = Api.bot(chatwoot);
    private final Api user = Api.user(chatwoot);
    private final Api agent = new Api(chatwoot.baseUrl(), "api_access_token", chatwoot.userToken("Ana Atendente"));
    private final long conversation;

    ConversationApiTest() {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        conversation = chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();
    }

    @AfterEach
    void close() {
        chatwoot.close();
        receiver.close();
    }

    private Api.Response post(Api api, String what, String json) throws Exception {
        return api.post("/account/conversations/" + conversation + "/" + what, json);
    }

    private List<Long> list(String query) throws Exception {
        var payload =
                user.get("/account/conversations" + query).json().path("data").path("payload");
        return StreamSupport.stream(payload.spliterator(), false)
                .map(node -> node.path("id").asLong())
                .toList();
    }

    @Test
    void a_bots_handoff_answers_null_for_success() throws Exception {
        var handoff = post(bot, "toggle_status", "{\"status\":\"open\"}");
        var again = post(bot, "toggle_status", "{\"status\":\"pending\"}");

        assertThat(handoff.body())
                .isEqualTo(
                        "{\"meta\":{},\"payload\":{\"success\":null,\"conversation_id\":1,\"current_status\":\"open\","
                                + "\"snoozed_until\":null}}");
        assertThat(again.json().path("payload").path("success").asBoolean()).isTrue();
    }

    /** Why what people wrote is read message by message before each bubble. */
    @Test
    void no_field_but_the_messages_tells_that_a_person_wrote_before_the_customer_did() throws Exception {
        var other = chatwoot.customer("+5511990000003", "Rosa").writes("oi").conversation();
        for (long each : List.of(conversation, other)) {
            chatwoot.agent().writes(each, "Bom dia!"); // days ago, say
            bot.post("/account/conversations/" + each + "/messages", "{\"content\":\"Posso ajudar?\"}");
        }
        clock.advance(Duration.ofMinutes(1));
        chatwoot.agent().writes(conversation, "Deixa comigo");
        chatwoot.typeOnPairedPhone(conversation, "Já respondo");
        clock.advance(Duration.ofMinutes(1));
        chatwoot.customer("+5511990000002", "Joao").writes("e o banho?");
        chatwoot.customer("+5511990000003", "Rosa").writes("e o banho?");

        var spoken = user.get("/account/conversations/" + conversation).json();
        var silent = user.get("/account/conversations/" + other).json();

        for (String field : List.of(
                "status",
                "first_reply_created_at",
                "waiting_since",
                "agent_last_seen_at",
                "last_activity_at",
                "updated_at",
                "unread_count")) {
            assertThat(spoken.path(field)).as(field).isEqualTo(silent.path(field));
        }
        assertThat(spoken.at("/meta/assignee").isMissingNode()).isTrue();
        assertThat(spoken.at("/last_non_activity_message/content").asText()).isEqualTo("e o banho?");
        assertThat(spoken.path("messages")).hasSize(1);
    }

    @Test
    void toggling_without_a_status_goes_back_and_forth() throws Exception {
        post(user, "toggle_status", "{}");
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("open");
        post(user, "toggle_status", "{}");
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("resolved");
    }

    @Test
    void an_unknown_status_or_priority_is_an_html_500() throws Exception {
        var answer = post(user, "toggle_status", "{\"status\":\"closed\"}");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).startsWith("<!DOCTYPE html>");
        assertThat(post(bot, "toggle_priority", "{\"priority\":\"huge\"}").status())
                .isEqualTo(500);
        assertThat(bot.send("PATCH", "/account/conversations/1", "{\"priority\":\"huge\"}")
                        .status())
                .isEqualTo(500);
    }

    @Test
    void an_agent_who_opens_a_conversation_gets_it_and_an_administrator_does_not() throws Exception {
        post(user, "toggle_status", "{\"status\":\"open\"}");
        assertThat(chatwoot.conversation(conversation).assignee()).isNull();
        post(agent, "toggle_status", "{\"status\":\"pending\"}");
        post(agent, "toggle_status", "{\"status\":\"open\"}");
        assertThat(chatwoot.conversation(conversation).assignee()).isEqualTo("Ana Atendente");
    }

    @Test
    void a_conversation_can_be_snoozed_and_a_message_wakes_it() throws Exception {
        var answer = post(user, "toggle_status", "{\"status\":\"snoozed\",\"snoozed_until\":1788350400}");
        assertThat(answer.json().path("payload").path("snoozed_until").asText()).startsWith("2026-09-02T");

        chatwoot.customer("+5511990000002", "Joao").writes("voltei");

        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("open");
    }

    @Test
    void assigning_an_id_nobody_has_unassigns_and_answers_null() throws Exception {
        long ana = chatwoot.agent("Ana Atendente").id();
        assertThat(post(bot, "assignments", "{\"assignee_id\":" + ana + "}")
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("Ana Atendente");

        var answer = post(bot, "assignments", "{\"assignee_id\":424242}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("null");
        assertThat(chatwoot.conversation(conversation).assignee()).isNull();
    }

    @Test
    void of_assignee_and_team_only_the_assignee_is_applied() throws Exception {
        long ana = chatwoot.agent("Ana Atendente").id();
        long team = chatwoot.teamId("financeiro");

        post(bot, "assignments", "{\"assignee_id\":" + ana + ",\"team_id\":" + team + "}");
        assertThat(chatwoot.conversation(conversation).team()).isNull();
        var answer = post(bot, "assignments", "{\"team_id\":" + team + "}");
        assertThat(answer.json().path("name").asText()).isEqualTo("financeiro");
        assertThat(chatwoot.conversation(conversation).team()).isEqualTo("financeiro");
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("pending");
        assertThat(post(bot, "assignments", "{\"team_id\":0}").body()).isEqualTo("null");
        assertThat(post(bot, "assignments", "{\"assignee_id\":99,\"assignee_type\":\"AgentBot\"}")
                        .body())
                .isEqualTo("null");
    }

    @Test
    void labels_and_custom_attributes_are_replaced_whole() throws Exception {
        post(user, "labels", "{\"labels\":[\"ia\",\"orcamento\"]}");
        post(user, "labels", "{\"labels\":[\"humano\",\"humano\"]}");
        post(bot, "custom_attributes", "{\"custom_attributes\":{\"a\":1}}");
        var attributes = post(bot, "custom_attributes", "{\"custom_attributes\":{\"b\":2}}");

        assertThat(bot.get("/account/conversations/1/labels").body()).isEqualTo("{\"payload\":[\"humano\"]}");
        assertThat(attributes.body()).isEqualTo("{\"custom_attributes\":{\"b\":2}}");
        assertThat(chatwoot.conversation(conversation).labels()).containsExactly("humano");
        assertThat(chatwoot.conversation(conversation).customAttributes().toString())
                .isEqualTo("{\"b\":2}");
        assertThat(user.get("/account/labels")
                        .json()
                        .path("payload")
                        .path(0)
                        .path("title")
                        .asText())
                .isEqualTo("humano");
    }

    @Test
    void priority_can_be_set_and_taken_away() throws Exception {
        post(bot, "toggle_priority", "{\"priority\":\"urgent\"}");
        assertThat(chatwoot.conversation(conversation).priority()).isEqualTo("urgent");
        bot.send("PATCH", "/account/conversations/1", "{\"priority\":null}");
        assertThat(chatwoot.conversation(conversation).priority()).isNull();
    }

    @Test
    void a_rest_conversation_is_not_a_webhook_conversation() throws Exception {
        chatwoot.agent().notes(conversation, "nota");

        var body = bot.get("/account/conversations/" + conversation).json();

        assertThat(body.has("channel")).isFalse();
        assertThat(body.has("contact_inbox")).isFalse();
        assertThat(body.path("meta").path("channel").asText()).isEqualTo("Channel::Whatsapp");
        assertThat(body.path("meta").has("assignee")).isFalse();
        assertThat(body.path("meta").path("sender").has("type")).isFalse();
        assertThat(body.path("first_reply_created_at").asInt(-1)).isZero();
        assertThat(body.path("messages").path(0).path("private").asBoolean()).isTrue();
        assertThat(body.path("uuid").asText()).hasSize(36);
        assertThat(user.get("/account/conversations/99").status()).isEqualTo(404);
    }

    @Test
    void reading_clears_the_unread_count_and_unread_brings_it_back() throws Exception {
        assertThat(bot.get("/account/conversations/1")
                        .json()
                        .path("unread_count")
                        .asInt())
                .isEqualTo(1);
        assertThat(post(user, "update_last_seen", "{}")
                        .json()
                        .path("unread_count")
                        .asInt())
                .isZero();
        assertThat(post(user, "unread", "{}").json().path("unread_count").asInt())
                .isEqualTo(1);
        chatwoot.agent().reads(conversation);
        assertThat(bot.get("/account/conversations/1")
                        .json()
                        .path("unread_count")
                        .asInt())
                .isZero();
    }

    @Test
    void what_a_muted_contact_writes_is_dropped() throws Exception {
        post(user, "mute", "{}");

        assertThatThrownBy(() -> chatwoot.customer("+5511990000002", "Joao").writes("alô?"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("resolved");
        post(user, "unmute", "{}");
        assertThat(chatwoot.customer("+5511990000002", "Joao").writes("alô?").conversation())
                .isEqualTo(2);
    }

    @Test
    void lists_show_open_ones_unless_told_otherwise() throws Exception {
        assertThat(list("")).isEmpty();
        assertThat(list("?status=pending")).containsExactly(1L);
        assertThat(list("?status=all")).containsExactly(1L);
        chatwoot.agent("Ana Atendente").takes(conversation);
        post(user, "labels", "{\"labels\":[\"vip\"]}");
        assertThat(list("?status=all&labels[]=vip")).containsExactly(1L);
        assertThat(list("?status=all&labels[]=outro")).isEmpty();
        assertThat(list("?status=all&inbox_id=1")).hasSize(1);
        assertThat(list("?status=all&inbox_id=2")).isEmpty();
        assertThat(list("?status=all&team_id=1")).isEmpty();
        assertThat(list("?status=all&assignee_type=assigned")).hasSize(1);
        assertThat(list("?status=all&assignee_type=unassigned")).isEmpty();
        assertThat(list("?status=all&assignee_type=me")).isEmpty();
        var meta = agent.get("/account/conversations/meta?status=all").json().path("meta");
        assertThat(meta.path("mine_count").asInt()).isEqualTo(1);
        assertThat(meta.path("all_count").asInt()).isEqualTo(1);
    }

    @Test
    void lists_have_pages_of_25_newest_first_and_none_with_updated_within() throws Exception {
        for (int i = 10; i < 40; i++) {
            clock.advance(Duration.ofMinutes(1));
            chatwoot.customer("+55119900001" + i, "Cliente " + i).writes("oi");
        }

        assertThat(list("?status=all")).hasSize(25).startsWith(31L, 30L);
        assertThat(list("?status=all&page=2")).hasSize(6).endsWith(1L);
        assertThat(list("?status=all&page=3")).isEmpty();
        assertThat(list("?status=all&updated_within=99999")).hasSize(31);
        assertThat(list("?status=all&updated_within=90")).containsExactly(31L, 30L);
    }

    @Test
    void filters_answer_without_the_data_wrapper_and_refuse_unknown_keys() throws Exception {
        post(user, "custom_attributes", "{\"custom_attributes\":{\"plano\":\"ouro\"}}");
        var hit = user.post("/account/conversations/filter", """
                {"payload":[{"attribute_key":"status","filter_operator":"equal_to","values":["pending"],"query_operator":"and"},
                 {"attribute_key":"plano","custom_attribute_type":"text","filter_operator":"equal_to","values":["Ouro"]}]}""");
        var miss = user.post("/account/conversations/filter", """
                {"payload":[{"attribute_key":"assignee_id","filter_operator":"is_present","values":[]}]}""");
        var wrong = user.post(
                "/account/conversations/filter",
                "{\"payload\":[{\"attribute_key\":\"colour\",\"filter_operator\":\"equal_to\",\"values\":[\"a\"]}]}");
        var operator = user.post(
                "/account/conversations/filter",
                "{\"payload\":[{\"attribute_key\":\"status\",\"filter_operator\":\"like\",\"values\":[\"a\"]}]}");

        assertThat(hit.json().path("payload")).hasSize(1);
        assertThat(hit.json().has("data")).isFalse();
        assertThat(miss.json().path("payload")).isEmpty();
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().path("error").asText()).startsWith("Invalid attribute key - [colour]");
        assertThat(operator.status()).isEqualTo(422);
    }

    @Test
    void a_conversation_can_be_begun_with_a_template() throws Exception {
        var contact = user.post("/account/contacts", "{\"name\":\"Bia\",\"phone_number\":\"+5511990000003\"}")
                .json()
                .path("payload")
                .path("contact")
                .path("id")
                .asLong();

        var answer = bot.post(
                "/account/conversations",
                "{\"inbox_id\":1,\"contact_id\":" + contact
                        + ",\"custom_attributes\":{\"a\":1},\"message\":{\"content\":\"Lembrete\",\"template_params\":{\"name\":\"l\"}}}");

        assertThat(answer.json().path("status").asText()).isEqualTo("pending");
        assertThat(answer.json().path("custom_attributes").path("a").asInt()).isEqualTo(1);
        assertThat(chatwoot.messagesIn(answer.json().path("id").asLong())).containsExactly("Lembrete");
        assertThat(bot.post("/account/conversations", "{\"inbox_id\":9,\"contact_id\":1}")
                        .status())
                .isEqualTo(404);
        assertThat(user.get("/account/contacts/" + contact + "/conversations")
                        .json()
                        .path("payload"))
                .hasSize(1);
    }

    @Test
    void after_the_end_a_new_conversation_begins_or_the_old_one_goes_on() throws Exception {
        chatwoot.agent().resolves(conversation);
        assertThat(chatwoot.customer("+5511990000002", "Joao").writes("voltei").conversation())
                .isEqualTo(2);
        try (var single = SimulatedChatwoot.builder().singleConversation(true).start()) {
            single.connectAgentBot(receiver.url("/bot"));
            var joao = single.customer("+5511990000002", "Joao");
            long first = joao.writes("oi").conversation();
            single.agent().resolves(first);

            long second = joao.writes("voltei").conversation();

            assertThat(second).isEqualTo(first);
            assertThat(single.conversation(first).status()).isEqualTo("pending");
            single.disconnectAgentBot();
            single.agent().resolves(first);
            joao.writes("de novo");
            assertThat(single.conversation(first).status()).isEqualTo("open");
        }
    }
}
