package io.github.almeidatech.wppflow.knowledge;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells whether questions ask for the same, by the stems of the words that carry their topic. Thread-safe; never blocks. */
public final class SimilarQuestions {

    private final Words words = new Words();

    /**
     * What a question is about, to be compared with others.
     *
     * @param topic stems; of a question of everyday words only, all of them
     */
    public record Gist(Set<String> topic) {
        public Gist {
            topic = Set.copyOf(topic);
        }

        /** The share of words two questions have in common, 0 to 1. */
        public double similarity(Gist other) {
            Set<String> both = new HashSet<>(topic);
            both.retainAll(other.topic);
            int all = topic.size() + other.topic.size() - both.size();
            return all == 0 ? 1 : (double) both.size() / all;
        }
    }

    /** The gist of a question. */
    public Gist gist(String question) {
        List<Token> tokens = words.read(question, words.languageOf(question));
        Set<String> telling = tokens.stream()
                .filter(token -> token.weight() == Token.Weight.CONTENT)
                .map(Token::stem)
                .collect(Collectors.toSet());
        return new Gist(telling.isEmpty() ? tokens.stream().map(Token::stem).collect(Collectors.toSet()) : telling);
    }
}
