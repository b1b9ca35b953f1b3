package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.FileType;
import io.github.almeidatech.wppflow.multimodal.ImageDescriber;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts pictures into words with the tenant's vision model. Thread-safe; blocks. */
final class ModelDescriber implements ImageDescriber {

    private static final Set<FileType> TYPES = Set.of(FileType.JPEG, FileType.PNG, FileType.WEBP, FileType.GIF);
    private static final int MAX_BYTES = 5 * 1024 * 1024;
    /** Anthropic means the base64 text, which is a third longer. */
    private static final int MAX_BYTES_ANTHROPIC = MAX_BYTES / 4 * 3;

    private static final int MAX_DESCRIPTION = 2_000;
    private static final int MAX_VISIBLE = 8_000;
    private static final int MAX_TOKENS = 2_500;

    private final Function<TenantId, @Nullable TenantModels> tenants;

    ModelDescriber(Function<TenantId, @Nullable TenantModels> tenants) {
        this.tenants = tenants;
    }

    @Override
    public String describe(Payer payer, MediaFile picture, Duration timeLimit) throws MediaUnavailableException {
        TenantModels models = tenants.apply(payer.tenant());
        if (models == null || !models.can(Ability.DESCRIBE)) {
            throw new MediaUnavailableException(Reason.NO_READER, null);
        }
        if (!TYPES.contains(picture.type())) {
            throw new MediaUnavailableException(Reason.UNSUPPORTED_TYPE, null);
        }
        ChatRequest<String> request = request(models, picture);
        try {
            return models.first(Ability.DESCRIBE, timeLimit, (client, deadline) -> {
                refuseTooLarge(client, picture);
                return models.ask(client, request, payer, deadline);
            });
        } catch (LlmException e) {
            throw MediaFailure.of(e);
        }
    }

    static ChatRequest<String> request(TenantModels models, MediaFile picture) {
        Prompts prompts = models.prompts(models.language());
        return new ChatRequest<>(
                Ability.DESCRIBE,
                prompts,
                prompts.picture(),
                List.of(prompts.look()),
                null,
                picture,
                form(prompts),
                MAX_TOKENS);
    }

    private static void refuseTooLarge(ProviderClient client, MediaFile picture) {
        int most = client.settings().provider() == Provider.ANTHROPIC ? MAX_BYTES_ANTHROPIC : MAX_BYTES;
        if (picture.bytes().length > most) {
            throw LlmException.of(LlmError.TOO_LARGE, Ability.DESCRIBE, "");
        }
    }

    private static AnswerForm<String> form(Prompts prompts) {
        ObjectNode properties = Json.object();
        properties.set("description", Json.type("string", "what it shows"));
        properties.set("visible_text", Json.type("string", "every legible text, or empty"));
        return new AnswerForm<>("picture", Json.schema(properties), answer -> read(answer, prompts));
    }

    private static String read(JsonNode answer, Prompts prompts) throws MalformedAnswerException {
        Json.onlyKeys(answer, List.of("description", "visible_text"));
        String description = Untrusted.text(Json.text(answer, "description"), MAX_DESCRIPTION);
        String visible = Untrusted.text(Json.text(answer, "visible_text"), MAX_VISIBLE);
        if (description.isEmpty() && visible.isEmpty()) {
            throw MalformedAnswerException.invalid("it was empty");
        }
        return visible.isEmpty() ? description : (description + "\n" + prompts.visible() + " " + visible).strip();
    }
}
