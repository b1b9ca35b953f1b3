package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The form a model must answer in, and how the answer is read. The schema is a request; the reading is the check.
 *
 * @param name 1 to 64 of letters, digits, dash and underscore
 * @param schema within what strict mode knows: an object, every property required, nothing further allowed
 */
record AnswerForm<T>(String name, ObjectNode schema, Reader<T> reader) {

    /** Reads the model's object. */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * Reads what the model has answered.
         *
         * @throws MalformedAnswerException when it is not of the form
         */
        T read(JsonNode object) throws MalformedAnswerException;
    }
}
