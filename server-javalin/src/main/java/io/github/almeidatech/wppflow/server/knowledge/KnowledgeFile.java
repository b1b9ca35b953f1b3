package io.github.almeidatech.wppflow.server.knowledge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.knowledge.Document;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of documents: JSON Lines of {@code {"id","title","content","domain"?}} in UTF-8. */
public final class KnowledgeFile {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private KnowledgeFile() {}

    /**
     * All documents of the file.
     *
     * @throws IOException when it cannot be read, or naming the first line that is no document
     */
    public static List<Document> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.getFileName().toString());
        }
    }

    static List<Document> read(InputStream in, String name) throws IOException {
        var documents = new ArrayList<Document>();
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
                documents.add(document(line, name + ", line " + number));
            }
        }
        return documents;
    }

    private static Document document(String line, String where) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(line);
            return new Document(
                    text(node, "id", true), text(node, "title", false), text(node, "content", true), optional(node));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String problem = e instanceof JsonProcessingException ? "not JSON" : e.getMessage();
            throw new IOException(where + ": " + problem, e);
        }
    }

    private static String text(JsonNode node, String field, boolean wanted) {
        JsonNode value = node.path(field);
        if (value.isTextual() || value.isIntegralNumber()) {
            return value.asText();
        }
        if (wanted) {
            throw new IllegalArgumentException("\"" + field + "\": a text wanted");
        }
        return "";
    }

    private static @Nullable String optional(JsonNode node) {
        JsonNode domain = node.path("domain");
        return domain.isTextual() ? domain.textValue() : null;
    }
}
