package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain data (text, numbers, booleans, null, lists and maps) as JSON, and back. */
final class PlainJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PlainJson() {}

    static ObjectNode of(Map<String, ? extends @Nullable Object> fields) {
        return MAPPER.valueToTree(fields);
    }

    @SuppressWarnings("unchecked") // JSON has no other keys than texts
    static Map<String, Object> toMap(JsonNode object) {
        return MAPPER.convertValue(object, LinkedHashMap.class);
    }
}
