package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a tenant adds to the standard intents, learnt from a handful of examples. A feature counts for an intent as much
 * as it is commoner in its examples than in the corpus; how high the sum must be is learnt by holding back each example in
 * turn. Immutable and thread-safe.
 */
final class OwnIntents {

    /** A word the tenant named speaks as loudly as this. */
    private static final double NAMED_WORD = 4;
    /** How often an intent of the tenant's is expected, compared with all others. */
    private static final double EXPECTED_SHARE = 0.08;
    /** Taken off a feature's count: what occurs in one example only is likely chance. */
    private static final double DISCOUNT = 0.3;

    private static final double SMOOTHING = 0.5;
    private static final double LENGTH_POWER = 0.6;

    private final List<Taught> taught;

    private OwnIntents(List<Taught> taught) {
        this.taught = taught;
    }

    /**
     * One intent of the tenant.
     *
     * @param stems of the words the tenant named
     * @param weights how much a feature speaks for it
     * @param certainty how sure the sum of the weights makes
     */
    private record Taught(String name, Set<String> stems, Map<Integer, Float> weights, Sigmoid certainty) {

        boolean names(Token token) {
            return stems.contains(token.stem());
        }

        /** The logarithm of the odds. */
        double score(Features features, List<Token> tokens) {
            double score = certainty.logOdds(sum(weights, features));
            return tokens.stream().anyMatch(this::names) ? Math.max(score, 0) + NAMED_WORD : score;
        }
    }

    static OwnIntents learn(List<Intent> all, Tokenizer tokenizer) {
        List<Intent> own = all.stream()
                .filter(intent ->
                        !intent.words().isEmpty() || !intent.examples().isEmpty())
                .toList();
        if (own.isEmpty()) {
            return new OwnIntents(List.of());
        }
        var corpus = Corpus.load();
        var random = new Random(11);
        List<Features> others = corpus.patterns().stream()
                .map(pattern -> Features.of(tokenizer.tokens(corpus.draw(pattern.text(), random))))
                .toList();
        Map<Integer, Integer> common = counts(others);
        return new OwnIntents(own.stream()
                .map(intent -> learn(intent, tokenizer, others, common))
                .toList());
    }

    private static Taught learn(
            Intent intent, Tokenizer tokenizer, List<Features> others, Map<Integer, Integer> common) {
        Set<String> stems = intent.words().stream()
                .flatMap(word -> tokenizer.tokens(word).stream())
                .map(Token::stem)
                .collect(Collectors.toUnmodifiableSet());
        List<Features> examples = intent.examples().stream()
                .map(text -> Features.of(tokenizer.tokens(text)))
                .toList();
        if (examples.isEmpty()) {
            return new Taught(intent.name(), stems, Map.of(), Sigmoid.NEVER);
        }
        Map<Integer, Float> weights = weights(examples, common, others.size());
        var heldBack = new ArrayList<Double>();
        for (int i = 0; i < examples.size(); i++) {
            var rest = new ArrayList<>(examples);
            Features example = rest.remove(i);
            heldBack.add(sum(weights(rest, common, others.size()), example));
        }
        List<Double> foreign = others.stream().map(other -> sum(weights, other)).toList();
        return new Taught(intent.name(), stems, weights, Sigmoid.between(heldBack, foreign, EXPECTED_SHARE));
    }

    private static Map<Integer, Integer> counts(List<Features> messages) {
        var counts = new HashMap<Integer, Integer>();
        for (Features features : messages) {
            features.distinct().keySet().forEach(id -> counts.merge(id, 1, Integer::sum));
        }
        return counts;
    }

    private static Map<Integer, Float> weights(List<Features> examples, Map<Integer, Integer> common, int others) {
        var weights = new HashMap<Integer, Float>();
        counts(examples).forEach((id, count) -> {
            double here = (count - DISCOUNT) / (examples.size() + 1);
            double there = (common.getOrDefault(id, 0) + SMOOTHING) / (others + 1);
            double weight = Math.log(here / there);
            if (weight > 0) {
                weights.put(id, (float) weight);
            }
        });
        return weights;
    }

    private static double sum(Map<Integer, Float> weights, Features features) {
        double sum = 0;
        double length = 0;
        for (var feature : features.distinct().entrySet()) {
            sum += weights.getOrDefault(feature.getKey(), 0f) * feature.getValue();
            length += feature.getValue();
        }
        return sum / Math.pow(length, LENGTH_POWER);
    }

    /** The probabilities of all intents: what the own ones leave is shared by the standard ones. */
    Map<String, Double> share(double[] standard, Features features, List<Token> tokens) {
        var chances = new LinkedHashMap<String, Double>();
        for (int i = 0; i < standard.length; i++) {
            chances.put(Intent.STANDARD.get(i).name(), standard[i]);
        }
        double total = 1;
        var odds = new double[taught.size()];
        for (int i = 0; i < odds.length; i++) {
            odds[i] = Math.exp(taught.get(i).score(features, tokens));
            total += odds[i];
        }
        double left = total;
        chances.replaceAll((intent, chance) -> chance / left);
        for (int i = 0; i < odds.length; i++) {
            chances.merge(taught.get(i).name(), odds[i] / total, Double::sum);
        }
        return chances;
    }

    List<String> reasons(String intent, List<Token> tokens) {
        var reasons = new ArrayList<String>();
        for (Taught each : taught) {
            if (each.name().equals(intent)) {
                tokens.stream()
                        .filter(each::names)
                        .forEach(token -> reasons.add(intent + ": \"" + token.written() + "\" is one of its words"));
                reasons.add(intent + ": resembles its examples");
            }
        }
        return reasons;
    }
}
