package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.List;

/** Slips of the thumb: two long words that share a variant differ by about one letter, left out, added or exchanged. */
final class Slip {

    /** Shorter words resemble each other by chance. */
    static final int SHORTEST = 7;

    private Slip() {}

    /** A word and what is left of it without one of its letters but the first; nothing for short words. */
    static List<String> variants(String word) {
        if (word.length() < SHORTEST - 1) {
            return List.of();
        }
        var variants = new ArrayList<String>(word.length());
        variants.add(word);
        for (int i = 1; i < word.length(); i++) {
            variants.add(word.substring(0, i) + word.substring(i + 1));
        }
        return variants;
    }
}
