package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Understands messages offline: a linear model for the intent, phrases for the signals. Immutable and thread-safe.
 */
final class Classifier {

    /** Sharpens the model's scores into probabilities; measured on lines of the corpus it had not learnt from. */
    static final double TEMPERATURE = 0.55;

    private static final double COMPLAINT_SURE = 0.45;
    /** What a harsh word adds to the score of a complaint. */
    private static final double HARSH_WORD = 1;
    /** Below this probability of the intent nothing is a complaint. */
    private static final double SUPPORT_LIKELY = 0.3;

    private static final int SUPPORT = 1;
    private static final double THANKS_SURE = 0.6;
    private static final int MAX_EVIDENCE = 4;
    private static final int MAX_KEYWORDS = 8;

    private final Knowledge knowledge;
    private final OwnIntents own;

    private Classifier(Knowledge knowledge, OwnIntents own) {
        this.knowledge = knowledge;
        this.own = own;
    }

    /** What all tenants share; read once, when first needed. */
    private record Knowledge(
            Tokenizer tokenizer, LinearModel intents, LanguageGuess language, SignalRules rules, SmallTalk smallTalk) {

        static final Knowledge SHARED = load();

        private static Knowledge load() {
            return new Knowledge(
                    new Tokenizer(Lexicon.load()),
                    LinearModel.load("intents.model"),
                    new LanguageGuess(LinearModel.load("languages.model")),
                    SignalRules.load(),
                    SmallTalk.load());
        }
    }

    /** The model the shipped one is made by. */
    static LinearModel train(List<Trainer.Example> examples) {
        return Trainer.train(examples, Intent.STANDARD.size(), Curriculum.FLAGS, Features.SPACE);
    }

    /** @param intents the standard ones, with what a tenant adds */
    static Classifier of(List<Intent> intents) {
        return new Classifier(Knowledge.SHARED, OwnIntents.learn(intents, Knowledge.SHARED.tokenizer()));
    }

    Classification classify(Utterance utterance) {
        List<Token> tokens = knowledge.tokenizer().tokens(utterance.text());
        Features features = Features.of(tokens);
        double[] scores = knowledge.intents().scores(features);
        Map<Signal, String> told = knowledge.rules().find(tokens);
        var evidence = new ArrayList<String>();
        told.forEach((signal, words) -> evidence.add(signal.name().toLowerCase(Locale.ROOT) + ": \"" + words + "\""));
        double[] standard = probabilities(addHistory(scores, tokens, utterance, evidence));
        Map<String, Double> chances = own.share(standard, features, tokens);
        String intent = chances.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        evidence.addAll(reasons(intent, features, tokens));
        Set<Signal> signals = signals(told, scores, standard[SUPPORT], tokens);
        return new Classification(
                intent,
                chances.getOrDefault(intent, 0.0),
                evidence,
                knowledge.language().of(utterance.text()),
                signals,
                sentiment(signals, tokens),
                keywords(tokens));
    }

    /** Whether a message wants a person or cannot wait. */
    boolean flushesAtOnce(String text) {
        Map<Signal, String> told = knowledge.rules().find(knowledge.tokenizer().tokens(text));
        return told.containsKey(Signal.WANTS_PERSON) || told.containsKey(Signal.URGENT);
    }

    /** A short message that leans on the one before is understood with it. */
    private double[] addHistory(double[] scores, List<Token> tokens, Utterance utterance, List<String> evidence) {
        double lean = knowledge.smallTalk().leansBack(tokens);
        List<String> history = utterance.history();
        if (lean == 0 || history.isEmpty()) {
            return scores;
        }
        String before = history.get(history.size() - 1);
        double[] earlier =
                knowledge.intents().scores(Features.of(knowledge.tokenizer().tokens(before)));
        var sum = scores.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += lean * earlier[i];
        }
        evidence.add("with the message before");
        return sum;
    }

    static double[] probabilities(double[] scores) {
        int n = Intent.STANDARD.size();
        var result = new double[n];
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            highest = Math.max(highest, scores[i]);
        }
        double total = 0;
        for (int i = 0; i < n; i++) {
            result[i] = Math.exp((scores[i] - highest) / TEMPERATURE);
            total += result[i];
        }
        for (int i = 0; i < n; i++) {
            result[i] /= total;
        }
        return result;
    }

    private Set<Signal> signals(Map<Signal, String> told, double[] scores, double support, List<Token> tokens) {
        var signals = EnumSet.noneOf(Signal.class);
        signals.addAll(told.keySet());
        if (signals.contains(Signal.WANTS_PERSON)) {
            signals.remove(Signal.OPT_OUT);
        }
        SmallTalk smallTalk = knowledge.smallTalk();
        if (signals.isEmpty() && smallTalk.greetingOnly(tokens)) {
            return Set.of(Signal.GREETING_ONLY);
        }
        if (signals.isEmpty() && smallTalk.thanksOnly(tokens)) {
            return Set.of(Signal.THANKS_ONLY);
        }
        int flags = Intent.STANDARD.size();
        double harsh = harsh(tokens) ? HARSH_WORD : 0;
        double complaint = sure(scores[flags + Curriculum.COMPLAINT] + harsh);
        if (complaint > COMPLAINT_SURE && support > SUPPORT_LIKELY && !signals.contains(Signal.OPT_OUT)) {
            signals.add(Signal.COMPLAINT);
        }
        double thanks = sure(scores[flags + Curriculum.THANKS]);
        if (signals.isEmpty() && thanks > THANKS_SURE && !smallTalk.wantsSomething(tokens)) {
            signals.add(Signal.THANKS_ONLY);
        }
        return signals;
    }

    /** Whether a harsh word is said, and not denied. */
    private static boolean harsh(List<Token> tokens) {
        int denied = 0;
        for (Token token : tokens) {
            denied = token.afterBreak() ? 0 : denied - 1;
            if (denied <= 0 && token.is("badqual") || token.is("emoji_bad")) {
                return true;
            }
            if (token.is("neg")) {
                denied = 4;
            }
        }
        return false;
    }

    private static double sure(double score) {
        return 1 / (1 + Math.exp(-score));
    }

    private static Sentiment sentiment(Set<Signal> signals, List<Token> tokens) {
        if (signals.contains(Signal.COMPLAINT) || harsh(tokens)) {
            return Sentiment.NEGATIVE;
        }
        boolean good =
                tokens.stream().anyMatch(token -> token.is("thanks") || token.is("praise") || token.is("emoji_good"));
        return good ? Sentiment.POSITIVE : Sentiment.NEUTRAL;
    }

    /** The words that spoke most for the intent. */
    private List<String> reasons(String intent, Features features, List<Token> tokens) {
        int output = -1;
        for (int i = 0; i < Intent.STANDARD.size(); i++) {
            if (Intent.STANDARD.get(i).name().equals(intent)) {
                output = i;
            }
        }
        if (output < 0) {
            return own.reasons(intent, tokens);
        }
        var weights = new HashMap<Long, Double>();
        for (int i = 0; i < features.size(); i++) {
            int from = Math.max(0, features.from(i));
            int to = Math.min(tokens.size() - 1, features.to(i));
            if (features.from(i) == features.to(i) && from <= to && features.to(i) >= 0 || to > from) {
                double share = 0;
                for (int k = 0; k < Intent.STANDARD.size(); k++) {
                    double part = knowledge.intents().share(features, i, k);
                    share += k == output ? part : -part / (Intent.STANDARD.size() - 1);
                }
                weights.merge(((long) from << 32) | to, share, Double::sum);
            }
        }
        return weights.entrySet().stream()
                .filter(entry -> entry.getValue() > 0.05)
                .sorted(Map.Entry.<Long, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_EVIDENCE)
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%s: \"%s\" +%.2f",
                        intent,
                        words(
                                tokens,
                                (int) (entry.getKey() >> 32),
                                entry.getKey().intValue()),
                        entry.getValue()))
                .toList();
    }

    private static String words(List<Token> tokens, int from, int to) {
        var words = new StringBuilder();
        for (int i = from; i <= to; i++) {
            words.append(i == from ? "" : " ").append(tokens.get(i).written());
        }
        return words.toString();
    }

    private List<String> keywords(List<Token> tokens) {
        return tokens.stream()
                .filter(token -> knowledge.smallTalk().carriesTopic(token))
                .map(Token::word)
                .distinct()
                .limit(MAX_KEYWORDS)
                .toList();
    }
}
