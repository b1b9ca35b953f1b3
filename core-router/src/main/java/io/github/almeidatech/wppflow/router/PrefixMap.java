package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values by the beginning of a word, of at least three letters. */
final class PrefixMap<V> {

    private static final int SHORTEST = 3;

    private final Map<Integer, List<Map.Entry<String, V>>> byBeginning = new HashMap<>();

    /** The value of a beginning, made when there is none. */
    V computeIfAbsent(String prefix, Supplier<V> value) {
        if (prefix.length() < SHORTEST) {
            throw new IllegalArgumentException("at least three letters wanted, not " + prefix);
        }
        List<Map.Entry<String, V>> entries =
                byBeginning.computeIfAbsent(beginning(prefix), ignored -> new ArrayList<>());
        for (Map.Entry<String, V> entry : entries) {
            if (entry.getKey().equals(prefix)) {
                return entry.getValue();
            }
        }
        V made = value.get();
        entries.add(Map.entry(prefix, made));
        entries.sort((a, b) -> b.getKey().length() - a.getKey().length());
        return made;
    }

    /** The value of the longest beginning of a word; null for none. */
    @Nullable
    V get(String word) {
        for (Map.Entry<String, V> entry : candidates(word)) {
            if (word.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** Tells the values of all beginnings of a word. */
    void each(String word, Consumer<V> reader) {
        for (Map.Entry<String, V> entry : candidates(word)) {
            if (word.startsWith(entry.getKey())) {
                reader.accept(entry.getValue());
            }
        }
    }

    private List<Map.Entry<String, V>> candidates(String word) {
        return word.length() < SHORTEST ? List.of() : byBeginning.getOrDefault(beginning(word), List.of());
    }

    private static int beginning(String word) {
        return (word.charAt(0) * 31 + word.charAt(1)) * 31 + word.charAt(2);
    }
}
