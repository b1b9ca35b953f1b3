package io.github.almeidatech.wppflow.baserow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plain data (text, numbers, booleans, null, lists and maps) as JSON, and back. */
final class PlainJson {

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build());

    private PlainJson() {}

    static JsonNode of(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** JSON that was read over the network. */
    static JsonNode read(byte[] bytes) throws JsonProcessingException {
        try {
            return MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("an array of bytes is always read", e);
        }
    }

    static String text(Object value) {
        return of(value).toString();
    }

    /** JSON a person may have typed into a cell; empty when it is none. */
    static Optional<Object> parse(String text) {
        try {
            JsonNode read = MAPPER.readTree(text);
            return read.isMissingNode() || read.isNull() ? Optional.empty() : Optional.of(plain(read));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static Object plain(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }

    @SuppressWarnings("unchecked") // JSON has no other keys than texts
    static Map<String, Object> map(JsonNode object) {
        return Collections.unmodifiableMap(MAPPER.convertValue(object, LinkedHashMap.class));
    }
}
