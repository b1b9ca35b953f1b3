package io.github.almeidatech.wppflow.knowledge;

/**
 * One word as it is compared.
 *
 * @param word lower case, without accents, number folded: {@code gatos} is {@code gato}
 * @param stem what related forms share
 * @param weight how much it says about the topic
 */
record Token(String word, String stem, Weight weight) {

    enum Weight {
        /** Articles, pronouns, greetings: never about the topic. */
        FILLER,
        /** Everyday verbs and nouns: about the topic only together with others. */
        LIGHT,
        /** All other words. */
        CONTENT
    }

    boolean isFiller() {
        return weight == Weight.FILLER;
    }
}
