package io.github.almeidatech.wppflow.router;

import org.jspecify.annotations.Nullable;

/**
 * A word as the classifier sees it.
 *
 * @param written as the customer wrote it, in lower case
 * @param word folded, with abbreviations written out
 * @param stem the word without its ending
 * @param sound how the word sounds
 * @param kind its word class; null for none
 * @param form its grammatical form, told by its ending; null for none
 * @param known whether the word is in the lexicon as it is spelt
 * @param afterBreak whether a comma, a full stop or the like stands before it
 */
record Token(
        String written,
        String word,
        String stem,
        String sound,
        @Nullable String kind,
        @Nullable String form,
        boolean known,
        boolean afterBreak) {

    /** What the word stands for in patterns of words: its class, else its form, else itself. */
    String pattern() {
        if (kind != null) {
            return kind;
        }
        return form == null ? stem : form;
    }

    boolean is(String otherKind) {
        return otherKind.equals(kind);
    }
}
