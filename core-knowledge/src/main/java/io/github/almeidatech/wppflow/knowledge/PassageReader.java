package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Language;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what a text is about: its words, their stems, the concepts they name, and the facts it states. Thread-safe. */
final class PassageReader {

    private static final double IN_HEADING = 1;
    private static final double IN_TEXT = 0.544;
    private static final double REPEATED = 0.1;
    private static final double FACT = 0.8;
    private static final double WIDER = 0.9;
    private static final double INSIDE_PHRASE = 0.44;
    private static final double FAINTEST = 0.5;

    private final Words words;
    private final Lexicon lexicon;

    PassageReader(Words words, Lexicon lexicon) {
        this.words = words;
        this.lexicon = lexicon;
    }

    /** What heading and text are about, each with how much, 0 to 1. */
    Map<String, Double> features(String heading, String text, Language language) {
        Map<String, Double> features = new HashMap<>();
        add(words.read(heading, language), language, IN_HEADING, features);
        List<Token> body = words.read(text, language);
        double longer = 1 / (1 + 0.12 * Math.max(0, Math.log(body.size() / 60.0)));
        add(body, language, IN_TEXT * longer, features);
        Fact.in(Words.fold(heading + " " + text)).forEach(fact -> features.put(Feature.fact(fact), FACT));
        return features;
    }

    /** For each telling word of a title, the hashes of the features that it gives. */
    int[][] titleWords(String title, Language language) {
        return words.read(title, language).stream()
                .filter(token -> !token.isFiller())
                .map(token -> {
                    Map<String, Double> one = new HashMap<>();
                    add(List.of(token), language, IN_HEADING, one);
                    return one.keySet().stream().mapToInt(Profile::hash).toArray();
                })
                .toArray(int[][]::new);
    }

    Language languageOf(String text) {
        return words.languageOf(text);
    }

    private void add(List<Token> tokens, Language language, double strength, Map<String, Double> features) {
        var inPhrase = new boolean[tokens.size()];
        for (Lexicon.Phrase phrase : lexicon.phrases(tokens, language)) {
            phrase.positions().forEach(position -> inPhrase[position] = true);
            addSenses(phrase.senses(), strength, features);
        }
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (!token.isFiller()) {
                raise(features, Feature.word(token), strength);
                raise(features, Feature.stem(token), strength);
                double sure = inPhrase[i] ? INSIDE_PHRASE : 1;
                addSenses(lexicon.sensesOf(token, language), strength * sure, features);
            }
        }
    }

    private void addSenses(List<Lexicon.Sense> senses, double strength, Map<String, Double> features) {
        for (Lexicon.Sense sense : senses) {
            if (sense.weight() < FAINTEST) {
                continue;
            }
            raise(features, Feature.concept(sense.concept()), strength * sense.weight());
            for (String wider : lexicon.wider(sense.concept())) {
                raise(features, Feature.kindOf(wider), strength * sense.weight() * WIDER);
                for (String widest : lexicon.wider(wider)) {
                    raise(features, Feature.kindOf(widest), strength * sense.weight() * WIDER * WIDER);
                }
            }
        }
    }

    private static void raise(Map<String, Double> features, String feature, double strength) {
        features.merge(
                feature,
                strength,
                (before, now) -> Math.min(IN_HEADING, Math.max(before, now) + REPEATED * Math.min(before, now)));
    }
}
