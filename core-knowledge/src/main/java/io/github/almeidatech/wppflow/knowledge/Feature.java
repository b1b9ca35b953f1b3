package io.github.almeidatech.wppflow.knowledge;

import org.jspecify.annotations.Nullable;

/** Names of what texts have in common. */
final class Feature {

    private Feature() {}

    /** The word itself, number folded. */
    static String word(Token token) {
        return "w:" + token.word();
    }

    /** What forms of a word share. */
    static String stem(Token token) {
        return "s:" + token.stem();
    }

    /** The concept is named. */
    static String concept(String concept) {
        return "c:" + concept;
    }

    /** Something of the kind of this concept is named. */
    static String kindOf(String concept) {
        return "a:" + concept;
    }

    /** A fact of this kind is stated. */
    static String fact(Fact fact) {
        return "e:" + fact.name();
    }

    /** The concept of a {@link #concept} feature, or null for other features. */
    static @Nullable String conceptOf(String feature) {
        return feature.startsWith("c:") ? feature.substring(2) : null;
    }

    /** Whether it is a {@link #word} or a {@link #stem}. */
    static boolean isOfAWord(String feature) {
        return feature.startsWith("w:") || feature.startsWith("s:");
    }

    /** The word of a {@link #word} feature, or null for other features. */
    static @Nullable String wordOf(String feature) {
        return feature.startsWith("w:") ? feature.substring(2) : null;
    }
}
