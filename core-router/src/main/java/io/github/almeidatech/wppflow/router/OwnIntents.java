package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a tenant adds to the standard intents, learnt from a handful of examples. For an intent speaks what a message has
 * in common with its examples, each feature as much as it is commoner there than in the corpus, and how near the message
 * lies to them by {@link Meanings}; how loudly, is learnt by holding back each example in turn. Immutable and thread-safe.
 */
final class OwnIntents {

    static final String MEANINGS = "meanings.model";

    /** A word the tenant named speaks as loudly as this. */
    private static final double NAMED_WORD = 4;
    /** How often an intent of the tenant's is expected, compared with all others. */
    private static final double EXPECTED_SHARE = 0.08;
    /** Taken off a feature's count: what occurs in one example only is likely chance. */
    private static final double DISCOUNT = 0.3;

    private static final double SMOOTHING = 0.5;
    private static final double LENGTH_POWER = 0.6;

    /** What common features and nearness tell of other intents than those measured, and how firmly. */
    private static final Likelihood AT_FIRST = new Likelihood(0.42, 8, -5);

    private static final Likelihood.Evidence TRUST = new Likelihood.Evidence(4, 0.1);

    /** Hardly possible. */
    private static final double NEVER = -10;

    /** What the odds of the likeliest standard intent take off, above {@link #USUALLY_SURE}. */
    private static final double SURE_OF_ANOTHER = 0.3;

    private static final double USUALLY_SURE = 2;
    private static final double SUREST = 0.9999;

    private final List<Taught> taught;
    private final Likelihood likelihood;

    private OwnIntents(List<Taught> taught, Likelihood likelihood) {
        this.taught = taught;
        this.likelihood = likelihood;
    }

    /** Read when the first tenant has intents of its own. */
    private static final class Shared {

        static final Meanings MEANINGS = Meanings.load(OwnIntents.MEANINGS);
    }

    /** A message, and where it lies. */
    private record Message(Map<Integer, Float> features, Direction direction) {

        static Message of(List<Token> tokens) {
            return of(tokens, Features.of(tokens));
        }

        static Message of(List<Token> tokens, Features features) {
            return new Message(features.distinct(), Shared.MEANINGS.of(tokens));
        }
    }

    /** What there is to learn from. */
    private record Lesson(String name, Set<String> stems, Direction description, List<Message> examples) {

        static Lesson of(Intent intent, Tokenizer tokenizer) {
            return new Lesson(
                    intent.name(),
                    intent.words().stream()
                            .flatMap(word -> tokenizer.tokens(word).stream())
                            .map(Token::stem)
                            .collect(Collectors.toUnmodifiableSet()),
                    Shared.MEANINGS.of(tokenizer.tokens(intent.description())),
                    intent.examples().stream()
                            .map(text -> Message.of(tokenizer.tokens(text)))
                            .toList());
        }

        Taught taught(Map<Integer, Integer> common, int others) {
            List<Direction> places = new ArrayList<>(List.of(description)); // half as much as an example
            examples.forEach(example -> places.addAll(Collections.nCopies(2, example.direction())));
            return new Taught(name, stems, weights(common, others), Direction.middle(places));
        }

        private Map<Integer, Float> weights(Map<Integer, Integer> common, int others) {
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

        /** What is known of each example by the others. */
        List<Likelihood.Evidence> heldBack(Map<Integer, Integer> common, int others) {
            List<Likelihood.Evidence> heldBack = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                var rest = new ArrayList<>(examples);
                Message example = rest.remove(i);
                heldBack.add(new Lesson(name, stems, description, rest)
                        .taught(common, others)
                        .evidence(example));
            }
            return heldBack;
        }
    }

    /**
     * One intent of the tenant.
     *
     * @param stems of the words the tenant named
     * @param weights how much a feature speaks for it; none without examples
     * @param middle where its examples lie
     */
    private record Taught(String name, Set<String> stems, Map<Integer, Float> weights, Direction middle) {

        boolean names(Token token) {
            return stems.contains(token.stem());
        }

        Likelihood.Evidence evidence(Message message) {
            double sum = 0;
            double length = 0;
            for (var feature : message.features().entrySet()) {
                sum += weights.getOrDefault(feature.getKey(), 0f) * feature.getValue();
                length += feature.getValue();
            }
            return new Likelihood.Evidence(
                    sum / Math.pow(length, LENGTH_POWER), message.direction().nearness(middle));
        }
    }

    static OwnIntents learn(List<Intent> all, Tokenizer tokenizer) {
        List<Intent> own = all.stream()
                .filter(intent ->
                        !intent.words().isEmpty() || !intent.examples().isEmpty())
                .toList();
        if (own.isEmpty()) {
            return new OwnIntents(List.of(), AT_FIRST);
        }
        var corpus = Corpus.load();
        var random = new Random(11);
        List<Message> others = corpus.patterns().stream()
                .map(pattern -> Message.of(tokenizer.tokens(corpus.draw(pattern.text(), random))))
                .toList();
        Map<Integer, Integer> common = counts(others);
        List<Lesson> lessons =
                own.stream().map(intent -> Lesson.of(intent, tokenizer)).toList();
        List<Taught> taught = lessons.stream()
                .map(lesson -> lesson.taught(common, others.size()))
                .toList();
        List<Likelihood.Evidence> heldBack = lessons.stream()
                .flatMap(lesson -> lesson.heldBack(common, others.size()).stream())
                .toList();
        List<Likelihood.Evidence> foreign = taught.stream()
                .filter(intent -> !intent.weights().isEmpty())
                .flatMap(intent -> others.stream().map(intent::evidence))
                .toList();
        return new OwnIntents(
                taught, heldBack.isEmpty() ? AT_FIRST : AT_FIRST.taught(heldBack, foreign, EXPECTED_SHARE, TRUST));
    }

    private static Map<Integer, Integer> counts(List<Message> messages) {
        var counts = new HashMap<Integer, Integer>();
        for (Message message : messages) {
            message.features().keySet().forEach(id -> counts.merge(id, 1, Integer::sum));
        }
        return counts;
    }

    /** The probabilities of all intents: what the own ones leave is shared by the standard ones. */
    Map<String, Double> share(double[] standard, Features features, List<Token> tokens) {
        var chances = new LinkedHashMap<String, Double>();
        double likeliest = 0;
        for (int i = 0; i < standard.length; i++) {
            chances.put(Intent.STANDARD.get(i).name(), standard[i]);
            likeliest = Math.max(likeliest, standard[i]);
        }
        if (taught.isEmpty()) {
            return chances;
        }
        double sure = Math.min(SUREST, likeliest);
        double elsewhere = SURE_OF_ANOTHER * (Math.log(sure / (1 - sure)) - USUALLY_SURE);
        var message = Message.of(tokens, features);
        double total = 1;
        var odds = new double[taught.size()];
        for (int i = 0; i < odds.length; i++) {
            odds[i] = Math.exp(logOdds(taught.get(i), message, tokens, elsewhere));
            total += odds[i];
        }
        double left = total;
        chances.replaceAll((intent, chance) -> chance / left);
        for (int i = 0; i < odds.length; i++) {
            chances.merge(taught.get(i).name(), odds[i] / total, Double::sum);
        }
        return chances;
    }

    private double logOdds(Taught intent, Message message, List<Token> tokens, double elsewhere) {
        double resembles =
                intent.weights().isEmpty() ? NEVER : likelihood.logOdds(intent.evidence(message)) - elsewhere;
        return tokens.stream().anyMatch(intent::names) ? Math.max(resembles, 0) + NAMED_WORD : resembles;
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
