package io.github.almeidatech.wppflow.router;

import io.github.almeidatech.wppflow.model.Language;
import java.util.List;

/**
 * Tells the language of short messages by how words are spelt. Learnt from the corpus. Immutable and thread-safe.
 */
final class LanguageGuess {

    static final List<Language> LANGUAGES = List.of(Language.PT_BR, Language.EN, Language.ES);

    /** What the usual language has in advance; words that two languages share tell nothing. */
    private static final double HEAD_START = 1.1;

    private static final int SPACE = 1 << 14;

    private final LinearModel model;

    LanguageGuess(LinearModel model) {
        this.model = model;
    }

    /** The model the shipped one is made by. */
    static LinearModel train(List<Trainer.Example> examples) {
        return Trainer.train(examples, LANGUAGES.size(), 0, SPACE);
    }

    /** The likeliest language; the usual one when nothing tells. */
    Language of(List<Token> tokens, Language usual) {
        double[] scores = model.scores(Features.ofSpelling(tokens));
        scores[LANGUAGES.indexOf(usual)] += HEAD_START;
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return LANGUAGES.get(best);
    }
}
