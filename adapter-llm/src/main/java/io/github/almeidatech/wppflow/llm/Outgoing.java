package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A request to a provider, and how its answer is read.
 *
 * @param atMost what it may use: taken from the budget before it is sent
 * @param maxAnswerBytes more is not read
 * @param usage what an answer says it used; null where it says nothing
 */
record Outgoing<T>(
        Ability ability,
        String model,
        HttpUrl url,
        RequestBody body,
        Usage atMost,
        int maxAnswerBytes,
        Function<JsonNode, @Nullable Usage> usage,
        Reader<T> reader) {

    static final int MAX_ANSWER_BYTES = 1 << 20;

    /** Reads an answer 2xx. */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * Reads the body of an answer.
         *
         * @throws MalformedAnswerException when it is not what the protocol promises
         */
        T read(JsonNode body) throws MalformedAnswerException;
    }
}
