package io.github.almeidatech.wppflow.knowledge;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;
import org.apache.lucene.util.automaton.LevenshteinAutomata;

/**
 * Finds what a misspelt word was meant to be: words that sound the same in Brazil first, then words that sound so with one
 * typing error and are written much like it. Immutable and thread-safe.
 */
final class Spelling {

    private static final int SHORTEST = 3;
    private static final int SHORTEST_WITH_ERROR = 5;
    private static final int MOST = 4;
    /** In letters added, left out, changed or swapped: an error, and another way to write the same sound. */
    private static final int MOST_ERRORS = 2;

    private final Vocabulary general;

    Spelling(Vocabulary general) {
        this.general = general;
    }

    /** Words without accents that may have been meant, at most four; the tenant's own words come first. */
    List<String> corrections(String word, Vocabulary own) {
        if (word.length() < SHORTEST || Character.isDigit(word.charAt(0))) {
            return List.of();
        }
        Set<String> found = new LinkedHashSet<>();
        String sound = sound(word);
        own.soundingLike(sound, found);
        general.soundingLike(sound, found);
        if (found.isEmpty() && word.length() >= SHORTEST_WITH_ERROR) {
            own.nearly(sound, found);
            keepWrittenAlike(word, found);
            if (found.isEmpty()) {
                general.nearly(sound, found);
                keepWrittenAlike(word, found);
            }
        }
        return found.stream().limit(MOST).toList();
    }

    /** "qwert" sounds like "couvert" but for one letter, yet who hits the keys at random means nothing. */
    private static void keepWrittenAlike(String word, Set<String> found) {
        if (!found.isEmpty()) {
            var alike = new CharacterRunAutomaton(new LevenshteinAutomata(word, true).toAutomaton(MOST_ERRORS));
            found.removeIf(meant -> !alike.run(meant));
        }
    }

    /** How a word without accents sounds in Brazil, roughly: {@code orario} and {@code horario} sound the same. */
    static String sound(String word) {
        var out = new StringBuilder(word.length());
        int n = word.length();
        for (int i = 0; i < n; i++) {
            char c = word.charAt(i);
            char next = i + 1 < n ? word.charAt(i + 1) : 0;
            char last = out.isEmpty() ? 0 : out.charAt(out.length() - 1);
            switch (c) {
                case 'h' -> {}
                case 'c' -> {
                    if (next == 'h') {
                        out.append('x');
                        i++;
                    } else {
                        out.append(next == 'e' || next == 'i' ? 's' : 'k');
                    }
                }
                case 'q' -> {
                    out.append('k');
                    if (next == 'u') {
                        i++;
                    }
                }
                case 'g' -> out.append(next == 'e' || next == 'i' ? 'j' : 'g');
                case 'z' -> out.append('s');
                case 'w' -> out.append('v');
                case 'y' -> out.append('i');
                case 'n', 'm' -> out.append(next == 'h' ? 'ñ' : 'n');
                case 'l' -> out.append(next == 'h' ? 'λ' : isVowel(next) ? 'l' : 'u');
                case 'i' -> {
                    boolean atEnd = i + 1 == n;
                    boolean beforeLastS = i + 2 == n && (next == 's' || next == 'z');
                    boolean glide = last == 'e' && !atEnd || isVowel(last) && last != 'e' && beforeLastS;
                    if (!glide) {
                        out.append(atEnd ? 'e' : 'i');
                    }
                }
                case 'u' -> {
                    if (last != 'o') {
                        out.append(i + 1 == n ? 'o' : 'u');
                    }
                }
                default -> out.append(c);
            }
            int length = out.length();
            if (length > 1 && out.charAt(length - 1) == out.charAt(length - 2)) {
                out.setLength(length - 1);
            }
        }
        return out.toString();
    }

    private static boolean isVowel(char c) {
        return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
    }

    /** Whether two words differ by one letter added, left out or changed, or by two neighbours swapped. */
    static boolean oneApart(String a, String b) {
        int start = 0;
        int shorter = Math.min(a.length(), b.length());
        while (start < shorter && a.charAt(start) == b.charAt(start)) {
            start++;
        }
        int endA = a.length();
        int endB = b.length();
        while (endA > start && endB > start && a.charAt(endA - 1) == b.charAt(endB - 1)) {
            endA--;
            endB--;
        }
        int restA = endA - start;
        int restB = endB - start;
        boolean swapped = restA == 2
                && restB == 2
                && a.charAt(start) == b.charAt(start + 1)
                && a.charAt(start + 1) == b.charAt(start);
        return swapped || restA <= 1 && restB <= 1;
    }
}
