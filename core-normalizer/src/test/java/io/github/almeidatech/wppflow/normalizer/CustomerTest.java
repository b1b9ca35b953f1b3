package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomerTest {

    private static Payload nobody(String channel) {
        return Payload.message()
                .set("conversation.channel", "'" + channel + "'")
                .set("sender.phone_number", "null")
                .set("conversation.meta.sender.phone_number", "''")
                .set("conversation.contact_inbox.source_id", "'0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9'");
    }

    @Test
    void a_mobile_without_its_ninth_digit_stays_as_delivered_and_matches_with_it() {
        Normalized normalized =
                Payload.message().set("sender.phone_number", "'+556190000002'").read();

        assertThat(normalized.phoneE164()).isEqualTo("+556190000002");
        assertThat(normalized.phoneE164Canonical()).isEqualTo("+5561990000002");
        assertThat(normalized.personKey()).isEqualTo(Payload.message().read().personKey());
        assertThat(normalized.customer().address()).isEqualTo("5561990000002");
    }

    @Test
    void the_phone_is_the_first_there_is_of_sender_contact_address_and_identifier() {
        Payload payload = Payload.message()
                .set("sender.phone_number", "'+5561990000001'")
                .set("conversation.meta.sender.phone_number", "'+5561990000002'")
                .set("conversation.contact_inbox.source_id", "'5561990000003'")
                .set("sender.identifier", "'5561990000004@s.whatsapp.net'");
        assertThat(payload.read().phoneE164()).isEqualTo("+5561990000001");

        payload.set("sender.phone_number", "''");
        assertThat(payload.read().phoneE164()).isEqualTo("+5561990000002");

        payload.set("conversation.meta.sender.phone_number", "null");
        assertThat(payload.read().phoneE164()).isEqualTo("+5561990000003");

        payload.remove("conversation.contact_inbox").set("conversation.messages", "[]");
        assertThat(payload.read().phoneE164()).isEqualTo("+5561990000004");
    }

    @Test
    void in_what_the_business_says_the_customer_is_the_conversations_contact() {
        Normalized normalized = Payload.outgoing(
                        "{'id': 6, 'name': 'Ana Inventada', 'type': 'user', 'phone_number': '+5561990000009'}")
                .read();

        assertThat(normalized.customer().contactId()).isEqualTo(27);
        assertThat(normalized.customer().name()).isEqualTo("Joana Inventada");
        assertThat(normalized.phoneE164()).isEqualTo("+5561990000002");
        assertThat(normalized.senderKind()).isEqualTo(SenderKind.USER);
    }

    @ParameterizedTest
    @CsvSource({
        "5561990000002@s.whatsapp.net, +5561990000002",
        "556190000002:12@s.whatsapp.net, +5561990000002",
        "5561990000002@c.us, +5561990000002",
        "5561990000002, +5561990000002",
        "77712345678901@lid, lid:77712345678901",
        "BR.1A2b3C, bsuid:BR.1A2b3C"
    })
    void a_bridge_gives_the_identity_only_as_identifier(String identifier, String personKey) {
        Normalized normalized = nobody("Channel::Api")
                .set("sender.identifier", "'" + identifier + "'")
                .read();

        assertThat(normalized.personKey()).isEqualTo(personKey);
        assertThat(normalized.actionable()).isTrue();
    }

    @Test
    void a_phone_says_more_than_a_hidden_id() {
        Normalized normalized = nobody("Channel::Api")
                .set("sender.identifier", "'77712345678901@lid'")
                .set("conversation.meta.sender.phone_number", "'+5561990000002'")
                .read();

        assertThat(normalized.personKey()).isEqualTo("+5561990000002");
    }

    @Test
    void a_business_scoped_id_is_an_address_but_no_phone() {
        Normalized normalized = nobody("Channel::Whatsapp")
                .set("conversation.contact_inbox.source_id", "'BR.ENT.1A2b3C'")
                .read();

        assertThat(normalized.phoneE164()).isNull();
        assertThat(normalized.personKey()).isEqualTo("bsuid:BR.ENT.1A2b3C");
        assertThat(normalized.customer().address()).isEqualTo("BR.ENT.1A2b3C");
    }

    @Test
    void whoever_has_neither_is_known_by_chatwoots_number() {
        assertThat(nobody("Channel::Api").read().personKey()).isEqualTo("contact:1/27");
        assertThat(nobody("Channel::Api")
                        .remove("sender.id")
                        .remove("conversation.meta.sender")
                        .read()
                        .customer()
                        .contactId())
                .as("of the contact inbox")
                .isEqualTo(27);
    }

    @Test
    void digits_of_other_channels_and_shops_are_no_phone() {
        Normalized normalized = nobody("Channel::Telegram")
                .set("conversation.contact_inbox.source_id", "'5561990000002'")
                .set("sender.identifier", "'5561990000003'")
                .read();

        assertThat(normalized.phoneE164()).isNull();
        assertThat(normalized.personKey()).isEqualTo("contact:1/27");
    }

    @Test
    void a_delivered_number_no_plan_knows_is_still_where_answers_go() {
        Normalized normalized = nobody("Channel::Whatsapp")
                .set("sender.phone_number", "'+5500123456789'")
                .read();

        assertThat(normalized.phoneE164()).isEqualTo("+5500123456789");
        assertThat(normalized.personKey()).isEqualTo("+5500123456789");
    }

    @Test
    void without_anybody_there_is_nobody() {
        Normalized normalized = Payload.read("{\"event\": \"inbox_created\", \"id\": 4}");

        assertThat(normalized.customer().contactId()).isNull();
        assertThat(normalized.personKey()).isNull();
    }
}
