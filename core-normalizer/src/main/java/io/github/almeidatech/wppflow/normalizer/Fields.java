package io.github.almeidatech.wppflow.normalizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object being read: unknown keys are of no interest, known ones must be what they are said to be. A key that is
 * absent and one that is null are the same.
 */
final class Fields {

    private static final long MAX_ID = (1L << 53) - 1;
    private static final long LAST_SECOND = 253_402_300_799L; // of the year 9999

    /** As Chatwoot writes its times. */
    private static final Pattern UTC = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{3})?Z");

    private final JsonNode node;
    private final String path;

    Fields(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    JsonNode node() {
        return node;
    }

    private @Nullable JsonNode get(String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String key) {
        return get(key) != null;
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    NormalizerException missing(String key) {
        return new NormalizerException(NormalizerError.MISSING_FIELD, at(key), "missing");
    }

    NormalizerException impossible(String key, String wanted) {
        return new NormalizerException(NormalizerError.IMPOSSIBLE_VALUE, at(key), wanted + " wanted");
    }

    private NormalizerException wrongType(String key, String wanted) {
        return new NormalizerException(NormalizerError.WRONG_TYPE, at(key), wanted + " wanted");
    }

    @Nullable
    Fields object(String key) {
        JsonNode value = get(key);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            throw wrongType(key, "an object");
        }
        return new Fields(value, at(key));
    }

    Fields requiredObject(String key) {
        Fields value = object(key);
        if (value == null) {
            throw missing(key);
        }
        return value;
    }

    /** The object, or null when there is none or something else is there. */
    @Nullable
    Fields objectIfAny(String key) {
        JsonNode value = get(key);
        return value == null || !value.isObject() ? null : new Fields(value, at(key));
    }

    List<Fields> objects(String key, int max) {
        JsonNode value = array(key, max);
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; value != null && i < value.size(); i++) {
            String each = key + "[" + i + "]";
            if (!value.get(i).isObject()) {
                throw wrongType(each, "an object");
            }
            objects.add(new Fields(value.get(i), at(each)));
        }
        return objects;
    }

    List<String> texts(String key, int max, int maxLength) {
        JsonNode value = array(key, max);
        List<String> texts = new ArrayList<>();
        for (int i = 0; value != null && i < value.size(); i++) {
            texts.add(text(key + "[" + i + "]", value.get(i), maxLength));
        }
        return texts;
    }

    private @Nullable JsonNode array(String key, int max) {
        JsonNode value = get(key);
        if (value != null && !value.isArray()) {
            throw wrongType(key, "a list");
        }
        if (value != null && value.size() > max) {
            throw new NormalizerException(NormalizerError.TOO_MANY, at(key), "at most " + max + " wanted");
        }
        return value;
    }

    @Nullable
    String text(String key, int maxLength) {
        JsonNode value = get(key);
        return value == null ? null : text(key, value, maxLength);
    }

    private String text(String key, JsonNode value, int maxLength) {
        if (!value.isTextual()) {
            throw wrongType(key, "a text");
        }
        String text = value.textValue();
        if (text.length() > maxLength && text.codePointCount(0, text.length()) > maxLength) {
            throw new NormalizerException(
                    NormalizerError.TOO_LONG, at(key), "at most " + maxLength + " characters wanted");
        }
        return StorableText.of(text);
    }

    /** The text, or null when it is blank or there is none. */
    @Nullable
    String word(String key, int maxLength) {
        String text = text(key, maxLength);
        return text == null || text.isBlank() ? null : text;
    }

    boolean bool(String key) {
        JsonNode value = get(key);
        if (value != null && !value.isBoolean()) {
            throw wrongType(key, "true or false");
        }
        return value != null && value.booleanValue();
    }

    /** Whether the key holds {@code true}; anything else is no. */
    boolean isTrue(String key) {
        JsonNode value = get(key);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /** A database id: an integer from 1 to 2^53-1; JavaScript between Chatwoot and us may have written it as {@code 7.0}. */
    @Nullable
    Long id(String key) {
        JsonNode value = get(key);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrongType(key, "an integer");
        }
        Long id = idIfAny(key);
        if (id == null) {
            throw impossible(key, "an integer from 1 to 2^53-1");
        }
        return id;
    }

    long requiredId(String key) {
        Long id = id(key);
        if (id == null) {
            throw missing(key);
        }
        return id;
    }

    /** The id, or null when there is none or something else is there. */
    @Nullable
    Long idIfAny(String key) {
        JsonNode value = get(key);
        if (value == null || !value.isNumber()) {
            return null;
        }
        double number = value.doubleValue();
        boolean whole = number >= 1 && number <= MAX_ID && number == Math.rint(number);
        return whole ? (Long) (long) number : null;
    }

    /** A number of bytes, or null when there is none or it makes no sense. */
    @Nullable
    Long sizeIfAny(String key) {
        JsonNode value = get(key);
        return value != null && value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0
                ? (Long) value.longValue()
                : null;
    }

    /** Degrees, as a number or as a text that is one. */
    @Nullable
    Double degrees(String key, double max) {
        JsonNode value = get(key);
        if (value == null) {
            return null;
        }
        double degrees;
        if (value.isNumber()) {
            degrees = value.doubleValue();
        } else if (value.isTextual() && value.textValue().matches("[+-]?\\d{1,3}(\\.\\d{1,30})?")) {
            degrees = Double.parseDouble(value.textValue());
        } else {
            throw wrongType(key, "a number");
        }
        if (!(Math.abs(degrees) <= max)) {
            throw impossible(key, "degrees from -" + max + " to " + max);
        }
        return degrees;
    }

    /** Several times as quick as the parser for whatever ISO 8601 allows. */
    private static Instant utc(String text) {
        int millis = text.indexOf('.') < 0 ? 0 : digits(text, 20, 23);
        return LocalDateTime.of(
                        digits(text, 0, 4),
                        digits(text, 5, 7),
                        digits(text, 8, 10),
                        digits(text, 11, 13),
                        digits(text, 14, 16),
                        digits(text, 17, 19),
                        millis * 1_000_000)
                .toInstant(ZoneOffset.UTC);
    }

    private static int digits(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /** A time: ISO 8601, or seconds since 1970 with or without a fraction; 0 is none. */
    @Nullable
    Instant time(String key) {
        JsonNode value = get(key);
        if (value == null || (value.isNumber() && value.doubleValue() == 0)) {
            return null;
        }
        try {
            Instant time;
            if (value.isTextual()) {
                String text = value.textValue();
                time = UTC.matcher(text).matches()
                        ? utc(text)
                        : OffsetDateTime.parse(text).toInstant();
            } else if (value.isNumber()) {
                double seconds = value.doubleValue();
                if (!(Math.abs(seconds) <= LAST_SECOND)) {
                    throw new DateTimeException("beyond the year 9999");
                }
                double whole = Math.floor(seconds);
                time = Instant.ofEpochSecond((long) whole, Math.round((seconds - whole) * 1e6) * 1_000);
            } else {
                throw wrongType(key, "a date");
            }
            if (time.getEpochSecond() < 0 || time.getEpochSecond() > LAST_SECOND) {
                throw new DateTimeException("before 1970 or beyond the year 9999");
            }
            return time;
        } catch (DateTimeException e) {
            throw impossible(key, "an ISO 8601 date or seconds since 1970");
        }
    }
}
