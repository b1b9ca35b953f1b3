package io.github.almeidatech.wppflow.model;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Maps of the types JSON knows: text, numbers, booleans, null, lists and maps of these. */
final class PlainData {

    private PlainData() {}

    /** A deep, unmodifiable copy that keeps the order of keys and null values. What is such a copy is given as it is. */
    static Map<String, Object> copyOf(Map<String, Object> map) {
        if (map instanceof Copy) {
            return map;
        }
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> copy.put(key, copyValue(value)));
        @SuppressWarnings("NullAway") // null values are data here: JSON has them
        Map<String, Object> result = new Copy(copy);
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

    /** Known to be deeply unmodifiable: records that are made of other records need not copy it again. */
    private static final class Copy extends AbstractMap<String, @Nullable Object> {

        private final Map<String, @Nullable Object> map;

        Copy(Map<String, @Nullable Object> map) {
            this.map = Collections.unmodifiableMap(map);
        }

        @Override
        public Set<Map.Entry<String, @Nullable Object>> entrySet() {
            return map.entrySet();
        }

        @Override
        public boolean containsKey(Object key) {
            return map.containsKey(key);
        }

        @Override
        public @Nullable Object get(Object key) {
            return map.get(key);
        }

        @Override
        public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
            map.forEach(action);
        }
    }
}
