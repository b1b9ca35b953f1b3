package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTableTest {

    private static void assertIgnored(Normalized normalized, Reason reason) {
        assertThat(normalized.reason()).isEqualTo(reason);
        assertThat(normalized.actionable()).isFalse();
        assertThat(normalized.message()).isEmpty();
    }

    @Test
    void a_customers_text_in_a_pending_conversation_is_to_be_answered() {
        Normalized normalized = Payload.message().read();

        assertThat(normalized.reason().word()).isEqualTo("customer_message");
        assertThat(normalized.actionable()).isTrue();
        assertThat(normalized.message()).hasValueSatisfying(message -> {
            assertThat(message.text()).isEqualTo("Oi, quanto custa a diária?");
            assertThat(message.messageId()).isEqualTo(9001);
        });
    }

    @Test
    void row_2_an_automation_rules_webhook_is_only_a_conversation_under_another_name() {
        assertIgnored(
                Payload.conversation("automation_event.message_created").read(), Reason.CONVERSATION_SHAPED_EVENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message_updated", "message_incoming", "message_outgoing"})
    void row_3_only_a_created_message_is_a_new_one(String event) {
        assertIgnored(Payload.message().set("event", "'" + event + "'").read(), Reason.NOT_MESSAGE_CREATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conversation_created",
                "conversation_updated",
                "conversation_status_changed",
                "conversation_opened",
                "conversation_resolved",
                "macro.executed"
            })
    void row_3_events_of_conversations_are_no_messages(String event) {
        assertIgnored(Payload.conversation(event).read(), Reason.NOT_MESSAGE_CREATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"contact_created", "webwidget_triggered", "inbox_updated", "provider_event_received", "made_up"})
    void row_3_events_nobody_needs_are_ignored_whatever_their_shape(String event) {
        assertIgnored(
                Payload.read("{\"event\": \"" + event + "\", \"id\": 7, \"conversation\": [1], \"inbox\": \"x\"}"),
                Reason.NOT_MESSAGE_CREATED);
    }

    @ParameterizedTest
    @CsvSource({
        "activity, false, ACTIVITY_MESSAGE",
        "activity, true, ACTIVITY_MESSAGE",
        "template, false, TEMPLATE_MESSAGE",
        "outgoing, true, PRIVATE_NOTE",
        "incoming, true, PRIVATE_NOTE"
    })
    void rows_4_to_6_chatwoots_own_messages_and_private_notes_are_not_answered(
            String type, boolean note, Reason reason) {
        assertIgnored(
                Payload.message()
                        .set("message_type", "'" + type + "'")
                        .set("private", String.valueOf(note))
                        .read(),
                reason);
    }

    @Test
    void row_7_what_a_bot_said_is_our_own() {
        assertIgnored(
                Payload.outgoing("{'id': 2, 'name': 'wpp', 'type': 'agent_bot'}")
                        .read(),
                Reason.OWN_BOT_MESSAGE);
    }

    @Test
    void row_7_what_we_sent_with_a_persons_token_is_known_by_our_key() {
        assertIgnored(
                Payload.outgoing(Payload.agent())
                        .set("content_attributes", "{'flow_key': '9001-1'}")
                        .read(),
                Reason.OWN_BOT_MESSAGE);
        assertIgnored(
                Payload.outgoing(Payload.agent())
                        .set("content_attributes", "{'our_key': '9001-1'}")
                        .read(Payload.normalizer().ownMessageKey("our_key").build(), DeliverySource.ACCOUNT),
                Reason.OWN_BOT_MESSAGE);
    }

    @Test
    void row_7_chatwoots_assistant_is_another_bot() {
        assertIgnored(
                Payload.outgoing("{'id': 3, 'name': 'Captain', 'type': 'captain_assistant'}")
                        .read(),
                Reason.OTHER_BOT_MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({"content_attributes, automation_rule_id", "additional_attributes, campaign_id"})
    void row_7_rules_and_campaigns_are_no_person(String where, String key) {
        assertIgnored(Payload.outgoing("null").set(where, "{'" + key + "': 5}").read(), Reason.AUTOMATION_MESSAGE);
    }

    @Test
    void row_7_a_person_in_chatwoot_and_one_on_the_paired_phone_take_over() {
        Normalized inChatwoot = Payload.outgoing(Payload.agent()).read();
        Normalized onThePhone = Payload.outgoing("null")
                .set("content_attributes", "{'external_echo': true}")
                .read();
        Normalized byTheBridge = Payload.outgoing(Payload.agent())
                .set("source_id", "'WAID:3EB0INVENTED'")
                .read();

        for (Normalized each : List.of(inChatwoot, onThePhone, byTheBridge)) {
            assertIgnored(each, Reason.HUMAN_AGENT_MESSAGE);
            assertThat(each.humanTakeoverSignal()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Channel::Whatsapp, 5561990000002, CUSTOMER_MESSAGE",
                "Channel::Api, 5b2c, CUSTOMER_MESSAGE",
                "Channel::TwilioSms, whatsapp:+5561990000002, CUSTOMER_MESSAGE",
                "Channel::TwilioSms, whatsapp:BR.1A2b3C, CUSTOMER_MESSAGE",
                "Channel::TwilioSms, +5561990000002, NON_WHATSAPP_INBOX",
                "Channel::TwilioSms, -, NON_WHATSAPP_INBOX",
                "Channel::WebWidget, 5b2c, NON_WHATSAPP_INBOX",
                "Channel::Telegram, 123456789, NON_WHATSAPP_INBOX",
                "Channel::Email, joana@example.com, NON_WHATSAPP_INBOX"
            })
    void row_8_only_channels_that_can_be_whatsapp_are_served(String channel, String sourceId, Reason reason) {
        Normalized normalized = Payload.message()
                .set("conversation.channel", "'" + channel + "'")
                .set("conversation.contact_inbox.source_id", sourceId == null ? "null" : "'" + sourceId + "'")
                .read();

        assertThat(normalized.reason()).isEqualTo(reason);
    }

    @Test
    void row_8_a_tenant_may_list_further_inboxes() {
        Payload website = Payload.message().set("conversation.channel", "'Channel::WebWidget'");

        assertThat(website.read(
                                Payload.normalizer()
                                        .extraWhatsappInboxes(List.of(4L))
                                        .build(),
                                DeliverySource.AGENT_BOT)
                        .actionable())
                .isTrue();
        assertThat(website.read(
                                Payload.normalizer()
                                        .extraWhatsappInboxes(List.of(5L))
                                        .build(),
                                DeliverySource.AGENT_BOT)
                        .reason())
                .isEqualTo(Reason.NON_WHATSAPP_INBOX);
    }

    @Test
    void only_the_inboxes_named_are_served_when_any_is() {
        Normalizer others = Payload.normalizer().inboxes(Set.of(5L, 6L)).build();
        Normalizer this_one = Payload.normalizer().inboxes(Set.of(4L, 5L)).build();

        assertIgnored(Payload.message().read(others, DeliverySource.ACCOUNT), Reason.INBOX_NOT_SERVED);
        assertThat(Payload.message().read(this_one, DeliverySource.ACCOUNT).actionable())
                .isTrue();
    }

    @Test
    void row_9_a_group_is_left_alone() {
        Normalized normalized = Payload.message()
                .set("sender.identifier", "'120363000000000001@g.us'")
                .set("sender.phone_number", "null")
                .set("conversation.meta.sender.identifier", "'120363000000000001@g.us'")
                .set("conversation.meta.sender.phone_number", "null")
                .set("conversation.contact_inbox.source_id", "'5b2c'")
                .set("conversation.channel", "'Channel::Api'")
                .read();

        assertIgnored(normalized, Reason.GROUP_CHAT);
        assertThat(normalized.personKey()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "is_reaction, REACTION, reaction",
        "is_unsupported, UNSUPPORTED_MESSAGE, unsupported",
        "deleted, EMPTY_MESSAGE, empty"
    })
    void row_10_reactions_placeholders_and_deleted_messages_are_not_answered(String key, Reason reason, String type) {
        Normalized normalized = Payload.message()
                .set("content_attributes", "{'" + key + "': true}")
                .read();

        assertIgnored(normalized, reason);
        assertThat(normalized.type().word()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "'  \\n\\t '", "'\\u200b\\u2060'", "'\\u0000'", "'\\u00a0'"})
    void row_11_nothing_to_see_is_nothing_to_answer(String content) {
        Normalized normalized = Payload.message()
                .set("content", content)
                .set("conversation.messages", "[]")
                .read();

        assertIgnored(normalized, Reason.EMPTY_MESSAGE);
        assertThat(normalized.type().word()).isEqualTo("empty");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "agent-bot, pending, -, CUSTOMER_MESSAGE",
                "agent-bot, pending, user, CUSTOMER_MESSAGE",
                "agent-bot, open, -, HUMAN_OWNED",
                "agent-bot, open, agent_bot, HUMAN_OWNED",
                "agent-bot, snoozed, -, HUMAN_OWNED",
                "agent-bot, resolved, -, HUMAN_OWNED",
                "account, pending, -, CUSTOMER_MESSAGE",
                "account, open, -, CUSTOMER_MESSAGE",
                "account, open, agent_bot, CUSTOMER_MESSAGE",
                "account, open, user, HUMAN_OWNED",
                "account, resolved, user, CUSTOMER_MESSAGE",
                "inbox, open, -, CUSTOMER_MESSAGE",
                "n8n, open, user, HUMAN_OWNED"
            })
    void row_12_a_person_owns_it_by_status_or_by_being_assigned(
            String source, String status, String assignee, Reason reason) {
        Normalized normalized = Payload.message()
                .set("conversation.status", "'" + status + "'")
                .set("conversation.meta.assignee", assignee == null ? "null" : "{'id': 6, 'type': '" + assignee + "'}")
                .read(DeliverySource.of(source));

        assertThat(normalized.reason()).isEqualTo(reason);
        assertThat(normalized.humanOwned()).isEqualTo(reason == Reason.HUMAN_OWNED);
        assertThat(normalized.actionable()).isEqualTo(reason == Reason.CUSTOMER_MESSAGE);
        assertThat(normalized.message()).as("kept as history too").isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "AGENT_BOT, account, HUMAN_OWNED",
        "AGENT_BOT, catch-up, HUMAN_OWNED",
        "ACCOUNT, agent-bot, CUSTOMER_MESSAGE",
        "BY_SOURCE, account, CUSTOMER_MESSAGE",
        "BY_SOURCE, agent-bot, HUMAN_OWNED"
    })
    void row_12_the_tenants_mode_decides_what_open_means(OwnershipMode mode, String source, Reason reason) {
        Normalized normalized = Payload.message()
                .set("conversation.status", "'open'")
                .read(Payload.normalizer().ownership(mode).build(), DeliverySource.of(source));

        assertThat(normalized.reason()).isEqualTo(reason);
    }

    @Test
    void the_first_rule_that_matches_decides() {
        Normalized normalized = Payload.message()
                .set("private", "true")
                .set("content", "null")
                .set("content_attributes", "{'is_reaction': true}")
                .set("conversation.channel", "'Channel::Email'")
                .set("conversation.status", "'open'")
                .read();

        assertThat(normalized.reason()).isEqualTo(Reason.PRIVATE_NOTE);
    }

    @Test
    void every_reason_of_the_table_has_its_documented_word() {
        Set<String> words = Stream.of(Reason.values()).map(Reason::word).collect(Collectors.toSet());

        assertThat(words)
                .contains(
                        "conversation_shaped_event",
                        "not_message_created",
                        "activity_message",
                        "template_message",
                        "private_note",
                        "own_bot_message",
                        "other_bot_message",
                        "automation_message",
                        "human_agent_message",
                        "non_whatsapp_inbox",
                        "group_chat",
                        "reaction",
                        "unsupported_message",
                        "empty_message",
                        "human_owned",
                        "customer_message");
    }
}
