package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendTemplate;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Messages after the customer service window, templates and follow-ups. */
class OutsideWindowTest {

    private static final SendTemplate READY = new SendTemplate(
            "resposta_pronta",
            "pt_BR",
            "UTILITY",
            Map.of(
                    "body",
                    Map.of("1", "Ana", "2", "{reply}"),
                    "buttons",
                    List.of(Map.of("type", "url", "parameter", "x"))),
            "Ana, temos uma resposta: {reply}",
            Purpose.ANSWER);

    private static SenderFixture with(Consumer<ChatwootCommandSender.Builder> settings) {
        return new SenderFixture(chatwoot -> {}, settings, true);
    }

    private static JsonNode lastMessageSent(SenderFixture fixture) {
        List<SeenRequest> created = fixture.chatwoot.requests().stream()
                .filter(SenderFixture.CREATING)
                .toList();
        return created.get(created.size() - 1).json();
    }

    private static void letTheWindowPass(SenderFixture fixture) {
        fixture.clock.advance(Duration.ofHours(24).plusMinutes(1));
    }

    @Test
    void by_default_what_cannot_be_delivered_is_refused() {
        try (var fixture = with(sender -> {})) {
            letTheWindowPass(fixture);

            assertThat(fixture.send(answer("Oi"))).isEqualTo(new Refused("outside_window"));
            assertThat(fixture.chatwoot.createdThroughApi()).isZero();
        }
    }

    @Test
    void a_minute_before_the_end_it_is_sent() {
        try (var fixture = with(sender -> {})) {
            fixture.clock.advance(Duration.ofHours(24).minusMinutes(1));

            assertThat(fixture.send(answer("Oi"))).isInstanceOf(Done.class);
        }
    }

    @Test
    void an_api_channel_has_no_window() {
        try (var fixture =
                new SenderFixture(chatwoot -> chatwoot.inbox("Evolution", "Channel::Api"), sender -> {}, true)) {
            letTheWindowPass(fixture);

            assertThat(fixture.send(answer("**Oi**"))).isInstanceOf(Done.class);
            assertThat(fixture.chatwoot.messagesIn(fixture.conversation)).containsExactly("*Oi*");
        }
    }

    @Test
    void it_can_be_left_as_a_note() {
        try (var fixture = with(sender -> sender.outsideWindow(new OutsideWindow.Note("Não enviado (24 h):", false)))) {
            letTheWindowPass(fixture);

            assertThat(fixture.send(answer("O **Rex** está bem"))).isInstanceOf(Done.class);

            assertThat(fixture.chatwoot.notesIn(fixture.conversation))
                    .containsExactly("Não enviado (24 h):\n\nO **Rex** está bem");
            assertThat(fixture.chatwoot.messagesIn(fixture.conversation)).isEmpty();
        }
    }

    @Test
    void it_can_be_left_as_a_note_in_a_conversation_that_is_opened_for_people() {
        try (var fixture = with(sender -> sender.outsideWindow(new OutsideWindow.Note("Não enviado:", true)))) {
            letTheWindowPass(fixture);

            assertThat(fixture.send(answer("O Rex está bem"))).isInstanceOf(Done.class);

            assertThat(fixture.chatwoot.notesIn(fixture.conversation))
                    .containsExactly("Não enviado:\n\nO Rex está bem");
            assertThat(fixture.chatwoot.conversation(fixture.conversation).status())
                    .isEqualTo("open");
        }
    }

    @Test
    void it_can_be_put_into_a_template() {
        try (var fixture = with(sender -> sender.outsideWindow(new OutsideWindow.Template(READY)))) {
            letTheWindowPass(fixture);

            assertThat(fixture.send(answer("O Rex\n\nestá   bem {{x}}"))).isInstanceOf(Done.class);

            JsonNode sent = lastMessageSent(fixture);
            assertThat(sent.path("content").asText()).isEqualTo("Ana, temos uma resposta: O Rex está bem { {x}}");
            assertThat(sent.path("template_params").path("name").asText()).isEqualTo("resposta_pronta");
            assertThat(sent.path("template_params").path("language").asText()).isEqualTo("pt_BR");
            assertThat(sent.path("template_params").path("category").asText()).isEqualTo("UTILITY");
            JsonNode params = sent.path("template_params").path("processed_params");
            assertThat(params.path("body").path("1").asText()).isEqualTo("Ana");
            assertThat(params.path("body").path("2").asText()).isEqualTo("O Rex está bem { {x}}");
            assertThat(params.path("buttons").path(0).path("parameter").asText())
                    .isEqualTo("x");
            assertThat(sent.path("content_attributes").path("flow_key").asText())
                    .isNotEmpty();
        }
    }

    @Test
    void the_parameters_of_a_template_of_twilio_are_flat() {
        try (var fixture =
                new SenderFixture(chatwoot -> chatwoot.inbox("Twilio", "Channel::TwilioSms"), sender -> {}, true)) {
            for (var params : List.<Map<String, Object>>of(Map.of("1", "Rex"), Map.of("body", Map.of("1", "Rex")))) {
                var template = new SendTemplate("lembrete", "pt_BR", "", params, "", Purpose.ANSWER);

                assertThat(fixture.send(template)).isInstanceOf(Done.class);
                assertThat(lastMessageSent(fixture).at("/template_params/processed_params"))
                        .hasToString("{\"1\":\"Rex\"}");
            }
        }
    }

    @Test
    void a_long_reply_is_cut_for_a_parameter() {
        String filled = TemplateParams.fill("{reply}", "🐶".repeat(1_000));

        assertThat(filled).hasSizeLessThanOrEqualTo(900).endsWith("🐶…");
    }

    @Test
    void templates_are_sent_inside_and_outside_the_window() {
        try (var fixture = with(sender -> {})) {
            var template = new SendTemplate("lembrete", "pt_BR", "", Map.of("1", "Rex"), "", Purpose.ANSWER);

            assertThat(fixture.send(template)).isInstanceOf(Done.class);
            letTheWindowPass(fixture);
            assertThat(fixture.send(template)).isInstanceOf(Done.class);

            JsonNode sent = lastMessageSent(fixture);
            assertThat(sent.path("content").asText())
                    .as("something for the people to see")
                    .isEqualTo("lembrete");
            assertThat(sent.path("template_params").has("category")).isFalse();
        }
    }

    @Test
    void a_blank_parameter_would_shift_the_others_and_is_refused() {
        try (var fixture = with(sender -> {})) {
            for (Object blank : List.of("", " ", List.of("a", ""), Map.of("x", " "))) {
                var template =
                        new SendTemplate("t", "pt_BR", "", Map.of("body", Map.of("1", blank)), "x", Purpose.ANSWER);

                assertThat(fixture.send(template)).isEqualTo(new Refused("blank_template_parameter"));
            }
            assertThat(fixture.chatwoot.createdThroughApi()).isZero();
        }
    }

    @Test
    void a_follow_up_chooses_text_or_template_by_the_window() {
        try (var fixture = with(sender -> {})) {
            var withTemplate = new FollowUp(fixture.clock.instant(), "Ainda precisa?", READY, true);
            var textOnly = new FollowUp(fixture.clock.instant(), "Ainda precisa?", null, true);

            assertThat(fixture.send(withTemplate)).isInstanceOf(Done.class);
            assertThat(lastMessageSent(fixture).has("template_params")).isFalse();
            assertThat(fixture.send(textOnly)).isInstanceOf(Done.class);

            letTheWindowPass(fixture);

            assertThat(fixture.send(textOnly)).isEqualTo(new Refused("outside_window"));
            assertThat(fixture.send(withTemplate)).isInstanceOf(Done.class);
            assertThat(lastMessageSent(fixture)
                            .path("template_params")
                            .path("name")
                            .asText())
                    .isEqualTo("resposta_pronta");
        }
    }

    @Test
    void nobody_who_opted_out_is_followed_up() {
        try (var fixture = with(sender -> sender.optedOut(conversation -> true))) {
            assertThat(fixture.send(new FollowUp(fixture.clock.instant(), "Oi?", READY, false)))
                    .isEqualTo(new Refused("opted_out"));
            assertThat(fixture.send(answer("Oi")))
                    .as("answers are another matter")
                    .isInstanceOf(Done.class);
        }
    }

    @Test
    void a_follow_up_is_held_back_like_an_answer() {
        try (var fixture = with(sender -> {})) {
            fixture.chatwoot.agent().opens(fixture.conversation);

            assertThat(fixture.send(new FollowUp(fixture.clock.instant(), "Oi?", null, false)))
                    .isInstanceOf(CommandResult.HeldBack.class);
        }
    }
}
