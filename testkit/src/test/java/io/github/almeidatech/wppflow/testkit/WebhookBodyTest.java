package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookBodyTest {

    private final Receiver receiver = new Receiver();
    private SimulatedChatwoot chatwoot = SimulatedChatwoot.start();

    @AfterEach
    void close() {
        chatwoot.close();
        receiver.close();
    }

    private void release(String version) {
        chatwoot.close();
        chatwoot = SimulatedChatwoot.builder().version(version).start();
    }

    private JsonNode heard(String event) throws InterruptedException {
        assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
        var deliveries = receiver.of(event);
        return deliveries.get(deliveries.size() - 1).json();
    }

    @Test
    void a_customers_message_has_the_keys_of_the_real_one_in_their_order_and_types() throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));

        chatwoot.customer("+5511990000002", "Joao Exemplo").writes("Bom dia, qual o valor do hemograma?");

        var real = recorded("message-created.json");
        assertThat(shape(heard("message_created"))).containsExactlyElementsOf(shape(real));
    }

    @Test
    void an_agents_message_names_its_author_with_email_and_type_at_the_top_only() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"));
        long conversation =
                chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();

        chatwoot.agent("Ana Atendente").writes(conversation, "Olá");

        var body = heard("message_created");
        assertThat(body.path("message_type").asText()).isEqualTo("outgoing");
        assertThat(body.path("sender").path("type").asText()).isEqualTo("user");
        assertThat(body.path("sender").path("email").asText()).isEqualTo("ana.atendente@example.com");
        var nested = body.path("conversation").path("messages").path(0);
        assertThat(nested.path("message_type").asInt()).isEqualTo(1);
        assertThat(nested.path("sender").has("email")).isFalse();
        assertThat(nested.path("sender").path("available_name").asText()).isEqualTo("Ana Atendente");
    }

    @Test
    void what_is_typed_on_the_paired_phone_has_no_sender() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"));
        long conversation =
                chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();

        chatwoot.typeOnPairedPhone(conversation, "Oi, aqui é a dona");

        var body = heard("message_created");
        assertThat(body.path("sender").isNull()).isTrue();
        assertThat(body.path("content_attributes").path("external_echo").asBoolean())
                .isTrue();
        assertThat(body.path("source_id").asText()).startsWith("wamid.");
        assertThat(chatwoot.messagesIn(conversation)).containsExactly("Oi, aqui é a dona");
    }

    @Test
    void a_private_note_is_delivered_but_is_never_the_newest_message_of_the_conversation() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"));
        var message = chatwoot.customer("+5511990000002", "Joao").writes("oi");

        chatwoot.agent().notes(message.conversation(), "cliente antigo");

        var body = heard("message_created");
        assertThat(body.path("private").asBoolean()).isTrue();
        assertThat(body.path("conversation").path("messages").path(0).path("id").asLong())
                .isEqualTo(message.id());
    }

    @Test
    void attachments_carry_what_their_kind_has() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"));
        var joao = chatwoot.customer("+5511990000002", "Joao");

        joao.sendsVoiceNote(new byte[] {1});
        var audio = heard("message_created").path("attachments").path(0);
        joao.sendsImage(new byte[] {1, 2}, "meu cachorro");
        var image = heard("message_created").path("attachments").path(0);
        joao.sendsPdf("exame de sangue.pdf", new byte[] {1, 2, 3}, null);
        var document = heard("message_created");
        joao.sendsSticker(new byte[] {1});
        var sticker = heard("message_created").path("attachments").path(0);
        joao.sendsFile("v.mp4", "video/mp4", new byte[] {1}, null);
        var video = heard("message_created").path("attachments").path(0);
        joao.sendsLocation(-15.79, -47.88, "Clinica, SCS Quadra 1");
        var location = heard("message_created").path("attachments").path(0);
        joao.sendsLocation(-15.79, -47.88, null);
        var pin = heard("message_created").path("attachments").path(0);
        joao.sendsContact("Bia", "Souza", "+55 11 99000-0003");
        var card = heard("message_created").path("attachments").path(0);

        assertThat(audio.path("file_type").asText()).isEqualTo("audio");
        assertThat(audio.path("data_url").asText()).endsWith("/audio.ogg?disposition=inline");
        assertThat(audio.path("transcribed_text").asText()).isEmpty();
        assertThat(image.path("thumb_url").asText()).contains("/representations/");
        assertThat(image.path("content_type").asText()).isEqualTo("image/jpeg");
        assertThat(document.path("content").isNull()).isTrue();
        assertThat(document.path("attachments").path(0).path("file_type").asText())
                .isEqualTo("file");
        assertThat(document.path("attachments").path(0).path("data_url").asText())
                .endsWith("/exame%20de%20sangue.pdf");
        assertThat(document.path("attachments").path(0).path("file_size").asInt())
                .isEqualTo(3);
        assertThat(sticker.path("file_type").asText()).isEqualTo("image");
        assertThat(video.path("file_type").asText()).isEqualTo("video");
        assertThat(location.path("coordinates_lat").asDouble()).isEqualTo(-15.79);
        assertThat(location.path("data_url").isNull()).isTrue();
        assertThat(pin.path("fallback_title").asText("?")).isEmpty();
        assertThat(card.path("meta").path("firstName").asText()).isEqualTo("Bia");
    }

    @Test
    void special_messages_are_marked_in_their_content_attributes() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"));
        var joao = chatwoot.customer("+5511990000002", "Joao");
        var first = joao.writes("oi");

        joao.answers(first.id(), "isso");
        assertThat(heard("message_created")
                        .path("content_attributes")
                        .path("in_reply_to")
                        .asLong())
                .isEqualTo(first.id());
        joao.reacts(first.id(), "👍");
        assertThat(heard("message_created")
                        .path("content_attributes")
                        .path("is_reaction")
                        .asBoolean())
                .isTrue();
        joao.sendsUnsupported();
        assertThat(heard("message_created")
                        .path("content_attributes")
                        .path("is_unsupported")
                        .asBoolean())
                .isTrue();
        joao.sendsNothing();
        assertThat(heard("message_created").path("content").isNull()).isTrue();
        joao.sends("anúncio", RailsJson.object().put("referral", "ad"));
        assertThat(heard("message_created")
                        .path("content_attributes")
                        .path("referral")
                        .asText())
                .isEqualTo("ad");
        chatwoot.writeByAutomation(first.conversation(), "automático");
        assertThat(heard("message_created").path("content_attributes").has("automation_rule_id"))
                .isTrue();
        chatwoot.greet(first.conversation(), "Bem-vindo");
        assertThat(heard("message_created").path("message_type").asText()).isEqualTo("template");
        chatwoot.agent().deletes(first.id());
        assertThat(heard("message_updated")
                        .path("content_attributes")
                        .path("deleted")
                        .asBoolean())
                .isTrue();
        var twice = joao.writesDoubled("duas vezes");
        assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
        assertThat(twice.get(0).id()).isNotEqualTo(twice.get(1).id());
        assertThat(receiver.of("message_created").stream()
                        .map(seen -> seen.json().path("source_id").asText())
                        .filter(source -> source.startsWith("wamid.TWICE")))
                .hasSize(2)
                .satisfies(sources -> assertThat(sources.get(0)).isEqualTo(sources.get(1)));
    }

    @Test
    void conversation_events_have_no_wrapping_key_and_status_changes_have_null_attributes() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"));
        long conversation =
                chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();

        chatwoot.agent().resolves(conversation);

        var changed = heard("conversation_status_changed");
        assertThat(changed.path("id").asLong()).isEqualTo(conversation);
        assertThat(changed.path("status").asText()).isEqualTo("resolved");
        assertThat(changed.get("changed_attributes").isNull()).isTrue();
        var updated = heard("conversation_updated").path("changed_attributes");
        assertThat(updated.path(0).path("status").path("previous_value").asText())
                .isEqualTo("open");
        assertThat(updated.path(0).path("status").path("current_value").asText())
                .isEqualTo("resolved");
        assertThat(updated.path(1).has("updated_at")).isTrue();
        assertThat(heard("contact_updated").path("changed_attributes").path(0).has("last_activity_at"))
                .isTrue();
        assertThat(heard("contact_created").has("type")).isFalse();
        assertThat(heard("conversation_created").has("changed_attributes")).isFalse();
    }

    @Test
    void a_typing_agent_is_told_to_who_subscribed() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"), "conversation_typing_on", "conversation_typing_off");
        long conversation =
                chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();

        Api.user(chatwoot)
                .post("/account/conversations/" + conversation + "/toggle_typing_status", "{\"typing_status\":\"on\"}");
        Api.bot(chatwoot)
                .post(
                        "/account/conversations/" + conversation + "/toggle_typing_status",
                        "{\"typing_status\":\"off\"}");

        assertThat(heard("conversation_typing_on").path("user").path("type").asText())
                .isEqualTo("user");
        assertThat(heard("conversation_typing_off").path("user").path("type").asText())
                .isEqualTo("agent_bot");
        assertThat(receiver.events()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "4.2.0, *negrito*, false, false, false",
        "4.9.0, _negrito_, true, false, false",
        "4.12.0, _negrito_, true, false, false",
        "4.12.1, *negrito*, true, false, false",
        "4.13.0, *negrito*, true, false, true",
        "4.14.2, *negrito*, true, true, true",
        "4.15.1-fork.02, *negrito*, true, true, true"
    })
    void bodies_follow_the_release(
            String version, String content, boolean assigneeType, boolean account, boolean contentType)
            throws Exception {
        release(version);
        chatwoot.addAccountWebhook(receiver.url("/account"));

        chatwoot.customer("+5511990000002", "Joao").sendsImage(new byte[] {1}, "*negrito*");

        var body = heard("message_created");
        assertThat(body.path("content").asText()).isEqualTo(content);
        assertThat(body.path("conversation")
                        .path("messages")
                        .path(0)
                        .path("content")
                        .asText())
                .isEqualTo("*negrito*");
        assertThat(body.path("conversation").path("meta").has("assignee_type")).isEqualTo(assigneeType);
        assertThat(body.path("conversation").has("account")).isEqualTo(account);
        assertThat(body.path("attachments").path(0).has("content_type")).isEqualTo(contentType);
    }

    @Test
    void hard_breaks_and_trailing_newlines_are_cleaned_in_newer_releases() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"));

        chatwoot.customer("+5511990000002", "Joao").writes("um\\\ndois\n\n");

        assertThat(heard("message_created").path("content").asText()).isEqualTo("um\ndois");
    }

    private static JsonNode recorded(String name) throws IOException {
        try (var in = WebhookBodyTest.class.getResourceAsStream(name)) {
            return RailsJson.parse(in.readAllBytes()).orElseThrow();
        }
    }

    /** Every path of a JSON tree with the type found there, in order. */
    private static List<String> shape(JsonNode node) {
        var lines = new ArrayList<String>();
        collect("", node, lines);
        return lines;
    }

    private static void collect(String path, JsonNode node, List<String> into) {
        var type = node.isNumber()
                ? (node.isIntegralNumber() ? "integer" : "fraction")
                : node.getNodeType().name();
        into.add(path + " " + type);
        if (node.isObject()) {
            node.fields().forEachRemaining(entry -> collect(path + "." + entry.getKey(), entry.getValue(), into));
        } else {
            for (int i = 0; i < node.size(); i++) {
                collect(path + "[" + i + "]", node.get(i), into);
            }
        }
    }
}
