package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a model can be used: found out by using it, with the smallest question there is.
 *
 * @param error why it cannot; null when it can
 * @param detail the word of the provider, or of ours, that tells most; may be empty
 */
public record ModelCheck(
        String provider,
        Ability ability,
        String model,
        @Nullable LlmError error,
        String detail,
        Duration took) {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int SOUND_HERTZ = 8_000;
    /** A white picture of 32 by 32. */
    private static final String PICTURE =
            "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mP4TwAwjCoYVTCqYKQqAAA/aPwuqUTQyAAAAABJRU5ErkJggg==";

    static ModelCheck of(TenantModels models, ProviderClient client, Ability ability) {
        ProviderSettings settings = client.settings();
        String model = settings.model(ability).orElseThrow();
        long start = System.nanoTime();
        LlmError error = null;
        String detail = "";
        try {
            use(models, client, ability);
        } catch (LlmException e) {
            error = e.error();
            detail = e.detail();
        }
        return new ModelCheck(
                settings.provider().word(), ability, model, error, detail, Duration.ofNanos(System.nanoTime() - start));
    }

    private static void use(TenantModels models, ProviderClient client, Ability ability) {
        Deadline deadline = Deadline.in(LIMIT);
        switch (ability) {
            case ANSWER, CLASSIFY -> models.ask(client, ping(models, ability), Payer.of(models.tenant()), deadline);
            case DESCRIBE ->
                models.ask(
                        client,
                        ModelDescriber.request(
                                models, MediaFile.of(Base64.getDecoder().decode(PICTURE))),
                        Payer.of(models.tenant()),
                        deadline);
            case TRANSCRIBE ->
                ModelTranscriber.ask(models, client, new Sound(silence()), Payer.of(models.tenant()), deadline);
            case EMBED -> ModelEmbedder.ask(models, client, List.of("ok"), Payer.of(models.tenant()), deadline);
        }
    }

    private static ChatRequest<String> ping(TenantModels models, Ability ability) {
        var properties = Json.object();
        properties.set("ok", Json.type("boolean", "true"));
        return new ChatRequest<>(
                ability,
                models.prompts(Language.EN),
                "Answer that you are ready, in JSON.",
                List.of("{\"ready\":\"?\"}"),
                null,
                null,
                new AnswerForm<>(
                        "ready",
                        Json.schema(properties),
                        answer -> answer.path("ok").asText()),
                400);
    }

    /** A second of it. */
    private static MediaFile silence() {
        var file = ByteBuffer.allocate(44 + 2 * SOUND_HERTZ).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * SOUND_HERTZ);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) 1).putInt(SOUND_HERTZ).putInt(2 * SOUND_HERTZ);
        file.putShort((short) 2).putShort((short) 16);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * SOUND_HERTZ);
        return MediaFile.of(file.array());
    }
}
