package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageApiTest {

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private SimulatedChatwoot chatwoot;
    private Api bot;
    private Api user;
    private long conversation;

    @BeforeEach
    void start() {
        begin(SimulatedChatwoot.builder());
    }

    private void begin(ChatwootBuilder builder) {
        if (chatwoot != null) {
            chatwoot.close();
        }
        chatwoot = builder.clock(clock).start();
        bot = Api.bot(chatwoot);
        user = Api.user(chatwoot);
        conversation =
                chatwoot.customer("+5511990000002", "Joao Exemplo").writes("oi").conversation();
    }

    @AfterEach
    void close() {
        chatwoot.close();
    }

    private Api.Response post(Api api, String json) throws Exception {
        return api.post("/account/conversations/" + conversation + "/messages", json);
    }

    private List<Long> ids(String query) throws Exception {
        var answer = user.get("/account/conversations/" + conversation + "/messages" + query);
        assertThat(answer.status()).isEqualTo(200);
        return StreamSupport.stream(answer.json().path("payload").spliterator(), false)
                .map(message -> message.path("id").asLong())
                .toList();
    }

    @Test
    void a_created_message_is_answered_before_the_channel_has_it() throws Exception {
        var answer =
                post(bot, "{\"content\":\"Olá\",\"echo_id\":\"e-1\",\"content_attributes\":{\"flow_key\":\"1-1\"}}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("status").asText()).isEqualTo("sent");
        assertThat(answer.json().path("source_id").isNull()).isTrue();
        assertThat(answer.json().path("echo_id").asText()).isEqualTo("e-1");
        assertThat(answer.json().path("content_attributes").path("flow_key").asText())
                .isEqualTo("1-1");
        assertThat(answer.json().has("attachments")).isFalse();
        var stored = chatwoot.transcript(conversation).get(1);
        assertThat(stored.status()).isEqualTo("read");
        assertThat(stored.author()).isEqualTo("AgentBot");
    }

    @Test
    void a_repeated_post_makes_a_second_message() throws Exception {
        post(bot, "{\"content\":\"Olá\",\"content_attributes\":{\"flow_key\":\"1-1\"}}");
        post(bot, "{\"content\":\"Olá\",\"content_attributes\":{\"flow_key\":\"1-1\"}}");

        assertThat(chatwoot.messagesIn(conversation)).containsExactly("Olá", "Olá");
        assertThat(chatwoot.createdThroughApi()).isEqualTo(2);
    }

    @Test
    void a_user_can_write_in_the_name_of_the_bot() throws Exception {
        var own = post(user, "{\"content\":\"um\"}");
        var named = post(
                user, "{\"content\":\"dois\",\"sender_type\":\"AgentBot\",\"sender_id\":" + chatwoot.botId() + "}");

        assertThat(own.json().path("sender").path("type").asText()).isEqualTo("user");
        assertThat(named.json().path("sender").path("type").asText()).isEqualTo("agent_bot");
    }

    @Test
    void notes_do_not_reach_the_customer() throws Exception {
        var answer = post(bot, "{\"content\":\"Resumo\",\"private\":true}");

        assertThat(answer.json().path("private").asBoolean()).isTrue();
        assertThat(chatwoot.messagesIn(conversation)).isEmpty();
        assertThat(chatwoot.notesIn(conversation)).containsExactly("Resumo");
    }

    @Test
    void a_message_with_a_source_id_is_never_sent() throws Exception {
        post(bot, "{\"content\":\"Olá\",\"source_id\":\"my-marker\"}");

        assertThat(chatwoot.messagesIn(conversation)).isEmpty();
    }

    @Test
    void files_come_as_multipart_with_attributes_as_text() throws Exception {
        var body = multipart(
                "content", "Tabela é esta",
                "content_attributes", "{\"flow_key\":\"7\"}",
                "attachments[]", "preços.pdf|application/pdf|%PDF-1.4");

        var answer = bot.send(
                "POST",
                "/account/conversations/" + conversation + "/messages",
                "multipart/form-data; boundary=b0",
                body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.json().path("content").asText()).isEqualTo("Tabela é esta");
        assertThat(answer.json().path("content_attributes").path("flow_key").asText())
                .isEqualTo("7");
        var file = answer.json().path("attachments").path(0);
        assertThat(file.path("extension").asText()).isEqualTo("pdf");
        assertThat(file.path("file_type").asText()).isEqualTo("file");
        assertThat(chatwoot.transcript(conversation).get(1).files()).containsExactly("preços.pdf");
    }

    private static String multipart(String... namesAndValues) {
        var body = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            var parts = namesAndValues[i + 1].split("\\|");
            body.append("--b0\r\nContent-Disposition: form-data; name=\"")
                    .append(namesAndValues[i])
                    .append('"');
            if (parts.length == 3) {
                body.append("; filename=\"")
                        .append(parts[0])
                        .append("\"\r\nContent-Type: ")
                        .append(parts[1]);
            }
            body.append("\r\n\r\n").append(parts[parts.length - 1]).append("\r\n");
        }
        return body + "--b0--\r\n";
    }

    @Test
    void a_text_posted_after_a_file_overtakes_it_on_whatsapp() throws Exception {
        bot.send(
                "POST",
                "/account/conversations/" + conversation + "/messages",
                "multipart/form-data; boundary=b0",
                multipart("content", "foto", "attachments[]", "a.jpg|image/jpeg|x")
                        .getBytes(StandardCharsets.UTF_8));
        post(bot, "{\"content\":\"depois da foto\"}");

        assertThat(chatwoot.messagesIn(conversation)).containsExactly("depois da foto", "foto");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"content\":\"a\",\"message_type\":\"incoming\"} | Incoming messages are only allowed in Api inboxes",
                "{\"content\":\"a\",\"message_type\":\"unknown\"} | 'unknown' is not a valid message_type",
                "{\"content\":\"a\",\"content_type\":\"unknown\"} | 'unknown' is not a valid content_type",
                "{\"content\":\"a\",\"content_attributes\":\"not json\"} | content_attributes is not a JSON object"
            })
    void what_cannot_be_created_is_422(String json, String error) throws Exception {
        var answer = post(bot, json);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("error").asText()).isEqualTo(error);
    }

    @Test
    void too_long_texts_and_unknown_conversations_and_broken_json_are_refused() throws Exception {
        assertThat(post(bot, "{\"content\":\"" + "a".repeat(150_001) + "\"}").status())
                .isEqualTo(422);
        assertThat(bot.post("/account/conversations/99/messages", "{\"content\":\"a\"}")
                        .status())
                .isEqualTo(404);
        assertThat(post(bot, "{\"content\":").status()).isEqualTo(400);
        assertThat(bot.send("POST", "/account/conversations/1/messages", "multipart/form-data", new byte[] {1})
                        .status())
                .isEqualTo(400);
        assertThat(chatwoot.createdThroughApi()).isZero();
    }

    @Test
    void more_than_the_limit_per_minute_is_refused_until_a_minute_has_passed() throws Exception {
        begin(SimulatedChatwoot.builder().messagesPerMinute(3));
        post(bot, "{\"content\":\"1\"}");
        post(bot, "{\"content\":\"2\"}");

        var refused = post(bot, "{\"content\":\"3\"}");
        clock.advance(Duration.ofSeconds(61));
        var accepted = post(bot, "{\"content\":\"4\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("error").asText()).isEqualTo("Too many messages");
        assertThat(accepted.status()).isEqualTo(200);
    }

    @Test
    void lists_page_as_documented() throws Exception {
        long first = chatwoot.transcript(conversation).get(0).id();
        for (int i = 0; i < 129; i++) {
            clock.advance(Duration.ofSeconds(1));
            post(bot, "{\"content\":\"" + i + "\"}");
        }
        long last = first + 129;

        assertThat(ids("")).hasSize(20).isSorted().endsWith(last);
        assertThat(ids("?before=" + (first + 50))).hasSize(20).isSorted().endsWith(first + 49);
        assertThat(ids("?after=" + first)).hasSize(100).isSorted().startsWith(first + 1);
        assertThat(ids("?after=" + (last - 2))).containsExactly(last - 1, last);
        assertThat(ids("?after=" + first + "&before=" + last))
                .hasSize(129)
                .startsWith(first)
                .endsWith(last - 1);
    }

    @Test
    void lists_show_notes_and_activity_unless_filtered() throws Exception {
        chatwoot.agent().notes(conversation, "nota");
        chatwoot.agent().takes(conversation);

        assertThat(ids("")).hasSize(3);
        assertThat(ids("?filter_internal_messages=true")).hasSize(1);
        var meta = user.get("/account/conversations/1/messages").json().path("meta");
        assertThat(meta.path("assignee").path("type").asText()).isEqualTo("user");
        assertThat(meta.path("contact").has("type")).isFalse();
        assertThat(user.get("/account/conversations/77/messages").status()).isEqualTo(404);
    }

    @Test
    void old_releases_drop_unknown_content_attributes() throws Exception {
        begin(SimulatedChatwoot.builder().version("4.8.0"));

        var answer = post(bot, "{\"content\":\"a\",\"content_attributes\":{\"flow_key\":\"1\",\"in_reply_to\":5}}");

        assertThat(answer.json().path("content_attributes").has("flow_key")).isFalse();
        assertThat(answer.json().path("content_attributes").path("in_reply_to").asInt())
                .isEqualTo(5);
    }

    @Test
    void outside_the_window_only_a_template_reaches_the_customer() throws Exception {
        clock.advance(Duration.ofHours(25));

        var text = post(bot, "{\"content\":\"Olá\"}");
        post(
                bot,
                "{\"content\":\"Seu exame está pronto\",\"template_params\":{\"name\":\"exame\",\"language\":\"pt_BR\"}}");

        assertThat(text.status()).isEqualTo(200);
        assertThat(chatwoot.transcript(conversation).get(1).status()).isEqualTo("failed");
        assertThat(chatwoot.messagesIn(conversation)).containsExactly("Seu exame está pronto");
        begin(SimulatedChatwoot.builder().version("4.4.0"));
        clock.advance(Duration.ofHours(25));
        post(bot, "{\"content\":\"Olá\"}");
        assertThat(chatwoot.transcript(conversation).get(1).status()).isEqualTo("sent");
        assertThat(chatwoot.messagesIn(conversation)).isEmpty();
    }

    @Test
    void an_api_inbox_lets_a_token_write_incoming_messages_and_set_their_status() throws Exception {
        begin(SimulatedChatwoot.builder().inbox("Ponte", "Channel::Api"));
        var incoming = post(user, "{\"content\":\"da ponte\",\"message_type\":\"incoming\"}")
                .json();
        long id = post(bot, "{\"content\":\"**Olá**\"}").json().path("id").asLong();
        var path = "/account/conversations/" + conversation + "/messages/" + id;

        assertThat(incoming.path("message_type").asInt()).isZero();
        assertThat(incoming.path("sender").path("type").asText()).isEqualTo("contact");
        assertThat(user.send("PATCH", path, "{\"status\":\"read\"}")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("read");
        assertThat(user.send("PATCH", path, "{\"status\":\"delivered\"}")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("read");
        JsonNode failed = user.send("PATCH", path, "{\"status\":\"failed\",\"external_error\":\"131026: no\"}")
                .json();
        assertThat(failed.path("content_attributes").path("external_error").asText())
                .startsWith("131026");
        assertThat(chatwoot.messagesIn(conversation)).containsExactly("**Olá**");
    }

    @Test
    void status_of_whatsapp_messages_cannot_be_set() throws Exception {
        long id = post(bot, "{\"content\":\"Olá\"}").json().path("id").asLong();

        var answer = user.send("PATCH", "/account/conversations/1/messages/" + id, "{\"status\":\"read\"}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(user.send("PATCH", "/account/conversations/1/messages/1", "{}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void deleting_leaves_a_placeholder_and_retrying_forgets_our_attributes() throws Exception {
        long id = post(bot, "{\"content\":\"Olá\",\"content_attributes\":{\"flow_key\":\"1\"}}")
                .json()
                .path("id")
                .asLong();
        chatwoot.failDelivery(id, "131000: wrong");
        assertThat(chatwoot.messagesIn(conversation)).isEmpty();

        var retried = user.post("/account/conversations/1/messages/" + id + "/retry", "{}");
        assertThat(retried.json().path("content_attributes")).isEmpty();
        assertThat(chatwoot.messagesIn(conversation)).containsExactly("Olá");
        var deleted = user.send("DELETE", "/account/conversations/1/messages/" + id, null);
        assertThat(deleted.json().path("content_attributes").path("deleted").asBoolean())
                .isTrue();
    }

    @Test
    void the_customer_reads_what_the_renderer_and_the_template_engine_make_of_it() throws Exception {
        post(
                bot,
                "{\"content\":\"Oi {{ contact.first_name }}! **R$ 95** por *dia* {% secret %}`{{ fica }}` {{ nada }}\"}");

        assertThat(chatwoot.messagesIn(conversation)).containsExactly("Oi Joao! *R$ 95* por _dia_ `{{ fica }}` ");
        assertThat(chatwoot.transcript(conversation).get(1).text()).contains("**R$ 95**");
    }

    @Test
    void audio_is_sent_without_its_text() throws Exception {
        bot.send(
                "POST",
                "/account/conversations/" + conversation + "/messages",
                "multipart/form-data; boundary=b0",
                multipart("content", "ouça", "attachments[]", "a.ogg|audio/ogg|x")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(chatwoot.messagesIn(conversation)).isEmpty();
        assertThat(chatwoot.transcript(conversation).get(1).files()).containsExactly("a.ogg");
    }
}
