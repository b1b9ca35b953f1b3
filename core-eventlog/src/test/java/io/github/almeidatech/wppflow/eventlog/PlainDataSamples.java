package io.github.almeidatech.wppflow.eventlog;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Random plain data, and what storing it as JSON does to it. */
final class PlainDataSamples {

    private PlainDataSamples() {}

    static @Nullable Object random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt(4);
            case 3 -> random.nextInt(4) * 50L;
            case 4 -> random.nextInt(4) / 2.0;
            case 5 -> List.of("a", "", "s1:a", "é🐶").get(random.nextInt(4));
            case 6 -> {
                var list = new ArrayList<@Nullable Object>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(random(random, depth - 1));
                }
                yield list;
            }
            default -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    map.put("k" + random.nextInt(3), random(random, depth - 1));
                }
                yield map;
            }
        };
    }

    /** Other number types, other order of keys; equal for data that are the same JSON. */
    static @Nullable Object throughJson(@Nullable Object data) {
        if (data instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros();
        }
        if (data instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>();
            list.forEach(each -> copy.add(throughJson(each)));
            return copy;
        }
        if (data instanceof Map<?, ?> map) {
            var sorted = new TreeMap<String, @Nullable Object>(Comparator.reverseOrder());
            map.forEach((key, value) -> sorted.put((String) key, throughJson(value)));
            return sorted;
        }
        return data;
    }
}
