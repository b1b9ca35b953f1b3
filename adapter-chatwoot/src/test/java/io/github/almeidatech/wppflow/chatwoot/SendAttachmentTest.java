package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are sent to customers. */
class SendAttachmentTest {

    private static final byte[] PDF = ascii("%PDF-1.4 a price list");

    private static SenderFixture with(Consumer<ChatwootCommandSender.Builder> settings) {
        return new SenderFixture(chatwoot -> {}, settings, true);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static final byte[] VOICE = "OggS is how it begins".getBytes(StandardCharsets.US_ASCII);
    private static final String URL = "https://files.example/tabelas/pre%C3%A7os.pdf?v=2";

    @Test
    void a_file_is_fetched_and_sent_with_its_name_and_caption() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> {
            assertThat(tenant).isEqualTo(SenderFixture.TENANT);
            assertThat(file.url()).isEqualTo(URL);
            return PDF;
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
    void a_bot_that_is_switched_off_while_a_file_is_fetched_says_nothing() {
        var silenced = new AtomicReference<String>();
        try (var fixture = with(sender -> sender.silenced(silenced::get).files((tenant, file, max, limit) -> {
            silenced.set("bot_off");
            return PDF;
        }))) {
            CommandResult result = fixture.send(new SendAttachment(URL, "A tabela", Purpose.ANSWER));

            assertThat(result).isEqualTo(new NotDone("bot_off", null));
            assertThat(fixture.chatwoot.createdThroughApi()).isZero();
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
    void what_was_said_without_the_file_is_not_said_again_when_the_file_can_be_sent_after_all() {
        var there = new AtomicBoolean();
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> {
            if (!there.get()) {
                throw new MediaUnavailableException(Reason.NOT_FOUND, null);
            }
            return PDF;
        }))) {
            var attempt = fixture.attempt(new SendAttachment(URL, "A tabela", Purpose.ANSWER));
            assertThat(fixture.sender.send(attempt)).isEqualTo(new Refused("file_not_found"));
            var died = fixture.clock.instant();
            fixture.clock.advance(Duration.ofMinutes(5));

            var stillMissing = fixture.attempt(attempt.command(), attempt.key(), 1, died);
            assertThat(fixture.sender.send(stillMissing)).isEqualTo(new Refused("file_not_found"));
            there.set(true);
            var found = fixture.attempt(attempt.command(), attempt.key(), 1, died);
            assertThat(fixture.sender.send(found)).isInstanceOf(Done.class);

            var transcript = fixture.chatwoot.transcript(fixture.conversation);
            assertThat(transcript).hasSize(3);
            assertThat(transcript.get(1).text()).isEqualTo("A tabela");
            assertThat(transcript.get(2).text()).isNullOrEmpty();
            assertThat(transcript.get(2).files()).hasSize(1);
        }
    }

    @Test
    void a_text_behind_a_file_waits_until_chatwoot_has_passed_the_file_on() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> PDF))) {
            fixture.send(new SendAttachment(URL, "", Purpose.ANSWER));

            assertThat(fixture.send(answer("Viu?"))).isEqualTo(new NotDone("behind_a_file", Duration.ofSeconds(3)));
            fixture.clock.advance(Duration.ofSeconds(3));

            assertThat(fixture.send(answer("Viu?"))).isInstanceOf(Done.class);
        }
    }

    @Test
    void a_file_of_an_unreadable_address_has_some_name() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> PDF))) {
            fixture.send(new SendAttachment("cid:1", "", Purpose.ANSWER));

            assertThat(fixture.chatwoot.transcript(fixture.conversation).get(1).files())
                    .containsExactly("file.pdf");
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
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> PDF))) {
            var attempt = fixture.attempt(new SendAttachment(URL, "", Purpose.ANSWER));
            fixture.clock.advance(Duration.ofSeconds(50));

            assertThat(fixture.sender.send(attempt)).isEqualTo(new NotDone("lease_over", null));
        }
    }

    @Test
    void a_file_sent_already_is_not_fetched_again() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> PDF))) {
            OutboundCommand command = new SendAttachment(URL, "", Purpose.ANSWER);
            var attempt = fixture.attempt(command);
            fixture.sender.send(attempt);

            var again = fixture.attempt(command, attempt.key(), 2, fixture.clock.instant());

            assertThat(fixture.sender.send(again)).isInstanceOf(Done.class);
            assertThat(fixture.chatwoot.createdThroughApi()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tabela.pdf | %PDF-1.4 | application/pdf",
                "dados.csv | a;b | text/plain",
                "recado | OggS | audio/ogg",
                "recado.mp3 | ID3 | audio/mpeg",
                "filme.mp4 | ....ftypisom | video/mp4",
                "filme.bin | ....ftyp3gp5 | video/3gpp",
                "foto.jpg | \u00FF\u00D8\u00FF | image/jpeg",
                "precos.xlsx | PK\u0003\u0004xl/workbook.xml | application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "aula.pptx | PK\u0003\u0004ppt/presentation.xml | application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "precos.zip | PK\u0003\u0004xl/workbook.xml | -",
                "aula.xlsx | PK\u0003\u0004ppt/presentation.xml | -",
                "aula.pptx | PK\u0003\u0004xl/workbook.xml | -",
                "precos.xlsx | MZ\u0000..xl/workbook.xml | -",
                "foto.jpg | <svg xmlns='x'/> | -",
                "pagina.txt | <!DOCTYPE html> | -",
                "figurinha.webp | RIFF....WEBPVP8 | -",
                "anima.gif | GIF89a | -",
                "recado.wav | RIFF....WAVE | -",
            })
    void what_is_sent_is_told_by_content_and_is_what_whatsapp_shows(String name, String content, String sent)
            throws Exception {
        String url = "https://files.example/" + name;
        if (sent.equals("-")) {
            assertThatExceptionOfType(MediaUnavailableException.class)
                    .isThrownBy(() -> SendableFiles.of(url, ascii(content)))
                    .extracting(MediaUnavailableException::reason)
                    .isEqualTo(Reason.UNSUPPORTED_TYPE);
        } else {
            assertThat(SendableFiles.of(url, ascii(content)).mimeType()).isEqualTo(sent);
        }
    }

    @Test
    void a_file_without_an_ending_gets_one() throws Exception {
        assertThat(SendableFiles.of("https://files.example/d/17", PDF).name()).isEqualTo("17.pdf");
        assertThat(SendableFiles.of("https://files.example/?id=17", PDF).name()).isEqualTo("file.pdf");
        assertThat(SendableFiles.of("https://files.example/a.b", PDF).name()).isEqualTo("a.b");
    }

    @Test
    void a_picture_larger_than_whatsapp_takes_is_refused() {
        byte[] picture = Arrays.copyOf(ascii("\u00FF\u00D8\u00FF"), (5 << 20) + 1);
        byte[] document = Arrays.copyOf(PDF, (5 << 20) + 1);
        try (var fixture = with(sender ->
                sender.files((tenant, file, max, limit) -> file.url().endsWith("jpg") ? picture : document))) {
            assertThat(fixture.send(new SendAttachment("https://files.example/a.jpg", "", Purpose.ANSWER)))
                    .isEqualTo(new Refused("file_too_large"));
            assertThat(fixture.send(new SendAttachment(URL, "", Purpose.ANSWER)))
                    .isInstanceOf(Done.class);
        }
    }

    @Test
    void what_is_too_long_to_stand_beside_a_file_is_said_before_it() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> PDF))) {
            String caption = "x".repeat(1_025);
            assertThat(fixture.send(new SendAttachment(URL, caption, Purpose.ANSWER)))
                    .isInstanceOf(Done.class);

            var transcript = fixture.chatwoot.transcript(fixture.conversation);
            assertThat(transcript.get(1).text()).isEqualTo(caption);
            assertThat(transcript.get(1).files()).isEmpty();
            assertThat(transcript.get(2).files()).hasSize(1);
        }
    }

    @Test
    void a_kind_that_whatsapp_does_not_show_is_refused_and_what_stands_beside_it_is_said() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> ascii("GIF89a")))) {
            assertThat(fixture.send(new SendAttachment(URL, "**Veja**", Purpose.ANSWER)))
                    .isEqualTo(new Refused("file_unsupported_type"));
            assertThat(fixture.send(new SendAttachment(URL, "", Purpose.ANSWER)))
                    .isEqualTo(new Refused("file_unsupported_type"));

            assertThat(fixture.chatwoot.createdThroughApi()).isEqualTo(1);
            var said = fixture.chatwoot.transcript(fixture.conversation).get(1);
            assertThat(said.text()).isEqualTo("**Veja**");
            assertThat(said.files()).isEmpty();
        }
    }

    @Test
    void the_words_beside_a_file_that_cannot_be_sent_are_said_once_though_chatwoot_did_not_say_whether_it_took_them() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> ascii("GIF89a")))) {
            var attempt = fixture.attempt(new SendAttachment(URL, "Veja", Purpose.ANSWER));
            fixture.chatwoot
                    .faults()
                    .next(1, SenderFixture.CREATING, Fault.status(500).afterDoing());

            CommandResult first = fixture.sender.send(attempt);
            assertThat(first).isInstanceOf(CommandResult.Unclear.class);
            var again = fixture.again(attempt, first);
            fixture.clock.advance(Duration.ofMinutes(2));
            CommandResult second = fixture.sender.send(
                    fixture.attempt(again.command(), again.key(), again.attempt(), again.unclearSince()));

            assertThat(second).isEqualTo(new Refused("file_unsupported_type"));
            assertThat(fixture.chatwoot.transcript(fixture.conversation)).hasSize(2);
        }
    }

    @Test
    void nothing_is_said_beside_a_missing_file_over_a_person() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> ascii("GIF89a")))) {
            fixture.chatwoot.agent().opens(fixture.conversation);

            assertThat(fixture.send(new SendAttachment(URL, "Veja", Purpose.ANSWER)))
                    .isInstanceOf(CommandResult.HeldBack.class);
            assertThat(fixture.chatwoot.createdThroughApi()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4.15.1, OggS.......................OpusHead, false",
        "4.15.1, OggS........................OpusHead, true",
        "4.14.1, OggS........................OpusHead, false",
        "4.15.1, OggS........................\u0001vorbis., false",
        "4.15.1, OggS, false",
        "4.15.1, ID3.........................OpusHead, false"
    })
    void opus_in_an_ogg_is_sent_as_a_voice_note_where_chatwoot_knows_of_it(
            String version, String content, boolean voice) {
        try (var fixture = new SenderFixture(
                chatwoot -> chatwoot.version(version),
                sender -> sender.files((tenant, file, max, limit) -> ascii(content)),
                true)) {
            assertThat(fixture.send(new SendAttachment("https://files.example/recado", "", Purpose.ANSWER)))
                    .isInstanceOf(Done.class);

            String sent = fixture.chatwoot.requests().stream()
                    .filter(SenderFixture.CREATING)
                    .reduce((first, last) -> last)
                    .orElseThrow()
                    .body();
            assertThat(sent.contains("name=\"is_voice_message\"")).isEqualTo(voice);
        }
    }

    @Test
    void whether_a_file_could_be_sent_is_told_by_the_words_of_its_dead_letter() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> {
            if (file.url().endsWith("missing.pdf")) {
                throw new MediaUnavailableException(Reason.NOT_FOUND, null);
            }
            return file.url().endsWith(".gif") ? ascii("GIF89a") : PDF;
        }))) {
            assertThat(obstacle(fixture, "https://files.example/missing.pdf")).hasValue("file_not_found");
            assertThat(obstacle(fixture, "https://files.example/a.gif")).hasValue("file_unsupported_type");
            assertThat(obstacle(fixture, URL)).isEmpty();
        }
        try (var fixture = with(sender -> {})) {
            assertThat(obstacle(fixture, URL)).hasValue("no_media_source");
        }
    }

    private static Optional<String> obstacle(SenderFixture fixture, String url) {
        return fixture.sender.fileObstacle(SenderFixture.TENANT, url, Duration.ofSeconds(5));
    }

    @Test
    void a_file_is_held_back_while_a_person_has_the_conversation() {
        try (var fixture = with(sender -> sender.files((tenant, file, max, limit) -> PDF))) {
            fixture.chatwoot.agent().opens(fixture.conversation);

            assertThat(fixture.send(new SendAttachment(URL, "A tabela", Purpose.ANSWER)))
                    .isInstanceOf(CommandResult.HeldBack.class);
            assertThat(fixture.chatwoot.createdThroughApi()).isZero();
        }
    }

    @Test
    void after_the_window_a_file_is_refused_or_left_to_people_as_its_address() {
        try (var refusing = with(sender -> sender.files((tenant, file, max, limit) -> PDF));
                var noting = with(sender -> sender.files((tenant, file, max, limit) -> PDF)
                        .outsideWindow(new OutsideWindow.Note("Não enviado (24 h):", false)))) {
            refusing.clock.advance(Duration.ofHours(24).plusMinutes(1));
            noting.clock.advance(Duration.ofHours(24).plusMinutes(1));
            var file = new SendAttachment(URL, "A tabela", Purpose.ANSWER);

            assertThat(refusing.send(file)).isEqualTo(new Refused("outside_window"));
            assertThat(noting.send(file)).isInstanceOf(Done.class);

            assertThat(refusing.chatwoot.createdThroughApi()).isZero();
            assertThat(noting.chatwoot.notesIn(noting.conversation))
                    .containsExactly("Não enviado (24 h):\n\nA tabela\n" + URL);
            assertThat(noting.chatwoot.messagesIn(noting.conversation)).isEmpty();
        }
    }
}
