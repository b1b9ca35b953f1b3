package io.github.almeidatech.wppflow.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds a tree against the records it is to become: unknown keys (with the nearest known one), missing keys and values of
 * the wrong type, all of them, where binding would stop at the first.
 */
final class ShapeCheck {

    /** A hundred years: a time of today's with that added can still be counted in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final List<String> problems;

    ShapeCheck(List<String> problems) {
        this.problems = problems;
    }

    void check(JsonNode node, Type type, String path) {
        if (type instanceof ParameterizedType generic) {
            checkCollection(node, generic, path);
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            checkRecord(node, plain, path);
        } else if (type instanceof Class<?> plain) {
            checkValue(node, plain, path);
        }
    }

    private void checkRecord(JsonNode node, Class<?> record, String path) {
        if (!node.isObject()) {
            problems.add(named(path) + ": keys and values wanted");
            return;
        }
        RecordComponent[] components = record.getRecordComponents();
        List<String> known =
                Arrays.stream(components).map(c -> SnakeCase.of(c.getName())).toList();
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                problems.add(named(join(path, key)) + ": unknown" + DidYouMean.hint(key, known));
            }
        });
        for (RecordComponent component : components) {
            String key = SnakeCase.of(component.getName());
            JsonNode value = node.get(key);
            if (value == null || value.isNull()) {
                if (!isNullable(component)) {
                    problems.add(join(path, key) + ": missing");
                }
            } else {
                check(value, component.getGenericType(), join(path, key));
            }
        }
    }

    private void checkCollection(JsonNode node, ParameterizedType type, String path) {
        if (type.getRawType() == List.class) {
            if (!node.isArray()) {
                problems.add(path + ": a list wanted");
                return;
            }
            for (int i = 0; i < node.size(); i++) {
                check(node.get(i), type.getActualTypeArguments()[0], path + "[" + i + "]");
            }
        } else if (type.getRawType() == Map.class) {
            if (!node.isObject()) {
                problems.add(path + ": keys and values wanted");
                return;
            }
            node.properties()
                    .forEach(e -> check(e.getValue(), type.getActualTypeArguments()[1], join(path, e.getKey())));
        }
    }

    private void checkValue(JsonNode node, Class<?> type, String path) {
        if (type == int.class || type == long.class || type == Long.class) {
            wanted(node.isIntegralNumber() && node.canConvertToLong(), path, "a whole number");
        } else if (type == double.class || type == Double.class) {
            wanted(node.isNumber(), path, "a number");
        } else if (type == boolean.class || type == Boolean.class) {
            wanted(node.isBoolean(), path, "true or false");
        } else if (type == Duration.class) {
            wanted(isDuration(node), path, "an ISO 8601 duration such as PT4S, PT5M or PT12H");
        } else {
            wanted(node.isValueNode() && !node.isNull(), path, "a text");
        }
    }

    private static boolean isDuration(JsonNode node) {
        try {
            Duration duration = Duration.parse(node.isTextual() ? node.textValue() : "");
            return !duration.isNegative() && duration.compareTo(LONGEST) <= 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private void wanted(boolean ok, String path, String what) {
        if (!ok) {
            problems.add(path + ": " + what + " wanted");
        }
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String named(String path) {
        return path.isEmpty() ? "the file" : path;
    }
}
