package io.github.almeidatech.wppflow.knowledge;

import org.jspecify.annotations.Nullable;

/**
 * What a customer wants to know.
 *
 * @param text as written
 * @param context what was said before, helps questions that only make sense with it; may be empty
 * @param topK 1 to 50 sources
 * @param domain only documents of this area and those of none; null for all
 */
public record Question(
        String text, String context, int topK, @Nullable String domain) {

    public Question {
        if (topK < 1 || topK > 50) {
            throw new IllegalArgumentException("topK 1 to 50 wanted, got " + topK);
        }
    }

    /** A question without context, three sources. */
    public static Question of(String text) {
        return new Question(text, "", 3, null);
    }
}
