package io.github.almeidatech.wppflow.assistant;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How far two texts are the same but for a few words, as what an automatic sender says again and again is. By the share
 * of pairs of neighbouring words that both have; case, accents and punctuation do not count.
 */
final class Likeness {

    /** Shorter texts are alike by chance: people say "yes, thank you" twice. */
    private static final int FEWEST_WORDS = 10;

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private Likeness() {}

    /** From 0, nothing in common, to 1; 0 where one of them is too short to tell. */
    static double of(String one, String other) {
        List<String> left = words(one);
        List<String> right = words(other);
        if (left.size() < FEWEST_WORDS || right.size() < FEWEST_WORDS) {
            return 0;
        }
        Set<String> pairs = pairs(left);
        Set<String> all = pairs(right);
        long common = all.stream().filter(pairs::contains).count();
        all.addAll(pairs);
        return (double) common / all.size();
    }

    private static List<String> words(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        return List.of(NO_WORD.matcher(plain).replaceAll(" ").strip().split(" "));
    }

    private static Set<String> pairs(List<String> words) {
        var pairs = new HashSet<String>();
        for (int i = 1; i < words.size(); i++) {
            pairs.add(words.get(i - 1) + " " + words.get(i));
        }
        return pairs;
    }
}
