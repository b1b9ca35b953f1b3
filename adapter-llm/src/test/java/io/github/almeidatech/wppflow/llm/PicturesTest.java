package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.multimodal.ImageDescriber;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelCall.Protocol;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PicturesTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SEEN = "{\"description\":\"Um cachorro caramelo.\",\"visible_text\":\"Vacina V10\"}";

    private final ScriptedModel model = ScriptedModel.start();

    @AfterEach
    void close() {
        model.close();
    }

    private ImageDescriber describer(Protocol protocol) {
        var provider = protocol == Protocol.OPENAI
                ? Hotel.openAi(model).visionModel("gpt-4o-mini")
                : Hotel.anthropic(model).visionModel("claude-haiku-4-5");
        return Hotel.models(provider.build()).build().imageDescriber();
    }

    private static MediaFile jpeg(int bytes) {
        return MediaFile.of(Arrays.copyOf("\u00FF\u00D8\u00FF\u00E0".getBytes(StandardCharsets.ISO_8859_1), bytes));
    }

    private static Reason whyNot(ImageDescriber describer, MediaFile file) {
        return catchThrowableOfType(MediaUnavailableException.class, () -> describer.describe(Hotel.PAYER, file, LIMIT))
                .reason();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void a_picture_becomes_what_it_shows_and_what_is_written_on_it(Protocol protocol) throws Exception {
        model.next(SEEN);

        assertThat(describer(protocol).describe(Hotel.PAYER, jpeg(500), LIMIT))
                .isEqualTo("Um cachorro caramelo.\nTexto visível: Vacina V10");
        assertThat(model.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.images()).isOne());
    }

    @Test
    void the_bytes_go_along_as_a_data_url() throws Exception {
        model.next(SEEN);
        MediaFile file = jpeg(500);

        describer(Protocol.OPENAI).describe(Hotel.PAYER, file, LIMIT);

        JsonNode part = model.calls()
                .get(0)
                .body()
                .path("messages")
                .path(2)
                .path("content")
                .path(0);
        assertThat(part.path("image_url").path("url").asText())
                .isEqualTo("data:image/jpeg;base64," + Base64.getEncoder().encodeToString(file.bytes()));
    }

    @Test
    void anthropic_sees_the_picture_before_the_text() throws Exception {
        model.next(SEEN);

        describer(Protocol.ANTHROPIC).describe(Hotel.PAYER, jpeg(500), LIMIT);

        JsonNode block = model.calls()
                .get(0)
                .body()
                .path("messages")
                .path(0)
                .path("content")
                .path(0);
        assertThat(block.path("type").asText()).isEqualTo("image");
        assertThat(block.path("source").path("media_type").asText()).isEqualTo("image/jpeg");
        assertThat(block.path("source").path("data").asText()).doesNotContain("data:");
    }

    @Test
    void a_picture_without_text_is_only_described() throws Exception {
        model.next("{\"description\":\"Um gato.\",\"visible_text\":\"\"}");

        assertThat(describer(Protocol.OPENAI).describe(Hotel.PAYER, jpeg(500), LIMIT))
                .isEqualTo("Um gato.");
    }

    @Test
    void chatter_instead_of_a_description_is_refused() {
        model.otherwise(ModelReply.text("Claro! Vejo um cachorro."));

        assertThat(whyNot(describer(Protocol.OPENAI), jpeg(500))).isEqualTo(Reason.UNREACHABLE);
        assertThat(model.calls()).hasSize(2);
    }

    @Test
    void an_empty_description_is_refused() {
        model.otherwise(ModelReply.text("{\"description\":\" \",\"visible_text\":\"\"}"));

        assertThat(whyNot(describer(Protocol.OPENAI), jpeg(500))).isEqualTo(Reason.UNREACHABLE);
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, 5242880", "ANTHROPIC, 3932160"})
    void a_picture_is_sent_up_to_the_size_the_provider_takes(Protocol protocol, int bytes) throws Exception {
        model.next(SEEN);

        assertThat(describer(protocol).describe(Hotel.PAYER, jpeg(bytes), LIMIT))
                .isNotBlank();
        assertThat(whyNot(describer(protocol), jpeg(bytes + 1))).isEqualTo(Reason.TOO_LARGE);
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void what_is_not_a_picture_is_not_sent() {
        assertThat(whyNot(describer(Protocol.OPENAI), Voice.note(1))).isEqualTo(Reason.UNSUPPORTED_TYPE);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void a_picture_the_model_cannot_read_is_unsupported() {
        model.faults().always(request -> true, Fault.status(400));

        assertThat(whyNot(describer(Protocol.ANTHROPIC), jpeg(500))).isEqualTo(Reason.UNSUPPORTED_TYPE);
    }

    @Test
    void a_failure_has_the_code_of_pictures() {
        model.faults().always(request -> true, Fault.status(500));

        assertThat(catchThrowableOfType(
                        MediaUnavailableException.class,
                        () -> describer(Protocol.OPENAI).describe(Hotel.PAYER, jpeg(500), LIMIT)))
                .cause()
                .isInstanceOfSatisfying(
                        LlmException.class, e -> assertThat(e.code().code()).isEqualTo("ERR_OCR"));
    }

    @Test
    void a_tenant_without_a_vision_model_has_no_reader() {
        assertThat(whyNot(Hotel.models(Hotel.openAi(model).build()).build().imageDescriber(), jpeg(500)))
                .isEqualTo(Reason.NO_READER);
    }

    @Test
    void the_second_provider_takes_what_is_too_large_for_the_first() throws Exception {
        model.next(SEEN);
        var describer = Hotel.models(
                        Hotel.anthropic(model).visionModel("claude-haiku-4-5").build(),
                        Hotel.openAi(model).visionModel("gpt-4o-mini").build())
                .build()
                .imageDescriber();

        assertThat(describer.describe(Hotel.PAYER, jpeg(4_500_000), LIMIT)).isNotBlank();
        assertThat(model.calls().get(0).protocol()).isEqualTo(Protocol.OPENAI);
    }
}
