package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Fault CANNOT_READ = Fault.answer(
            400,
            "application/json",
            "{\"error\":{\"message\":\"Invalid file format.\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");

    private final ScriptedModel model = ScriptedModel.start();
    private final List<ModelCallListener.Call> heard = new ArrayList<>();

    @AfterEach
    void close() {
        model.close();
    }

    private LanguageModels models() {
        return Hotel.models(Hotel.openAi(model).transcriptionModel("whisper-1").build())
                .listener(heard::add)
                .build();
    }

    private String transcribe(MediaFile file) throws MediaUnavailableException {
        return models().transcriber().transcribe(Hotel.PAYER, file, LIMIT);
    }

    private Reason whyNot(MediaFile file) {
        return catchThrowableOfType(MediaUnavailableException.class, () -> transcribe(file))
                .reason();
    }

    @Test
    void a_voice_note_is_sent_under_a_name_that_is_accepted_with_its_language() throws Exception {
        model.nextTranscripts("quero marcar um banho pro meu cachorro amanhã");

        assertThat(transcribe(Voice.note(3))).isEqualTo("quero marcar um banho pro meu cachorro amanhã");

        var call = model.calls().get(0);
        assertThat(call.fileName()).isEqualTo("voice.ogg");
        assertThat(call.language()).isEqualTo("pt");
        assertThat(call.model()).isEqualTo("whisper-1");
        assertThat(model.requests().get(0).body()).contains("Content-Type: audio/ogg");
    }

    @Test
    void the_tenants_language_is_the_hint() throws Exception {
        var settings = new ModelSettings(
                List.of(Hotel.openAi(model).transcriptionModel("whisper-1").build()),
                Language.ES,
                ModelLimits.DEFAULT,
                true);

        LanguageModels.builder()
                .tenant(Hotel.TENANT, settings)
                .build()
                .transcriber()
                .transcribe(Hotel.PAYER, Voice.note(3), LIMIT);

        assertThat(model.calls().get(0).language()).isEqualTo("es");
    }

    @Test
    void a_provider_that_cannot_read_ogg_gets_the_same_sound_as_webm() throws Exception {
        model.faults().next(1, request -> true, CANNOT_READ);
        model.nextTranscripts("bom dia");

        assertThat(transcribe(Voice.note(3))).isEqualTo("bom dia");

        assertThat(model.calls().get(0).fileName()).isEqualTo("voice.webm");
        byte[] second = model.requests().get(1).bodyBytes();
        assertThat(new String(second, StandardCharsets.ISO_8859_1)).contains("A_OPUS", "OpusHead", "audio/webm");
    }

    @ParameterizedTest
    @CsvSource({
        "'....ftypM4A ', voice.m4a",
        "'....ftypisom', voice.m4a",
        "ID3, voice.mp3",
        "'\u001A\u0045\u00DF\u00A3', voice.webm"
    })
    void other_sounds_have_names_of_their_own(String beginning, String name) throws Exception {
        transcribe(Voice.ofBeginning(beginning));

        assertThat(model.calls().get(0).fileName()).isEqualTo(name);
    }

    @Test
    void a_wave_file_has_a_name_of_its_own() throws Exception {
        transcribe(Voice.wav(2));

        assertThat(model.calls().get(0).fileName()).isEqualTo("voice.wav");
    }

    @Test
    void a_sound_of_a_phone_is_offered_as_video_when_it_is_refused_as_sound() throws Exception {
        model.faults().next(1, request -> true, CANNOT_READ);

        transcribe(Voice.ofBeginning("....ftypM4A "));

        assertThat(model.calls().get(0).fileName()).isEqualTo("voice.mp4");
    }

    @Test
    void what_the_provider_cannot_read_in_any_container_is_unsupported() {
        model.faults().always(request -> true, CANNOT_READ);

        assertThat(whyNot(Voice.note(3))).isEqualTo(Reason.UNSUPPORTED_TYPE);
        assertThat(model.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!AMR", "MZ"})
    void what_no_provider_takes_is_not_sent(String beginning) {
        assertThat(whyNot(Voice.ofBeginning(beginning))).isEqualTo(Reason.UNSUPPORTED_TYPE);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void a_file_beyond_what_providers_take_is_not_sent() {
        byte[] large = Arrays.copyOf(Voice.ogg(3, 60), 26_214_400);

        assertThat(whyNot(MediaFile.of(large))).isEqualTo(Reason.TOO_LARGE);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void a_slip_of_the_finger_is_silence_without_asking() throws Exception {
        assertThat(transcribe(Voice.note(0.2))).isEmpty();
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void what_a_model_makes_up_in_silence_is_silence() throws Exception {
        model.nextTranscripts("Legendas pela comunidade Amara.org");

        assertThat(transcribe(Voice.note(4))).isEmpty();
    }

    @Test
    void a_tenant_without_a_model_for_it_has_no_reader() {
        var without = Hotel.models(Hotel.openAi(model).build()).build().transcriber();
        for (TenantId tenant : List.of(Hotel.TENANT, new TenantId("other"))) {
            assertThat(catchThrowableOfType(
                                    MediaUnavailableException.class,
                                    () -> without.transcribe(Payer.of(tenant), Voice.note(3), LIMIT))
                            .reason())
                    .isEqualTo(Reason.NO_READER);
        }
    }

    @Test
    void the_second_provider_listens_when_the_first_is_ill() throws Exception {
        var second = ProviderSettings.of(Provider.GROQ)
                .baseUrl(model.openAiUrl().toString())
                .apiKey(ScriptedModel.KEY)
                .transcriptionModel("whisper-large-v3-turbo")
                .build();
        model.faults().always(request -> request.body().contains("whisper-1"), Fault.status(503));
        model.nextTranscripts("oi");

        String text = Hotel.models(
                        Hotel.openAi(model).transcriptionModel("whisper-1").build(), second)
                .build()
                .transcriber()
                .transcribe(Hotel.PAYER, Voice.note(3), LIMIT);

        assertThat(text).isEqualTo("oi");
        assertThat(model.calls().get(0).model()).isEqualTo("whisper-large-v3-turbo");
    }

    @ParameterizedTest
    @CsvSource({
        "500, UNREACHABLE, ERR_TRANSCRIPTION",
        "401, UNREACHABLE, ERR_TRANSCRIPTION",
        "413, TOO_LARGE, ERR_TRANSCRIPTION",
        "429, UNREACHABLE, ERR_TRANSCRIPTION"
    })
    void a_failure_is_told_in_the_words_of_media(int status, Reason reason, String code) {
        model.faults().always(request -> true, Fault.status(status));

        var failure = catchThrowableOfType(MediaUnavailableException.class, () -> transcribe(Voice.note(3)));

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).cause().isInstanceOfSatisfying(LlmException.class, e -> {
            assertThat(e.code().code()).isEqualTo(code);
            assertThat(e.ability()).isEqualTo(Ability.TRANSCRIBE);
        });
    }

    @Test
    void the_time_the_reader_has_left_is_kept() {
        model.faults().always(request -> true, Fault.hang());

        var failure = catchThrowableOfType(
                MediaUnavailableException.class,
                () -> models().transcriber().transcribe(Hotel.PAYER, Voice.note(3), Duration.ofMillis(500)));

        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void an_empty_budget_is_told_in_the_words_of_media() {
        var poor = ModelLimits.builder().tokensPerDay(5).build();
        var models = Hotel.models(
                        poor,
                        Hotel.openAi(model).transcriptionModel("whisper-1").build())
                .build();

        var failure = catchThrowableOfType(
                MediaUnavailableException.class,
                () -> models.transcriber().transcribe(Hotel.PAYER, Voice.note(3), LIMIT));

        assertThat(failure.reason()).isEqualTo(Reason.OVER_BUDGET);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void sound_is_paid_by_its_length() throws Exception {
        transcribe(Voice.note(3));

        // The simulated provider bills 4 s; a minute of whisper-1 is 0.006 dollars.
        assertThat(heard)
                .singleElement()
                .satisfies(call -> assertThat(call.costMicros()).isEqualTo(400));
    }

    @Test
    void sound_the_provider_does_not_count_is_paid_by_the_length_of_the_file() throws Exception {
        model.withoutUsage();

        transcribe(Voice.note(3));

        assertThat(heard)
                .singleElement()
                .satisfies(call -> assertThat(call.costMicros()).isEqualTo(300));
    }
}
