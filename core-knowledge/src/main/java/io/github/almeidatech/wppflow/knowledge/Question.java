package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Payer;
import org.jspecify.annotations.Nullable;

/**
 * What a customer wants to know.
 *
 * @param text as written
 * @param context what was said before, helps questions that only make sense with it; may be empty
 * @param topK 1 to 50 sources
 * @param domain only documents of this area and those of none; null for all
 * @param payer on whose account an {@link Embedder} is asked what the text means; null for the tenant's alone
 */
public record Question(
        String text,
        String context,
        int topK,
        @Nullable String domain,
        @Nullable Payer payer) {

    public Question {
        if (topK < 1 || topK > 50) {
            throw new IllegalArgumentException("topK 1 to 50 wanted, got " + topK);
        }
    }

    /** A question on the tenant's account. */
    public Question(String text, String context, int topK, @Nullable String domain) {
        this(text, context, topK, domain, null);
    }

    /** A question without context, three sources. */
    public static Question of(String text) {
        return new Question(text, "", 3, null);
    }
}
