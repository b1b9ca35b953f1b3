package io.github.almeidatech.wppflow.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.almeidatech.wppflow.model.FlowException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of columns: plain data, read and written without any class names. Thread-safe. */
final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private Json() {}

    /** Names and values in turn; absent values are left out. */
    static Map<String, Object> fields(@Nullable Object... parts) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < parts.length; i += 2) {
            Object value = parts[i + 1];
            if (value != null) {
                map.put(String.valueOf(parts[i]), value);
            }
        }
        return map;
    }

    static String write(Object plainData) {
        try {
            return MAPPER.writeValueAsString(plainData);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not plain data", e);
        }
    }

    static Map<String, Object> map(String json) {
        try {
            return MAPPER.readValue(json, MAP);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    /** Maps, lists and values. */
    static Object plain(String json) {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    static Map<String, Object> map(JsonNode node) {
        return MAPPER.convertValue(node, MAP);
    }

    /** Without the cause's message, which would quote the content. */
    private static FlowException unreadable(JsonProcessingException e) {
        return new FlowException(
                StorageError.DAMAGED, "a column is not JSON: " + e.getClass().getSimpleName(), null);
    }
}
