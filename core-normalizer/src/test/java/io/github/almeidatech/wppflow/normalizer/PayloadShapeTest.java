package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadShapeTest {

    @Test
    void every_fact_of_a_message_is_there() {
        Normalized normalized = Payload.message()
                .set("content_attributes", "{'in_reply_to': 8990, 'in_reply_to_external_id': 'wamid.X'}")
                .set("conversation.meta.assignee", "{'id': 2, 'name': 'wpp', 'type': 'agent_bot'}")
                .read();

        assertThat(normalized.tenant()).isEqualTo(Payload.TENANT);
        assertThat(normalized.source()).isEqualTo(DeliverySource.AGENT_BOT);
        assertThat(normalized.event()).isEqualTo("message_created");
        assertThat(normalized.direction().word()).isEqualTo("incoming");
        assertThat(normalized.type().word()).isEqualTo("text");
        assertThat(normalized.content()).isEqualTo("Oi, quanto custa a diária?");
        assertThat(normalized.attachments()).isEmpty();
        assertThat(normalized.accountId()).isEqualTo(1);
        assertThat(normalized.inboxId()).isEqualTo(4);
        assertThat(normalized.conversationId()).isEqualTo(88);
        assertThat(normalized.conversation()).hasToString("hotel-patinhas/1/88");
        assertThat(normalized.messageId()).isEqualTo(9001);
        assertThat(normalized.sourceId()).isEqualTo("wamid.INVENTED1==");
        assertThat(normalized.senderKind().word()).isEqualTo("contact");
        assertThat(normalized.phoneE164()).isEqualTo("+5561990000002");
        assertThat(normalized.phoneE164Canonical()).isEqualTo("+5561990000002");
        assertThat(normalized.personKey()).isEqualTo("+5561990000002");
        assertThat(normalized.customer().contactId()).isEqualTo(27);
        assertThat(normalized.customer().name()).isEqualTo("Joana Inventada");
        assertThat(normalized.customer().address()).isEqualTo("5561990000002");
        assertThat(normalized.humanOwned()).isFalse();
        assertThat(normalized.humanTakeoverSignal()).isFalse();
        assertThat(normalized.deliveryFailed()).isFalse();
        assertThat(normalized.inReplyTo()).isEqualTo(8990);
        assertThat(normalized.latitude()).isNull();
        assertThat(normalized.longitude()).isNull();
        assertThat(normalized.status()).isEqualTo(ConversationStatus.PENDING);
        assertThat(normalized.assignee()).contains(new Normalized.Assignee(SenderKind.AGENT_BOT, 2L));
        assertThat(normalized.labels()).containsExactly("hotel", "novo");
        assertThat(normalized.timestamp()).isEqualTo("2026-09-01T12:00:00.412Z");
        assertThat(normalized.ownership(Duration.ofHours(1))).isEmpty();
    }

    @Test
    void the_message_for_the_flow_says_the_same() {
        Normalized normalized = Payload.message().read();

        assertThat(normalized.message()).hasValueSatisfying(message -> {
            assertThat(message.conversation()).isEqualTo(normalized.conversation());
            assertThat(message.inboxId()).isEqualTo(4);
            assertThat(message.sentAt()).isEqualTo(normalized.timestamp());
            assertThat(message.type()).isEqualTo(ContentType.TEXT);
            assertThat(message.sender()).isEqualTo(normalized.customer());
            assertThat(message.inReplyTo()).isNull();
        });
    }

    @Test
    void nothing_personal_is_in_what_may_be_logged() {
        Delivery delivery = Delivery.of(
                Payload.TENANT, DeliverySource.ACCOUNT, Payload.message().bytes());

        assertThat(Payload.message().read() + " " + delivery + " " + Phones.parse("+5561990000002", "BR"))
                .contains("message_created", "customer_message", "1/88#9001", "account", "bytes", "mobile")
                .doesNotContain("Joana", "990000002", "diária", "pubsub");
    }

    @Test
    void unknown_keys_are_of_no_interest() {
        Normalized normalized = Payload.message()
                .set("actor", "{'id': [1]}")
                .set("conversation.new_thing", "'x'")
                .set("conversation.meta.new_thing", "[[]]")
                .set("sender.new_thing", "1.5")
                .read();

        assertThat(normalized.actionable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "'2026-09-01T12:00:00.412Z', 2026-09-01T12:00:00.412Z",
                "'2026-09-01T09:00:00-03:00', 2026-09-01T12:00:00Z",
                "1788264000, 2026-09-01T12:00:00Z",
                "1788264000.482917, 2026-09-01T12:00:00.482917Z",
                "1.788264E9, 2026-09-01T12:00:00Z"
            })
    void times_are_iso_dates_or_seconds_with_or_without_a_fraction(String json, Instant expected) {
        assertThat(Payload.message().set("created_at", json).read().timestamp()).isEqualTo(expected);
    }

    @Test
    void a_message_without_a_time_was_sent_when_the_conversation_last_moved_or_else_now() {
        Payload undated = Payload.message().remove("created_at");

        assertThat(undated.read().timestamp()).isEqualTo("2026-09-01T12:00:00Z");
        assertThat(undated.set("conversation.last_activity_at", "0").read().timestamp())
                .isEqualTo("2026-09-01T12:00:00.482917Z");
        assertThat(undated.remove("conversation.updated_at").read().timestamp()).isEqualTo(Payload.ARRIVAL);
    }

    @ParameterizedTest
    @CsvSource({"0, INCOMING", "1, OUTGOING", "2, ACTIVITY", "3, TEMPLATE", "'\"outgoing\"', OUTGOING"})
    void the_direction_is_a_word_in_webhooks_and_a_number_in_the_api(String json, Direction expected) {
        assertThat(Payload.message().set("message_type", json).read().direction())
                .isEqualTo(expected);
    }

    @Test
    void a_missing_account_is_looked_for_elsewhere_before_it_is_unknown() {
        Payload payload = Payload.message().remove("account");
        assertThat(payload.read().accountId()).isEqualTo(1);

        payload.remove("conversation.account");
        assertThat(payload.read().accountId())
                .as("from the newest message, before 4.14.2")
                .isEqualTo(1);

        payload.set("conversation.messages", "[]");
        assertThat(payload.read().accountId()).isNull();
        assertThat(payload.read().conversation().account()).isZero();
        assertThat(payload.read(Payload.normalizer().account(9).build(), DeliverySource.ACCOUNT)
                        .accountId())
                .isEqualTo(9);
    }

    @Test
    void events_of_another_account_than_the_tenants_are_refused() {
        Normalizer normalizer = Payload.normalizer().account(2).build();

        assertThatThrownBy(() -> Payload.message().read(normalizer, DeliverySource.ACCOUNT))
                .isInstanceOfSatisfying(NormalizerException.class, e -> {
                    assertThat(e.error()).isEqualTo(NormalizerError.FOREIGN_ACCOUNT);
                    assertThat(e.error().httpStatus()).isEqualTo(403);
                });
        assertThatThrownBy(() -> normalizer.normalize(Delivery.of(
                        Payload.TENANT,
                        DeliverySource.ACCOUNT,
                        "{\"event\":\"contact_updated\",\"account\":{\"id\":1}}".getBytes())))
                .isInstanceOf(NormalizerException.class);
    }

    @Test
    void the_newest_message_of_the_conversation_is_never_taken_for_the_events() {
        Normalized normalized = Payload.message()
                .set("conversation.messages.0.id", "9002")
                .set("conversation.messages.0.content", "'outra mensagem'")
                .set("conversation.messages.0.status", "'failed'")
                .set("conversation.messages.0.attachments", "[{'id': 1, 'file_type': 'image'}]")
                .read();

        assertThat(normalized.content()).isEqualTo("Oi, quanto custa a diária?");
        assertThat(normalized.attachments()).isEmpty();
        assertThat(normalized.deliveryFailed()).isFalse();
    }

    @Test
    void a_message_that_could_not_be_delivered_says_so() {
        Payload sent = Payload.outgoing("{'id': 2, 'type': 'agent_bot'}").set("event", "'message_updated'");
        assertThat(sent.read().deliveryFailed()).isFalse();

        sent.set("content_attributes", "{'external_error': null}");
        assertThat(sent.read().deliveryFailed()).as("after a later success").isFalse();

        sent.set("content_attributes", "{'external_error': '131047: Re-engagement message'}");
        assertThat(sent.read().deliveryFailed()).isTrue();
        assertThat(sent.read().deliveryError()).isEqualTo("131047: Re-engagement message");

        sent.set("content_attributes", "{'external_error': '" + "x".repeat(5_000) + "', 'flow_key': 'turn-1'}");
        assertThat(sent.read().deliveryError()).hasSize(200);
        assertThat(sent.read().ownKey()).isEqualTo("turn-1");

        sent.set("content_attributes", "{}").set("conversation.messages.0.id", "9002");
        sent.set("conversation.messages.0.status", "'failed'");
        assertThat(sent.read().deliveryFailed()).isTrue();
        assertThat(sent.read().deliveryError()).isEmpty();
        assertThat(sent.read().ownKey()).isNull();
    }

    @Test
    void a_conversation_event_has_its_body_at_the_top() {
        Normalized normalized = Payload.conversation("conversation_status_changed")
                .set("status", "'open'")
                .set("meta.assignee", "{'id': 6, 'type': 'user'}")
                .set("changed_attributes", "null")
                .read();

        assertThat(normalized.direction()).isEqualTo(Direction.EVENT);
        assertThat(normalized.type()).isEqualTo(ContentType.EVENT);
        assertThat(normalized.conversationId()).isEqualTo(88);
        assertThat(normalized.messageId()).isNull();
        assertThat(normalized.content()).isEmpty();
        assertThat(normalized.senderKind()).isEqualTo(SenderKind.NONE);
        assertThat(normalized.phoneE164()).isEqualTo("+5561990000002");
        assertThat(normalized.assignee()).contains(new Normalized.Assignee(SenderKind.USER, 6L));
        assertThat(normalized.timestamp()).isEqualTo("2026-09-01T12:00:00.482917Z");
        assertThat(normalized.humanOwned()).isTrue();
    }

    @Test
    void an_assignee_is_a_person_unless_said_to_be_a_bot() {
        Payload payload = Payload.message().set("conversation.meta.assignee", "{'id': 6}");
        assertThat(payload.read().assignee().orElseThrow().kind()).isEqualTo(SenderKind.USER);

        payload.set("conversation.meta.assignee_type", "'AgentBot'");
        assertThat(payload.read().assignee().orElseThrow().kind()).isEqualTo(SenderKind.AGENT_BOT);
    }

    @Test
    void typing_is_about_a_conversation_and_nothing_more() {
        String typing =
                "{\"event\": \"conversation_typing_on\", \"user\": {\"id\": 6, \"type\": \"user\"}, \"conversation\": "
                        + Payload.conversation("x").json() + ", \"is_private\": false}";

        assertThat(Payload.read(typing).conversationId()).isEqualTo(88);
        assertThat(Payload.read(typing).reason()).isEqualTo(Reason.NOT_MESSAGE_CREATED);
    }

    @Test
    void a_contact_event_says_who_and_is_about_no_conversation() {
        Normalized normalized = Payload.read(
                "{\"event\": \"contact_updated\", \"id\": 27, \"name\": \"Joana Inventada\","
                        + " \"phone_number\": \"+556190000002\", \"identifier\": null, \"account\": {\"id\": 1},"
                        + " \"changed_attributes\": [{\"name\": {\"previous_value\": \"a\", \"current_value\": \"b\"}}]}");

        assertThat(normalized.customer().contactId()).isEqualTo(27);
        assertThat(normalized.personKey()).isEqualTo("+5561990000002");
        assertThat(normalized.accountId()).isEqualTo(1);
        assertThat(normalized.conversationId()).isNull();
        assertThatThrownBy(normalized::conversation).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_minimum_that_can_be_a_message_is_one() {
        Normalized normalized =
                Payload.read("{\"event\": \"message_created\", \"id\": 11, \"message_type\": \"incoming\","
                        + " \"content\": \"oi\", \"conversation\": {\"id\": 60}}");

        assertThat(normalized.actionable()).isTrue();
        assertThat(normalized.personKey()).isNull();
        assertThat(normalized.inboxId()).isNull();
        assertThat(normalized.senderKind()).isEqualTo(SenderKind.NONE);
    }

    @Test
    void a_message_read_from_the_api_is_the_same_as_by_webhook() {
        Normalized webhook = Payload.message().read();
        Normalized api =
                Payload.normalizer().build().fromApi(Payload.TENANT, Payload.apiConversation(), Payload.apiMessage());

        assertThat(api.source()).isEqualTo(DeliverySource.CATCH_UP);
        assertThat(api.reason()).isEqualTo(webhook.reason());
        assertThat(api.event()).isEqualTo(webhook.event());
        assertThat(api.conversation()).isEqualTo(webhook.conversation());
        assertThat(api.dedupeKeys()).isEqualTo(webhook.dedupeKeys());
        assertThat(api.personKey()).isEqualTo(webhook.personKey());
        assertThat(api.customer().contactId()).isEqualTo(27);
        assertThat(api.message().orElseThrow().text())
                .isEqualTo(webhook.message().orElseThrow().text());
        assertThat(api.timestamp()).isEqualTo("2026-09-01T12:00:00Z");
    }

    @Test
    void in_the_api_empty_parts_are_absent_and_the_address_is_deeper() {
        ObjectNode conversation = Payload.apiConversation();

        Normalized normalized =
                Payload.normalizer().build().fromApi(Payload.TENANT, conversation, Payload.apiMessage());

        assertThat(normalized.customer().address()).isEqualTo("5561990000002");
        assertThat(normalized.assignee()).isEmpty();
    }

    @Test
    void a_person_assigned_in_the_api_has_no_type() {
        ObjectNode conversation = Payload.apiConversation();
        conversation.put("status", "open");
        ((ObjectNode) conversation.get("meta")).set("assignee", Payload.of("{'id': 6, 'name': 'Ana Inventada'}"));

        Normalized normalized =
                Payload.normalizer().build().fromApi(Payload.TENANT, conversation, Payload.apiMessage());

        assertThat(normalized.reason()).isEqualTo(Reason.HUMAN_OWNED);
    }

    @Test
    void a_message_of_another_conversation_is_refused() {
        ObjectNode conversation = Payload.apiConversation().put("id", 89);
        Normalizer normalizer = Payload.normalizer().build();

        assertThatThrownBy(() -> normalizer.fromApi(Payload.TENANT, conversation, Payload.apiMessage()))
                .isInstanceOfSatisfying(
                        NormalizerException.class, e -> assertThat(e.path()).contains("conversation_id"));
        assertThatThrownBy(() -> normalizer.fromApi(
                        Payload.TENANT, conversation.get("meta").get("channel"), Payload.apiMessage()))
                .isInstanceOf(NormalizerException.class);
    }
}
