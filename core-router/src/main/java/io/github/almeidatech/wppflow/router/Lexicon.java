package io.github.almeidatech.wppflow.router;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * General word knowledge of three languages, read from resources: word classes, and what abbreviations stand for.
 * Immutable and thread-safe.
 */
final class Lexicon {

    private static final int MIN_FUZZY = 5;

    private final Map<String, String> exact = new HashMap<>();
    private final Map<String, String> prefixes = new HashMap<>();
    private final Map<String, String> sounds = new HashMap<>();
    private final Map<String, String> abbreviations = new HashMap<>();

    private Lexicon() {}

    static Lexicon load() {
        var lexicon = new Lexicon();
        for (Resource.Entry entry : Resource.entries("lexicon.txt")) {
            entry.words().forEach(word -> lexicon.add(entry.name(), Words.fold(word)));
        }
        for (Resource.Entry entry : Resource.entries("abbreviations.txt")) {
            entry.words().forEach(form -> lexicon.abbreviations.put(form, entry.name()));
        }
        return lexicon;
    }

    private void add(String kind, String word) {
        if (word.endsWith("*")) {
            prefixes.putIfAbsent(word.substring(0, word.length() - 1), kind);
            return;
        }
        exact.putIfAbsent(word, kind);
        if (word.length() >= MIN_FUZZY) {
            sounds.putIfAbsent(Sound.of(word), kind);
        }
    }

    /** A folded word with its abbreviation written out. */
    String expand(String word) {
        return abbreviations.getOrDefault(word, word);
    }

    /** The class of a folded word, also of a misspelt one; null for none. */
    @Nullable
    String kindOf(String word) {
        String kind = exact.get(word);
        for (int length = word.length(); kind == null && length >= 3; length--) {
            kind = prefixes.get(word.substring(0, length));
        }
        if (kind == null && word.length() >= MIN_FUZZY - 1) {
            kind = sounds.get(Sound.of(word));
        }
        return kind;
    }
}
