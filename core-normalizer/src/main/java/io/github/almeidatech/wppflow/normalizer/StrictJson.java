package io.github.almeidatech.wppflow.normalizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads JSON from strangers: valid UTF-8 only, no key twice, bounded in every direction. */
final class StrictJson {

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(64)
            .maxStringLength(1 << 20)
            .maxNumberLength(64)
            .maxNameLength(256)
            .maxTokenCount(20_000)
            .maxDocumentLength(16 << 20)
            .build();

    private static final ObjectMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(LIMITS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private static final char REPLACEMENT = '\uFFFD';

    private StrictJson() {}

    static JsonNode parse(byte[] body) {
        String json = new String(body, StandardCharsets.UTF_8);
        // Puts this sign where something is wrong, several times faster than the decoder that says so.
        if (json.indexOf(REPLACEMENT) >= 0 && !isUtf8(body)) {
            throw new NormalizerException(NormalizerError.NOT_UTF8, null, "not valid UTF-8");
        }
        return parse(json);
    }

    private static boolean isUtf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .hasArray();
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (StreamConstraintsException e) {
            throw new NormalizerException(
                    NormalizerError.TOO_COMPLEX, null, "nested too deep, too many values, or one too long" + where(e));
        } catch (JsonProcessingException e) {
            throw new NormalizerException(
                    NormalizerError.NOT_JSON, null, "not JSON, text after it, or a key given twice" + where(e));
        }
    }

    private static String where(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
