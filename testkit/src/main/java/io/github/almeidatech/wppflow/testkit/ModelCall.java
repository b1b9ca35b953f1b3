package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call a scripted model received and found well-formed.
 *
 * @param model the name asked for
 * @param system the instructions, joined; empty when there are none
 * @param user all texts of users in order, joined by newlines; of an embedding call its inputs
 * @param images how many pictures came with it
 * @param documents how many documents came with it
 * @param fileName of a transcription: the name that was sent
 * @param language of a transcription: the hint
 * @param body the whole body; for a transcription its fields
 */
public record ModelCall(
        Ability ability,
        Protocol protocol,
        String model,
        String system,
        String user,
        int images,
        int documents,
        @Nullable String fileName,
        @Nullable String language,
        JsonNode body) {

    /** What is asked of the model. */
    public enum Ability {
        CHAT,
        TRANSCRIPTION,
        EMBEDDING
    }

    /** Whose API is spoken. */
    public enum Protocol {
        OPENAI,
        ANTHROPIC
    }

    static ModelCall chat(
            Protocol protocol, JsonNode body, List<String> system, List<String> user, int images, int documents) {
        return new ModelCall(
                Ability.CHAT,
                protocol,
                body.path("model").asText(),
                String.join("\n", system),
                String.join("\n", user),
                images,
                documents,
                null,
                null,
                body);
    }

    @Override
    public String toString() {
        return "ModelCall[" + ability + ", " + protocol + ", " + model + ", " + images + " images]";
    }
}
