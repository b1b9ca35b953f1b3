package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.llm.Sound.Container;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.multimodal.Transcriber;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Puts voice notes into words with the tenant's transcription model. Thread-safe; blocks. */
final class ModelTranscriber implements Transcriber {

    private static final int ATTEMPTS = 2;
    /** Of a whole request at OpenAI and Groq; some of it is not the file. */
    private static final int MAX_BYTES = 26_214_400 - 4_096;

    private static final int MAX_CHARACTERS = 60_000;
    /** A finger that slipped. Nothing is said in it, and models make something up. */
    private static final double TOO_SHORT_SECONDS = 0.3;

    private static final int TOKENS_PER_SECOND = 10;

    private final Function<TenantId, @Nullable TenantModels> tenants;
    private final SilenceFilter filter = new SilenceFilter();

    ModelTranscriber(Function<TenantId, @Nullable TenantModels> tenants) {
        this.tenants = tenants;
    }

    @Override
    public String transcribe(Payer payer, MediaFile audio, Duration timeLimit) throws MediaUnavailableException {
        TenantModels models = tenants.apply(payer.tenant());
        if (models == null || !models.can(Ability.TRANSCRIBE)) {
            throw new MediaUnavailableException(Reason.NO_READER, null);
        }
        if (audio.bytes().length > MAX_BYTES) {
            throw new MediaUnavailableException(Reason.TOO_LARGE, null);
        }
        var sound = new Sound(audio);
        if (sound.containers().isEmpty()) {
            throw new MediaUnavailableException(Reason.UNSUPPORTED_TYPE, null);
        }
        if (sound.seconds().orElse(TOO_SHORT_SECONDS) < TOO_SHORT_SECONDS) {
            return "";
        }
        try {
            String transcript = models.first(
                    Ability.TRANSCRIBE, timeLimit, (client, deadline) -> ask(models, client, sound, payer, deadline));
            return filter.said(Untrusted.text(transcript, MAX_CHARACTERS), sound.seconds());
        } catch (LlmException e) {
            throw MediaFailure.of(e);
        }
    }

    static String ask(TenantModels models, ProviderClient client, Sound sound, Payer payer, Deadline deadline) {
        List<Container> containers = sound.containers();
        int container = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                return client.call(
                        outgoing(client, sound, containers.get(container), models.language()), payer, deadline);
            } catch (LlmException e) {
                boolean otherContainer = e.error() == LlmError.INVALID_REQUEST && container + 1 < containers.size();
                if (attempt == ATTEMPTS
                        || !otherContainer && !ChatCaller.mayPass(e)
                        || !models.waiting().before(e, deadline)) {
                    throw e;
                }
                container += otherContainer ? 1 : 0;
            }
        }
    }

    private static Outgoing<String> outgoing(
            ProviderClient client, Sound sound, Container container, Language language) {
        ProviderSettings settings = client.settings();
        String model = settings.model(Ability.TRANSCRIBE).orElseThrow();
        var body = new MultipartBody.Builder()
                .setType(MultipartBody.FORM)
                .addFormDataPart("model", model)
                .addFormDataPart("language", language.tag().substring(0, 2))
                .addFormDataPart("response_format", "json")
                .addFormDataPart(
                        "file",
                        container.name(),
                        RequestBody.create(container.bytes(), MediaType.get(container.mimeType())))
                .build();
        double seconds = sound.secondsAtMost();
        long tokens = (long) Math.ceil(seconds * TOKENS_PER_SECOND);
        return new Outgoing<>(
                Ability.TRANSCRIBE,
                model,
                settings.url("audio/transcriptions", model),
                body,
                new Usage(tokens, tokens, seconds),
                Outgoing.MAX_ANSWER_BYTES,
                ModelTranscriber::usage,
                ModelTranscriber::text);
    }

    private static @Nullable Usage usage(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        if (usage.path("seconds").isNumber()) {
            return new Usage(0, 0, usage.path("seconds").asDouble());
        }
        return usage.path("input_tokens").isIntegralNumber()
                ? Usage.tokens(
                        usage.path("input_tokens").asLong(),
                        usage.path("output_tokens").asLong())
                : null;
    }

    private static String text(JsonNode answer) throws MalformedAnswerException {
        if (!answer.path("text").isTextual()) {
            throw MalformedAnswerException.unreadable("no text");
        }
        return answer.path("text").textValue();
    }
}
