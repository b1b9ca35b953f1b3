package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chat model is told and asked. Only {@code instructions} are ours; everything else is data from outside.
 *
 * @param prompts for what has to be added in an emergency
 * @param instructions the system message
 * @param data a message of the user's each, each a JSON document
 * @param shorterData what to send instead when it was too long for the model; null for nothing shorter
 * @param maxTokens of the answer
 */
record ChatRequest<T>(
        Ability ability,
        Prompts prompts,
        String instructions,
        List<String> data,
        @Nullable List<String> shorterData,
        @Nullable MediaFile picture,
        AnswerForm<T> form,
        int maxTokens) {

    /** Some models count a large picture as that many. */
    private static final int PICTURE_TOKENS = 49_000;

    private static final int OVERHEAD_TOKENS = 100;

    ChatRequest {
        data = List.copyOf(data);
    }

    ChatRequest<T> shortened(List<String> lessData) {
        return new ChatRequest<>(ability, prompts, instructions, lessData, null, picture, form, maxTokens);
    }

    ChatRequest<T> withMaxTokens(int tokens) {
        return new ChatRequest<>(ability, prompts, instructions, data, shorterData, picture, form, tokens);
    }

    /** More than it will use: a token of a known language has three to four characters, a hostile one may have two bytes. */
    Usage atMost() {
        long bytes = bytes(instructions) + bytes(form.schema().toString());
        for (String each : data) {
            bytes += bytes(each);
        }
        long input = bytes / 2 + OVERHEAD_TOKENS + (picture == null ? 0 : PICTURE_TOKENS);
        return Usage.tokens(input, maxTokens);
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return "ChatRequest[" + ability.word() + ", " + data.size() + " messages, " + form.name() + "]";
    }
}
