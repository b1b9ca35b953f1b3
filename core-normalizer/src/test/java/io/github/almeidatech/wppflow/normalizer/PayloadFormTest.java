package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.InboundMessage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadFormTest {

    private static final String RAW = "{\"event\":\"message_created\",\"id\":11,\"message_type\":\"incoming\","
            + "\"content\":\"oi\",\"content_type\":\"text\",\"conversation\":{\"id\":60,\"meta\":{\"sender\":"
            + "{\"phone_number\":\"+5561999990001\"}}},\"account\":{\"id\":2},\"inbox\":{\"id\":3}}";

    private static final String HAND_MADE = "{\"event\":\"message_created\",\"body\":{\"conversation\":{\"id\":60,"
            + "\"contact\":{\"phone_number\":\"+55 61 99999-0001\"}},"
            + "\"message\":{\"content\":\"oi\",\"content_type\":\"text\",\"attachments\":%s}}}";

    /** As a JSON text. */
    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    private static void assertRefused(String json, NormalizerError error) {
        assertThatThrownBy(() -> Payload.read(json)).isInstanceOfSatisfying(NormalizerException.class, e -> {
            assertThat(e.error()).isEqualTo(error);
            assertThat(e).hasNoCause();
        });
    }

    private static void assertIsRaw(String json) {
        Normalized normalized = Payload.read(json);
        assertThat(normalized.event()).isEqualTo("message_created");
        assertThat(normalized.actionable()).isTrue();
        assertThat(normalized.messageId()).isEqualTo(11);
        assertThat(normalized.conversationId()).isEqualTo(60);
        assertThat(normalized.accountId()).isEqualTo(2);
        assertThat(normalized.inboxId()).isEqualTo(3);
        assertThat(normalized.content()).isEqualTo("oi");
        assertThat(normalized.phoneE164()).isEqualTo("+5561999990001");
        assertThat(normalized.dedupeKeys()).isEqualTo(Payload.read(RAW).dedupeKeys());
    }

    @Test
    void chatwoots_own_body_is_taken_as_it_is() {
        assertIsRaw(RAW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'headers':{},'params':{},'query':{},'body':RAW,'webhookUrl':'u','executionMode':'production'}",
                "[{'headers':{},'params':{},'query':{},'body':RAW}]",
                "[{'json':{'body':RAW}}]",
                "{'json':RAW,'pairedItem':{'item':0}}",
                "{'tenant_id':'hotel-patinhas','payload':RAW}",
                "{'tenant_id':'hotel-patinhas','payload':{'body':RAW}}",
                "{'tenant_id':null,'payload':RAW}",
                "{'payload':TEXT}",
                "{'body':TEXT}",
                "{'event':'message_created','body':RAW}"
            })
    void every_wrapper_n8n_and_our_callers_make_is_taken_off(String form) {
        assertIsRaw(form.replace('\'', '"').replace("RAW", RAW).replace("TEXT", quoted(RAW)));
    }

    @Test
    void a_text_is_never_parsed() {
        String content = "{\"event\":\"x\",\"body\":{}}";

        Normalized normalized = Payload.read(RAW.replace("\"oi\"", quoted(content)));

        assertThat(normalized.content()).isEqualTo(content);
        assertThat(normalized.messageId()).isEqualTo(11);
    }

    @Test
    void a_wrappers_other_keys_decide_nothing() {
        Normalized normalized = Payload.read("{\"headers\":{\"x-tenant\":\"other\"},\"query\":{\"event\":\"x\"},"
                + "\"id\":99,\"conversation\":{\"id\":1},\"body\":" + RAW + "}");

        assertThat(normalized.messageId()).isEqualTo(11);
        assertThat(normalized.conversationId()).isEqualTo(60);
        assertThat(normalized.tenant()).isEqualTo(Payload.TENANT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[RAW,RAW]", "{}", "\"x\"", "7", "null", "true", "{\"event\":5}", "{\"body\":{}}"})
    void anything_else_is_no_accepted_form(String json) {
        assertRefused(json.replace("RAW", RAW), NormalizerError.UNKNOWN_FORM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"body\":{\"body\":RAW}}",
                "{\"event\":\"message_created\",\"body\":{\"id\":1}}",
                "{\"event\":null,\"payload\":RAW}",
                "{\"payload\":7}",
                "{\"json\":RAW,\"body\":1}"
            })
    void nothing_is_guessed(String json) {
        assertRefused(json.replace("RAW", RAW), NormalizerError.UNKNOWN_FORM);
    }

    @Test
    void the_refusal_names_the_keys_that_were_found_but_no_values_and_nobodys_name() {
        assertThatThrownBy(() -> Payload.read("{\"data\":\"segredo\",\"+5561999990001\":1,\"João\":2}"))
                .hasMessageContaining("[data]")
                .hasMessageContaining("{headers, params, query, body}")
                .hasMessageNotContainingAny("segredo", "99999", "João");
    }

    @Test
    void two_different_events_are_ambiguous() {
        assertRefused("{\"event\":\"message_updated\",\"body\":" + RAW + "}", NormalizerError.AMBIGUOUS_FORM);
    }

    @Test
    void more_than_three_wrappers_are_too_many() {
        assertIsRaw("{\"payload\":{\"payload\":{\"payload\":" + RAW + "}}}");
        assertRefused(
                "{\"payload\":{\"payload\":{\"payload\":{\"payload\":" + RAW + "}}}}",
                NormalizerError.TOO_MANY_WRAPPERS);
    }

    @Test
    void an_envelope_of_another_tenant_is_refused() {
        assertRefused("{\"tenant_id\":\"other\",\"payload\":" + RAW + "}", NormalizerError.FOREIGN_TENANT);
        assertRefused("{\"tenant_id\":1,\"payload\":" + RAW + "}", NormalizerError.FOREIGN_TENANT);
    }

    @Test
    void a_conversation_event_is_the_same_raw_and_wrapped() {
        String event = Payload.conversation("conversation_status_changed")
                .set("status", "'resolved'")
                .json();

        Normalized raw = Payload.read(event);
        Normalized wrapped = Payload.read("[{\"headers\":{},\"body\":" + event + "}]");

        assertThat(wrapped.conversation()).isEqualTo(raw.conversation());
        assertThat(wrapped.ownership(Duration.ofHours(1)))
                .isEqualTo(raw.ownership(Duration.ofHours(1)))
                .isPresent();
    }

    @Test
    void the_first_systems_form_is_a_customers_message_without_an_id() {
        Normalized normalized = Payload.read(HAND_MADE.formatted("[]"));

        assertThat(normalized.actionable()).isTrue();
        assertThat(normalized.direction()).isEqualTo(Direction.INCOMING);
        assertThat(normalized.content()).isEqualTo("oi");
        assertThat(normalized.conversationId()).isEqualTo(60);
        assertThat(normalized.phoneE164()).isEqualTo("+5561999990001");
        assertThat(normalized.messageId()).isNull();
    }

    @Test
    void it_may_come_wrapped_by_n8n_too() {
        assertThat(Payload.read("{\"headers\":{},\"body\":" + HAND_MADE.formatted("[]") + "}")
                        .actionable())
                .isTrue();
    }

    @Test
    void its_attachments_have_another_name_for_the_address_and_a_media_type_for_a_kind() {
        Normalized normalized =
                Payload.read(HAND_MADE.formatted("[{\"id\":\"a1\",\"file_url\":\"https://chat.example.com/x/foto.jpg\","
                        + "\"file_type\":\"image/jpeg\"},{\"id\":5,\"data_url\":\"https://chat.example.com/x/a\","
                        + "\"file_url\":\"https://no.example.com\",\"file_type\":\"audio\"}]"));

        assertThat(normalized.attachments())
                .satisfiesExactly(
                        image -> {
                            assertThat(image.kind()).isEqualTo(ContentType.IMAGE);
                            assertThat(image.url()).isEqualTo("https://chat.example.com/x/foto.jpg");
                            assertThat(image.id()).isNull();
                        },
                        audio -> {
                            assertThat(audio.kind()).isEqualTo(ContentType.AUDIO);
                            assertThat(audio.url()).isEqualTo("https://chat.example.com/x/a");
                            assertThat(audio.id()).isEqualTo(5);
                        });
    }

    @Test
    void what_it_says_of_direction_account_and_inbox_counts() {
        Normalized normalized = Payload.read("{\"event\":\"message_created\",\"body\":{\"account\":{\"id\":2},"
                + "\"inbox\":{\"id\":3},\"conversation\":{\"id\":60,\"meta\":{}},"
                + "\"message\":{\"id\":11,\"message_type\":\"outgoing\",\"content\":\"oi\"}}}");

        assertThat(normalized.direction()).isEqualTo(Direction.OUTGOING);
        assertThat(normalized.messageId()).isEqualTo(11);
        assertThat(normalized.accountId()).isEqualTo(2);
        assertThat(normalized.inboxId()).isEqualTo(3);
    }

    @Test
    void its_messages_are_known_by_their_words_within_a_minute_and_ordered_by_arrival() {
        Instant noon = Instant.parse("2026-09-01T12:00:00Z");
        Normalized first = handMade("oi", noon);
        Normalized again = handMade("oi", noon.plusSeconds(20));
        Normalized other = handMade("olá", noon.plusSeconds(21));
        Normalized later = handMade("oi", noon.plusSeconds(90));

        assertThat(again.dedupeKeys()).isEqualTo(first.dedupeKeys()).hasSize(1);
        assertThat(other.dedupeKeys()).doesNotContainAnyElementsOf(first.dedupeKeys());
        assertThat(later.dedupeKeys()).doesNotContainAnyElementsOf(first.dedupeKeys());
        assertThat(first.message().map(InboundMessage::messageId).orElseThrow())
                .isNegative()
                .isLessThan(later.message().map(InboundMessage::messageId).orElseThrow());
        assertThat(later.message().map(InboundMessage::messageId).orElseThrow()).isNegative();
    }

    private static Normalized handMade(String content, Instant arrival) {
        return Normalizer.builder()
                .clock(() -> arrival)
                .build()
                .normalize(Delivery.of(
                        Payload.TENANT,
                        DeliverySource.N8N,
                        HAND_MADE
                                .formatted("[]")
                                .replace("\"oi\"", quoted(content))
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void its_status_event_has_the_conversation_inside() {
        Normalized normalized = Payload.read("{\"event\":\"conversation_status_changed\",\"body\":{\"conversation\":"
                + "{\"id\":60,\"status\":\"resolved\",\"contact\":{\"phone_number\":\"+5561999990001\"}}}}");

        assertThat(normalized.conversationId()).isEqualTo(60);
        assertThat(normalized.ownership(Duration.ofHours(1)).orElseThrow().reason())
                .isEqualTo("conversation_resolved");
        assertThat(normalized.dedupeKeys()).as("it does not say when").isEmpty();
    }

    @Test
    void without_a_message_it_is_none() {
        assertRefused(
                "{\"event\":\"message_created\",\"body\":{\"conversation\":{\"id\":60}}}",
                NormalizerError.MISSING_FIELD);
    }
}
