package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

/**
 * A tool that reads one JSON object a line and answers each with one line, in order, carrying the same {@code id}. A line
 * that cannot be processed is answered with an {@code error} and does not end the run.
 */
final class JsonLines {

    static final ObjectMapper MAPPER = new ObjectMapper();

    /** What a tool does with one line. */
    @FunctionalInterface
    interface Tool {

        /** Fills the answer. An {@link IllegalArgumentException} becomes its error. */
        void answer(ObjectNode line, ObjectNode answer);
    }

    private JsonLines() {}

    /** Runs to the end of the input. */
    static void run(InputStream in, OutputStream out, Tool tool) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isBlank()) {
                continue;
            }
            ObjectNode answer = MAPPER.createObjectNode();
            try {
                ObjectNode object = parse(line);
                answer.set("id", object.get("id"));
                tool.answer(object, answer);
            } catch (IllegalArgumentException e) {
                answer.put("error", e.getMessage());
            }
            writer.write(answer.toString());
            writer.write('\n');
            if (!reader.ready()) {
                writer.flush();
            }
        }
        writer.flush();
    }

    static ObjectNode parse(String line) {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException("a JSON object a line wanted");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    /** A text that must be there. */
    static String text(ObjectNode line, String field) {
        JsonNode value = line.get(field);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("\"" + field + "\": a text wanted");
        }
        return value.textValue();
    }
}
