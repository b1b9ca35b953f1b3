package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest {

    private static void assertRefused(byte[] body, NormalizerError error, String path) {
        assertThatThrownBy(() -> Payload.normalizer()
                        .build()
                        .normalize(Delivery.of(Payload.TENANT, DeliverySource.ACCOUNT, body)))
                .isInstanceOfSatisfying(NormalizerException.class, e -> {
                    assertThat(e.error()).isEqualTo(error);
                    assertThat(e.path()).isEqualTo(java.util.Optional.ofNullable(path));
                    assertThat(e.code()).isEqualTo(error);
                    assertThat(e.error().retryable()).isFalse();
                    assertThat(e).hasNoCause().hasMessageStartingWith(error.code());
                });
    }

    private static void assertRefused(String body, NormalizerError error) {
        assertRefused(body.getBytes(StandardCharsets.UTF_8), error, null);
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    @Test
    void what_is_not_utf_8_is_refused() {
        byte[] latin1 = Payload.message().json().getBytes(StandardCharsets.ISO_8859_1);
        byte[] overlong = {'"', (byte) 0xC0, (byte) 0x80, '"'};
        byte[] encodedSurrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};

        for (byte[] each : Arrays.asList(latin1, overlong, encodedSurrogate)) {
            assertRefused(each, NormalizerError.NOT_UTF8, null);
        }
        assertThat(NormalizerError.NOT_UTF8.httpStatus()).isEqualTo(400);
    }

    @Test
    void other_encodings_are_no_json() {
        assertRefused(Payload.message().json().getBytes(StandardCharsets.UTF_16LE), NormalizerError.NOT_UTF8, null);
        assertRefused("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE), NormalizerError.NOT_JSON, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "oi",
                "{\"event\":\"message_created\"} {}",
                "{\"event\":\"message_created\"},",
                "{'event':'message_created'}",
                "{\"event\":\"message_created\",}",
                "{/* */\"event\":\"message_created\"}",
                "{\"id\":NaN}",
                "{\"id\":01}",
                "{\"id\":+1}",
                "{\"a\":\"\u0001\"}",
                "<html></html>",
                "event=message_created"
            })
    void what_is_not_json_is_refused(String body) {
        assertRefused(body, NormalizerError.NOT_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n"})
    void nothing_is_no_payload(String body) {
        assertThatThrownBy(() -> Payload.read(body)).isInstanceOf(NormalizerException.class);
    }

    @Test
    void a_key_given_twice_is_refused_at_every_level() {
        String message = Payload.message().json();

        assertRefused(message.replaceFirst("\\{", "{\"event\":\"message_updated\","), NormalizerError.NOT_JSON);
        assertRefused(message.replaceFirst("\"status\":", "\"status\":\"open\",\"status\":"), NormalizerError.NOT_JSON);
    }

    @Test
    void the_refusal_quotes_nothing_of_the_body() {
        assertThatThrownBy(() -> Payload.read("{\"content\":segredo}"))
                .hasMessageNotContaining("segredo")
                .hasMessageContaining("column");
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 1_000, 100_000})
    void what_is_nested_too_deep_is_refused(int depth) {
        String nested = "{\"event\":\"x\",\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

        assertRefused(nested, NormalizerError.TOO_COMPLEX);
        assertRefused("[".repeat(depth), NormalizerError.TOO_COMPLEX);
    }

    @Test
    void what_has_too_many_or_too_long_parts_is_refused() {
        assertRefused(
                "{\"event\":\"x\",\"a\":[" + String.join(",", Collections.nCopies(20_001, "1")) + "]}",
                NormalizerError.TOO_COMPLEX);
        assertRefused("{\"event\":\"x\",\"a\":\"" + "a".repeat((1 << 20) + 1) + "\"}", NormalizerError.TOO_COMPLEX);
        assertRefused("{\"event\":\"x\",\"a\":" + "1".repeat(65) + "}", NormalizerError.TOO_COMPLEX);
        assertRefused("{\"event\":\"x\",\"" + "k".repeat(300) + "\":1}", NormalizerError.TOO_COMPLEX);
    }

    @Test
    void every_beginning_of_a_payload_is_refused_and_breaks_nothing() {
        byte[] whole = Payload.message().bytes();
        Normalizer normalizer = Payload.normalizer().build();

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> normalizer.normalize(Delivery.of(Payload.TENANT, DeliverySource.ACCOUNT, part)))
                    .as("the first %d bytes", length)
                    .isInstanceOfSatisfying(
                            NormalizerException.class,
                            e -> assertThat(e.error().httpStatus()).isEqualTo(400));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "conversation.id", "account.id", "inbox.id", "sender.id", "conversation.inbox_id"})
    void an_id_is_an_integer_from_1_to_2_to_the_53(String path) {
        for (String wrongType : new String[] {"'9001'", "'abc'", "true", "[1]", "{}"}) {
            assertRefused(Payload.message().set(path, wrongType).bytes(), NormalizerError.WRONG_TYPE, path);
        }
        for (String impossible : new String[] {"0", "-1", "1.5", "9007199254740992", "1e300", "9".repeat(60)}) {
            assertRefused(Payload.message().set(path, impossible).bytes(), NormalizerError.IMPOSSIBLE_VALUE, path);
        }
        for (String possible : new String[] {"1", "7.0", "9007199254740991"}) {
            assertThat(Payload.message().set(path, possible).read().actionable())
                    .as("%s = %s", path, possible)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "id, MISSING_FIELD",
        "message_type, MISSING_FIELD",
        "conversation, MISSING_FIELD",
        "conversation.id, MISSING_FIELD"
    })
    void what_a_message_cannot_be_without_is_named(String path, NormalizerError error) {
        assertRefused(Payload.message().remove(path).bytes(), error, path);
        assertRefused(Payload.message().set(path, "null").bytes(), error, path);
        assertThat(error.code()).isEqualTo("ERR_MISSING_FIELD");
        assertThat(error.httpStatus()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "content, 5",
                "content, {}",
                "content, ['a']",
                "content_type, 1",
                "message_type, 1.5",
                "message_type, true",
                "private, 'true'",
                "private, 1",
                "created_at, true",
                "created_at, {}",
                "source_id, 5",
                "content_attributes, []",
                "content_attributes, '{}'",
                "additional_attributes, 5",
                "attachments, {}",
                "attachments, 'x'",
                "sender, 'Joana'",
                "sender.name, 5",
                "sender.phone_number, 5561990000002",
                "sender.type, 5",
                "account, 1",
                "inbox, 4",
                "conversation, 88",
                "conversation, []",
                "conversation.status, 1",
                "conversation.channel, {}",
                "conversation.labels, 'hotel'",
                "conversation.meta, []",
                "conversation.meta.assignee, 6",
                "conversation.contact_inbox, 'x'",
                "conversation.contact_inbox.source_id, 5561990000002",
                "conversation.messages, {}",
                "conversation.updated_at, []"
            })
    void a_known_field_of_another_type_is_named(String path, String json) {
        assertRefused(Payload.message().set(path, json).bytes(), NormalizerError.WRONG_TYPE, path);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "message_type, 'shout'",
                "message_type, 4",
                "message_type, -1",
                "message_type, 4294967296",
                "conversation.status, 'closed'",
                "created_at, 'yesterday'",
                "created_at, ''",
                "created_at, '2026-13-01T00:00:00Z'",
                "created_at, '2026-02-29T00:00:00.000Z'",
                "created_at, '2026-09-01T24:00:00.000Z'",
                "created_at, '2026-09-01T12:00:60Z'",
                "created_at, '2026-09-01T12:00:00'",
                "created_at, '1969-12-31T23:59:59Z'",
                "created_at, '+999999999-12-31T23:59:59Z'",
                "created_at, -1",
                "created_at, 1e300",
                "conversation.updated_at, 253402300800"
            })
    void a_value_that_cannot_be_is_named(String path, String json) {
        assertRefused(Payload.message().set(path, json).bytes(), NormalizerError.IMPOSSIBLE_VALUE, path);
    }

    @Test
    void a_number_beyond_every_number_is_impossible_too() {
        String message = Payload.message().json();

        assertRefused(
                message.replace("\"id\":88,", "\"id\":1e400,").getBytes(StandardCharsets.UTF_8),
                NormalizerError.IMPOSSIBLE_VALUE,
                "conversation.id");
        assertRefused(
                message.replace(
                                "\"created_at\":\"2026-09-01T12:00:00.412Z\",\"id\":9001",
                                "\"created_at\":-1e400,\"id\":9001")
                        .getBytes(StandardCharsets.UTF_8),
                NormalizerError.IMPOSSIBLE_VALUE,
                "created_at");
    }

    @Test
    void elements_of_lists_are_named_with_their_place() {
        assertRefused(
                Payload.message().set("attachments", "[{'id': 1}, 5]").bytes(),
                NormalizerError.WRONG_TYPE,
                "attachments[1]");
        assertRefused(
                Payload.message().set("conversation.labels", "['a', 1]").bytes(),
                NormalizerError.WRONG_TYPE,
                "conversation.labels[1]");
        assertRefused(
                Payload.conversation("conversation_updated")
                        .set("changed_attributes", "['status']")
                        .bytes(),
                NormalizerError.WRONG_TYPE,
                "changed_attributes[0]");
    }

    @Test
    void lists_and_texts_have_an_end() {
        String labels = "[" + String.join(",", Collections.nCopies(101, "'a'")) + "]";
        assertRefused(
                Payload.message().set("conversation.labels", labels).bytes(),
                NormalizerError.TOO_MANY,
                "conversation.labels");
        assertRefused(
                Payload.message().set("event", "'" + "e".repeat(65) + "'").bytes(), NormalizerError.TOO_LONG, "event");
        assertRefused(
                Payload.message()
                        .set("source_id", "'" + "w".repeat(1_001) + "'")
                        .bytes(),
                NormalizerError.TOO_LONG,
                "source_id");
        assertRefused(
                Payload.message()
                        .set("content", "'" + "a".repeat(150_001) + "'")
                        .bytes(),
                NormalizerError.TOO_LONG,
                "content");
        assertRefused(Payload.message().set("event", "' '").bytes(), NormalizerError.MISSING_FIELD, "event");
    }

    @Test
    void the_longest_text_chatwoot_lets_through_is_whole_also_in_emoji() {
        String longest = "🐶".repeat(150_000);
        String json = Payload.message()
                .set("conversation.messages", "[]")
                .set("content", quoted(longest))
                .json();

        assertThat(Payload.read(json).content()).isEqualTo(longest);
    }

    @Test
    void a_long_text_that_the_renderer_changed_is_compared_in_no_time() {
        String stored = "*a*".repeat(50_000);
        String delivered = "_a_".repeat(50_000);

        assertThat(Payload.message()
                        .set("content", quoted(delivered))
                        .set("conversation.messages.0.content", quoted(stored))
                        .read()
                        .content())
                .isEqualTo(stored);
        assertThat(Payload.message()
                        .set("content", quoted("<".repeat(150_000)))
                        .set("conversation.messages.0.content", quoted(" \n".repeat(75_000)))
                        .read()
                        .actionable())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Oi 🐶👩‍👩‍👧 ✈️ 🇧🇷",
                "שלום, כמה עולה?",
                "مرحبا \u202eabc\u202c",
                "ação, não, coração, ü ß ñ",
                "linha 1\nlinha 2\r\n\ttab",
                "{\"event\":\"message_created\"}",
                "<script>alert(1)</script>",
                "{{contact.email}} {% raw %}",
                "#bot off",
                "\u0001\u0002 controles"
            })
    void every_text_arrives_as_it_was_written(String text) {
        Payload payload = Payload.message()
                .set("conversation.messages", "[]")
                .set("content", quoted(text).replace("'", "\\u0027"));

        assertThat(payload.read().content()).isEqualTo(text);
        assertThat(payload.read().message().orElseThrow().text()).isEqualTo(text);
    }

    @Test
    void nul_and_halves_of_characters_are_replaced_wherever_they_stand() {
        String json = Payload.message().set("conversation.messages", "[]").json();
        String hostile = json.replace("Oi, quanto custa a diária?", "a\\u0000b\\ud83dc\\udc36d\\ud83d\\udc36")
                .replace("Joana Inventada", "Jo\\udc36ana")
                .replace("wamid.INVENTED1==", "w\\u0000");

        Normalized normalized = Payload.read(hostile);

        assertThat(normalized.content()).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd🐶");
        assertThat(normalized.customer().name()).isEqualTo("Jo\uFFFDana");
        assertThat(normalized.sourceId()).isEqualTo("w\uFFFD");
    }

    @Test
    void free_form_attributes_may_hold_anything() {
        Normalized normalized = Payload.message()
                .set(
                        "content_attributes",
                        "{'in_reply_to': 'x', 'is_reaction': 'yes', 'is_unsupported': 1, 'deleted': null,"
                                + " 'external_error': '', 'items': [[]]}")
                .read();

        assertThat(normalized.actionable()).isTrue();
        assertThat(normalized.inReplyTo()).isNull();
        assertThat(normalized.deliveryFailed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent-bot", "account", "inbox", "n8n", "catch-up", "api", "agent_bot"})
    void sources_are_known_by_their_words(String word) {
        assertThat(DeliverySource.of(word).word()).isEqualTo(word.replace('_', '-'));
    }

    @Test
    void settings_that_cannot_be_are_refused_when_built() {
        assertThatThrownBy(() -> DeliverySource.of("fax")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OwnershipMode.of("nobody")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Normalizer.builder().phoneRegion("br").build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Normalizer.builder().account(0).build()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Normalizer.builder().ownMessageKey(" ").build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(OwnershipMode.of("agent-bot")).isEqualTo(OwnershipMode.AGENT_BOT);
        assertThat(OwnershipMode.of("account")).isEqualTo(OwnershipMode.ACCOUNT);
    }
}
