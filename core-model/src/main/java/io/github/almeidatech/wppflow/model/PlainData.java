package io.github.almeidatech.wppflow.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps of the types JSON knows: text, numbers, booleans, null, lists and maps of these. */
final class PlainData {

    private PlainData() {}

    /** A deep, unmodifiable copy that keeps the order of keys and null values. */
    static Map<String, Object> copyOf(Map<String, Object> map) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> copy.put(key, copyValue(value)));
        @SuppressWarnings("NullAway") // null values are data here: JSON has them
        Map<String, Object> result = Collections.unmodifiableMap(copy);
        return result;
    }

    private static @Nullable Object copyValue(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            list.forEach(each -> copy.add(copyValue(each)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<String, @Nullable Object>();
            map.forEach((key, each) -> copy.put(String.valueOf(key), copyValue(each)));
            return Collections.unmodifiableMap(copy);
        }
        throw new IllegalArgumentException("only text, numbers, booleans, lists and maps, not "
                + value.getClass().getName());
    }
}
