package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendTemplate;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages after the customer service window, templates, follow-ups and files. */
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

    // Files

    private static final byte[] VOICE = "OggS is how it begins".getBytes(StandardCharsets.US_ASCII);
    private static final String URL = "https://files.example/tabelas/pre%C3%A7os.pdf?v=2";

    @Test
    void a_file_is_fetched_and_sent_with_its_name_and_caption() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> {
            assertThat(tenant).isEqualTo(SenderFixture.TENANT);
            assertThat(file.url()).isEqualTo(URL);
            return new byte[] {1, 2, 3};
        }))) {
            assertThat(fixture.send(new SendAttachment(URL, "A **tabela**", Purpose.ANSWER)))
                    .isInstanceOf(Done.class);

            var stored = fixture.chatwoot.transcript(fixture.conversation).get(1);
            assertThat(stored.files()).containsExactly("preços.pdf");
            assertThat(stored.text()).isEqualTo("A **tabela**");
            assertThat(stored.contentAttributes().path("flow_key").asText()).isNotEmpty();
        }
    }

    @Test
    void what_goes_with_sound_is_a_message_of_its_own_because_whatsapp_would_drop_it() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> VOICE))) {
            assertThat(fixture.send(new SendAttachment(URL, "O **recado**", Purpose.ANSWER)))
                    .isInstanceOf(Done.class);

            var transcript = fixture.chatwoot.transcript(fixture.conversation);
            assertThat(transcript).hasSize(3);
            assertThat(transcript.get(1).text()).isEqualTo("O **recado**");
            assertThat(transcript.get(1).files()).isEmpty();
            assertThat(transcript.get(2).text()).isNullOrEmpty();
            assertThat(transcript.get(2).files()).hasSize(1);
            assertThat(fixture.chatwoot.requests().stream()
                            .filter(SenderFixture.CREATING)
                            .reduce((first, last) -> last)
                            .orElseThrow()
                            .body())
                    .contains("Content-Type: audio/ogg");
        }
    }

    @Test
    void the_words_beside_sound_are_not_said_twice_when_the_sound_has_to_be_sent_again() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> VOICE))) {
            var attempt = fixture.attempt(new SendAttachment(URL, "O recado", Purpose.ANSWER));
            fixture.chatwoot
                    .faults()
                    .next(
                            1,
                            request -> SenderFixture.CREATING.test(request)
                                    && request.body().contains("OggS"),
                            Fault.status(401));

            CommandResult first = fixture.sender.send(attempt);
            assertThat(first).isInstanceOf(CommandResult.Unclear.class);
            var again = fixture.again(attempt, first);
            fixture.clock.advance(Duration.ofMinutes(2));
            CommandResult second = fixture.sender.send(
                    fixture.attempt(again.command(), again.key(), again.attempt(), again.unclearSince()));

            assertThat(second).isInstanceOf(Done.class);
            assertThat(fixture.chatwoot.transcript(fixture.conversation)).hasSize(3);
        }
    }

    @Test
    void a_text_behind_a_file_waits_until_chatwoot_has_passed_the_file_on() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> new byte[] {1}))) {
            fixture.send(new SendAttachment(URL, "", Purpose.ANSWER));

            assertThat(fixture.send(answer("Viu?"))).isEqualTo(new NotDone("behind_a_file", Duration.ofSeconds(3)));
            fixture.clock.advance(Duration.ofSeconds(3));

            assertThat(fixture.send(answer("Viu?"))).isInstanceOf(Done.class);
        }
    }

    @Test
    void a_file_of_an_unreadable_address_has_some_name() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> new byte[] {1}))) {
            fixture.send(new SendAttachment("cid:1", "", Purpose.ANSWER));

            assertThat(fixture.chatwoot.transcript(fixture.conversation).get(1).files())
                    .containsExactly("file");
        }
    }

    @Test
    void without_a_place_to_fetch_from_files_are_refused() {
        try (var fixture = with(sender -> {})) {
            assertThat(fixture.send(new SendAttachment(URL, "", Purpose.ANSWER)))
                    .isEqualTo(new Refused("no_media_source"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, true",
        "FORBIDDEN_ADDRESS, true",
        "TOO_LARGE, true",
        "UNREACHABLE, false",
        "TIMED_OUT, false"
    })
    void a_file_that_cannot_be_had_is_refused_or_tried_again(Reason reason, boolean refused) {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> {
            throw new MediaUnavailableException(reason, null);
        }))) {
            String word = "file_" + reason.word();

            assertThat(fixture.send(new SendAttachment(URL, "", Purpose.ANSWER)))
                    .isEqualTo(refused ? new Refused(word) : new NotDone(word, null));
        }
    }

    @Test
    void no_file_is_fetched_when_there_is_no_time_left_to_send_it() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> new byte[] {1}))) {
            var attempt = fixture.attempt(new SendAttachment(URL, "", Purpose.ANSWER));
            fixture.clock.advance(Duration.ofSeconds(50));

            assertThat(fixture.sender.send(attempt)).isEqualTo(new NotDone("lease_over", null));
        }
    }

    @Test
    void a_file_sent_already_is_not_fetched_again() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> new byte[] {1}))) {
            OutboundCommand command = new SendAttachment(URL, "", Purpose.ANSWER);
            var attempt = fixture.attempt(command);
            fixture.sender.send(attempt);

            var again = fixture.attempt(command, attempt.key(), 2, fixture.clock.instant());

            assertThat(fixture.sender.send(again)).isInstanceOf(Done.class);
            assertThat(fixture.chatwoot.createdThroughApi()).isEqualTo(1);
        }
    }
}
