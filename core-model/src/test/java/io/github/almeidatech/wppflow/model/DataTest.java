package io.github.almeidatech.wppflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 88);
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    @Test
    void no_personal_data_is_printed() {
        var attachment = new Attachment(
                1L,
                ContentType.CONTACT,
                "https://x.example/joana.vcf",
                null,
                "joana.vcf",
                9L,
                "alô Joana",
                null,
                null,
                "+5511990000002");
        var sender = new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", "p:5511990000002");
        var message = new InboundMessage(
                CONVERSATION,
                9001,
                4L,
                NOW,
                ContentType.TEXT,
                "sou a Joana, 5511990000002",
                List.of(attachment),
                sender,
                null);
        var event = event(Map.of("text", "sou a Joana, 5511990000002"), 0, 1);

        assertThat(List.of(attachment, sender, message, event).toString())
                .doesNotContainIgnoringCase("joana")
                .doesNotContain("5511990000002");
        assertThat(message).hasToString("InboundMessage[pet-hotel/1/88#9001, text, 26 chars, 1 attachments]");
    }

    @Test
    void commands_print_without_their_texts() {
        var commands = List.of(
                new OutboundCommand.SendMessage("Oi, Joana", null, OutboundCommand.Purpose.ANSWER),
                new OutboundCommand.AddPrivateNote("Joana quer desconto"),
                new OutboundCommand.SetConversationAttributes(Map.of("tutor", "Joana")),
                new OutboundCommand.SetContactAttributes(27, Map.of("tutor", "Joana")));

        assertThat(commands.toString()).doesNotContain("Joana").contains("tutor");
    }

    @Test
    void only_a_message_speaks_to_the_customer() {
        assertThat(new OutboundCommand.SendMessage("Oi", null, OutboundCommand.Purpose.ANSWER).speaksToCustomer())
                .isTrue();
        assertThat(new OutboundCommand.SetStatus(ConversationStatus.OPEN).speaksToCustomer())
                .isFalse();
    }

    @Test
    void a_message_without_text_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OutboundCommand.SendMessage(" \n", null, OutboundCommand.Purpose.ANSWER));
    }

    @Test
    void a_payload_is_copied_deeply_and_keeps_order_and_nulls() {
        var list = new ArrayList<Object>(List.of(1, "b"));
        var given = new HashMap<String, Object>();
        given.put("list", list);
        given.put("nothing", null);
        given.put("map", new HashMap<>(Map.of(7, true)));

        Event event = event(given, 0, 1);
        list.add("later");
        given.put("more", 1);

        assertThat(event.payload())
                .containsOnlyKeys("list", "nothing", "map")
                .containsEntry("list", List.of(1, "b"))
                .containsEntry("nothing", null)
                .containsEntry("map", Map.of("7", true));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> event.payload().put("x", 1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> event.payload().keySet().removeAll(List.of("list")));
    }

    @Test
    void an_event_made_of_another_shares_its_payload() {
        Event event = event(new HashMap<>(Map.of("text", "oi")), 0, 1);

        assertThat(event(event.payload(), 1, 1).payload()).isSameAs(event.payload());
        assertThat(event.payload()).containsExactly(Map.entry("text", "oi"));
        assertThat(event.payload().get("none")).isNull();
        assertThat(event.payload()).containsKey("text").doesNotContainKey("none");
    }

    @Test
    void a_payload_holds_nothing_but_plain_data() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event(Map.of("at", NOW), 0, 1))
                .withMessageContaining("java.time.Instant");
    }

    @Test
    void an_event_has_a_version_and_a_depth() {
        assertThatIllegalArgumentException().isThrownBy(() -> event(Map.of(), -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> event(Map.of(), 0, 0));
    }

    @Test
    void the_bots_ownership_has_no_end() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OwnershipSignal(Owner.BOT, NOW, NOW.plusSeconds(1), "x", false));
    }

    @Test
    void a_failure_tells_its_code_and_how_long_to_wait() {
        var cause = new IllegalStateException("x");
        var failure = new FlowException(TestError.ERR_TEST, "send message", cause, Duration.ofSeconds(3));

        assertThat(failure)
                .hasMessage("ERR_TEST: send message")
                .hasCause(cause)
                .extracting(FlowException::code, f -> f.retryAfter().orElseThrow())
                .containsExactly(TestError.ERR_TEST, Duration.ofSeconds(3));
        assertThat(new FlowException(TestError.ERR_TEST, "x", null).retryAfter())
                .isEmpty();
    }

    @Test
    void a_file_is_an_attachment_of_which_only_claims_are_known() {
        Attachment file = Attachment.file(ContentType.DOCUMENT, "https://x.example/a.pdf", "application/pdf", "a.pdf");

        assertThat(file.sizeBytes()).isNull();
        assertThat(file.kind()).isEqualTo(ContentType.DOCUMENT);
    }

    private static Event event(Map<String, Object> payload, int depth, int version) {
        return new Event(
                "id",
                TENANT,
                CONVERSATION,
                null,
                "turn.completed",
                version,
                payload,
                Event.Source.BOT,
                null,
                null,
                depth,
                NOW);
    }

    private enum TestError implements ErrorCode {
        ERR_TEST;

        @Override
        public String code() {
            return name();
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }
}
