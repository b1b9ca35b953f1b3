package io.github.almeidatech.wppflow.server;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Words and phrases a business wants answered at once, whichever way they are accented or capitalised. Immutable. */
final class UrgentWords {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final List<String> words;

    UrgentWords(List<String> words) {
        this.words = words.stream().map(UrgentWords::folded).toList();
    }

    /** Whether one of them stands in the text as a whole word. */
    boolean in(String text) {
        if (words.isEmpty()) {
            return false;
        }
        String whole = folded(text);
        return words.stream().anyMatch(whole::contains);
    }

    /** Words between single spaces. */
    private static String folded(String text) {
        String plain =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        return " "
                + BETWEEN.matcher(plain.toLowerCase(Locale.ROOT))
                        .replaceAll(" ")
                        .strip() + " ";
    }
}
