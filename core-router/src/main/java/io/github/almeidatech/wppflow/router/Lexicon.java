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
    private final PrefixMap<String> prefixes = new PrefixMap<>();
    private final Map<String, String> sounds = new HashMap<>();
    private final Map<String, String> slips = new HashMap<>();
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

    private void add(String kind, String entry) {
        String word = entry.endsWith("*") ? entry.substring(0, entry.length() - 1) : entry;
        if (entry.endsWith("*")) {
            prefixes.computeIfAbsent(word, () -> kind);
        } else {
            exact.putIfAbsent(word, kind);
        }
        if (word.length() >= MIN_FUZZY) {
            sounds.putIfAbsent(Sound.of(word), kind);
        }
        if (word.length() >= Slip.SHORTEST) {
            Slip.variants(word).forEach(variant -> slips.putIfAbsent(variant, kind));
        }
    }

    /** A folded word with its abbreviation written out. */
    String expand(String word) {
        return abbreviations.getOrDefault(word, word);
    }

    /** Whether a folded word is a known one, spelt as it should be. */
    boolean knows(String word) {
        return exact.containsKey(word) || prefixes.get(word) != null;
    }

    /**
     * The class of a folded word, also of a misspelt one; null for none.
     *
     * @param sound how it sounds
     */
    @Nullable
    String kindOf(String word, String sound) {
        String kind = exact.get(word);
        if (kind == null) {
            kind = prefixes.get(word);
        }
        if (kind == null && word.length() >= MIN_FUZZY - 1) {
            kind = sounds.get(sound);
        }
        return kind == null ? kindOfSlip(word) : kind;
    }

    private @Nullable String kindOfSlip(String word) {
        for (String variant : Slip.variants(word)) {
            String kind = slips.get(variant);
            if (kind != null) {
                return kind;
            }
        }
        return null;
    }
}
