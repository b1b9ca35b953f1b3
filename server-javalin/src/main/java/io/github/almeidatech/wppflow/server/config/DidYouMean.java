package io.github.almeidatech.wppflow.server.config;

import java.util.Comparator;
import java.util.List;

/** The known word nearest to a mistyped one. */
final class DidYouMean {

    private DidYouMean() {}

    /** {@code ; did you mean "x"?}, or empty when nothing is near. */
    static String hint(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(each -> distance(word, each)))
                .filter(best -> distance(word, best) <= Math.max(2, word.length() / 3))
                .map(best -> "; did you mean \"" + best + "\"?")
                .orElse("");
    }

    /** Levenshtein's: the fewest letters inserted, removed or replaced. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
