package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one JSON reader and writer of the API: bounded in depth, length and size of names and numbers, no key twice, valid
 * UTF-8 only (security default B5), snake case.
 */
final class StrictJson {

    static final ObjectMapper MAPPER = mapper(1_048_576);
    private static final ObjectMapper LARGE = mapper(32 * 1_048_576);

    private StrictJson() {}

    private static ObjectMapper mapper(int maxStringLength) {
        var limits = StreamReadConstraints.builder()
                .maxNestingDepth(64)
                .maxStringLength(maxStringLength)
                .maxNumberLength(64)
                .maxNameLength(256)
                .maxTokenCount(20_000)
                .build();
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(limits)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .serializationInclusion(JsonInclude.Include.ALWAYS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    /** Bytes as text; not valid UTF-8 is 400. */
    static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ApiException(ApiError.ERR_VALIDATION, 400, Map.of("problem", "not valid UTF-8"), e);
        }
    }

    /** A body as a tree. */
    static JsonNode tree(byte[] body) {
        return read(body, JsonNode.class);
    }

    /** A body as a record. */
    static <T> T read(byte[] body, Class<T> type) {
        return read(MAPPER, body, type);
    }

    /** The same with room for a file in base64. */
    static <T> T readLarge(byte[] body, Class<T> type) {
        return read(LARGE, body, type);
    }

    private static <T> T read(ObjectMapper mapper, byte[] body, Class<T> type) {
        try {
            T value = mapper.readValue(utf8(body), type);
            if (value == null || value instanceof JsonNode node && (node.isNull() || node.isMissingNode())) {
                throw new ApiException(ApiError.ERR_VALIDATION, Map.of("problem", "a JSON object wanted"));
            }
            return value;
        } catch (MismatchedInputException e) {
            String path = e.getPath().stream()
                    .map(at -> at.getFieldName() == null ? "[" + at.getIndex() + "]" : at.getFieldName())
                    .collect(Collectors.joining("."));
            if (path.isEmpty()) {
                throw new ApiException(ApiError.ERR_VALIDATION, 400, Map.of("problem", "one JSON object wanted"), e);
            }
            throw new ApiException(
                    ApiError.ERR_VALIDATION,
                    400,
                    Map.of(
                            "field",
                            path,
                            "problem",
                            "wrong type, " + e.getTargetType().getSimpleName() + " wanted"),
                    e);
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            String problem = "not acceptable JSON"
                    + (where == null ? "" : ", line " + where.getLineNr() + ", column " + where.getColumnNr());
            throw new ApiException(ApiError.ERR_VALIDATION, 400, Map.of("problem", problem), e);
        }
    }
}
