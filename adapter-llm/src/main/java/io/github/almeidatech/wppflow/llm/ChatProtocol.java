package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** How a chat request is written and its answer read. */
interface ChatProtocol {

    /** The path below the base URL. */
    String path();

    /**
     * The request.
     *
     * @param problem what was wrong with the answer before, for a second attempt; null for the first
     */
    ObjectNode body(
            ChatRequest<?> request,
            String model,
            Dialect dialect,
            @Nullable Double temperature,
            @Nullable String problem);

    /** What was used, where the answer says so. */
    @Nullable
    Usage usage(JsonNode answer);

    /**
     * The model's object.
     *
     * @throws MalformedAnswerException when there is none, because the model declined, was cut off or wrote something else
     */
    JsonNode object(JsonNode answer) throws MalformedAnswerException;

    /** The protocol a provider speaks. */
    static ChatProtocol of(Provider provider) {
        return provider == Provider.ANTHROPIC ? new AnthropicMessages() : new OpenAiChat();
    }
}
