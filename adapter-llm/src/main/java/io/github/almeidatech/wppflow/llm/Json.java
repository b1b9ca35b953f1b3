package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON as we write it to models, and as we accept it from them: strictly. */
final class Json {

    private static final ObjectMapper STRICT = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(64)
                            .maxNameLength(256)
                            .maxStringLength(100_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A model that has no JSON mode likes to put its answer into a code block. */
    private static final Pattern FENCED = Pattern.compile("\\A```(?:json)?\\s*(\\{.*\\})\\s*```\\z", Pattern.DOTALL);

    private Json() {}

    static ObjectNode object() {
        return STRICT.createObjectNode();
    }

    static ArrayNode array() {
        return STRICT.createArrayNode();
    }

    /** An object schema in which every property is required and nothing further allowed. */
    static ObjectNode schema(ObjectNode properties) {
        ObjectNode schema = object().put("type", "object");
        schema.set("properties", properties);
        ArrayNode required = schema.putArray("required");
        properties.fieldNames().forEachRemaining(required::add);
        return schema.put("additionalProperties", false);
    }

    static ObjectNode type(String type, String description) {
        return object().put("type", type).put("description", description);
    }

    static ObjectNode oneOf(List<String> values) {
        ObjectNode schema = object().put("type", "string");
        ArrayNode allowed = schema.putArray("enum");
        values.forEach(allowed::add);
        return schema;
    }

    static byte[] bytes(JsonNode node) {
        try {
            return STRICT.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A model's words as an object: nothing before it, nothing after it, no key twice; a code block around it is forgiven.
     */
    static JsonNode strictObject(String words) throws MalformedAnswerException {
        Matcher fenced = FENCED.matcher(words.strip());
        return strictNode(fenced.matches() ? fenced.group(1) : words);
    }

    private static JsonNode strictNode(String words) throws MalformedAnswerException {
        try {
            JsonNode node = STRICT.readTree(words);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            // What was wrong is not told further: the message quotes the text.
        }
        throw MalformedAnswerException.invalid("it was not one JSON object and nothing else");
    }

    /** Refuses keys the form does not have. */
    static void onlyKeys(JsonNode object, List<String> keys) throws MalformedAnswerException {
        for (var names = object.fieldNames(); names.hasNext(); ) {
            if (!keys.contains(names.next())) {
                throw MalformedAnswerException.invalid("it had keys other than " + String.join(", ", keys));
            }
        }
    }

    static String text(JsonNode object, String key) throws MalformedAnswerException {
        if (!object.path(key).isTextual()) {
            throw MalformedAnswerException.invalid("\"" + key + "\" was not a string");
        }
        return object.path(key).textValue();
    }
}
