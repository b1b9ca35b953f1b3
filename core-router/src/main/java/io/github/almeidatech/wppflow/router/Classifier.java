package io.github.almeidatech.wppflow.router;

import io.github.almeidatech.wppflow.model.Language;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Understands messages offline: a linear model for the intent and the signals, and phrases that speak for signals.
 * Immutable and thread-safe.
 */
final class Classifier {

    /** Sharpens the model's scores into probabilities; measured on lines of the corpus it had not learnt from. */
    static final double TEMPERATURE = 0.55;

    /** How much the first of several questions adds to the score of the whole message. */
    private static final double FIRST_QUESTION = 0.5;

    /** The signals that phrases tell, too. Who asks for something of their own loses little when a person answers. */
    private static final List<Told> TOLD = List.of(
            new Told(Signal.WANTS_PERSON, 3, 0.54),
            new Told(Signal.OPT_OUT, 3, 0.62),
            new Told(Signal.URGENT, 2, 0.5),
            new Told(Signal.OWN_CASE, 3, 0.35),
            new Told(Signal.WANTS_ACTION, 3, 0.7));

    private static final double COMPLAINT_SURE = 0.48;
    /** What a harsh word adds to the score of a complaint. */
    private static final double HARSH_WORD = 1;
    /** Below this probability of the intent nothing is a complaint. */
    private static final double SUPPORT_LIKELY = 0.3;

    /** A wish for a person that names none, only what is not wanted. */
    private static final Pattern AGAINST_ROBOTS =
            Pattern.compile("\\b(?:autom[aá]tic\\w*|rob[oôó]s?|robots?|bots?|chatbots?|m[aá]quinas?|machines?)$");

    /** "Chegou tudo certo, obrigada" speaks of a case, too. */
    private static final Set<Signal> SMALL_TALK_BEATS = Set.of(Signal.OWN_CASE);

    private static final double THANKS_SURE = 0.5;
    private static final int MAX_KEYWORDS = 8;

    private final Knowledge knowledge;
    private final OwnIntents own;
    private final Language usual;

    private Classifier(Knowledge knowledge, OwnIntents own, Language usual) {
        this.knowledge = knowledge;
        this.own = own;
        this.usual = usual;
    }

    /**
     * A signal of the model and of phrases.
     *
     * @param phrase what a phrase adds to the model's score
     * @param sure above this probability it is told
     */
    private record Told(Signal signal, double phrase, double sure) {}

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
        return Trainer.train(examples, Intent.STANDARD.size(), Curriculum.FLAGS.size(), Features.SPACE);
    }

    /**
     * @param intents the standard ones, with what a tenant adds
     * @param usual the language of messages whose own cannot be told
     */
    static Classifier of(List<Intent> intents, Language usual) {
        return new Classifier(Knowledge.SHARED, OwnIntents.learn(intents, Knowledge.SHARED.tokenizer()), usual);
    }

    Classification classify(Utterance utterance) {
        List<Token> tokens = knowledge.tokenizer().tokens(utterance.text());
        Features features = Features.of(tokens);
        double[] scores = scores(knowledge.intents(), knowledge.smallTalk(), tokens, features);
        var evidence = new ArrayList<String>();
        Set<Signal> told = told(scores, features, tokens, evidence);
        double[] standard = probabilities(addHistory(scores, tokens, utterance, evidence));
        Map<String, Double> chances = own.share(standard, features, tokens);
        String intent = likeliest(chances);
        evidence.addAll(reasons(intent, features, tokens));
        Set<Signal> signals = signals(told, scores, chances, tokens);
        if (signals.contains(Signal.COMPLAINT)) {
            addReason(Signal.COMPLAINT, features, tokens, evidence);
        }
        return new Classification(
                intent,
                chances.getOrDefault(intent, 0.0),
                evidence,
                knowledge.language().of(tokens, usual),
                signals,
                sentiment(signals, tokens),
                keywords(tokens));
    }

    /** What the model says of a message: of several questions the first one counts most. */
    static double[] scores(LinearModel model, SmallTalk smallTalk, List<Token> tokens, Features features) {
        double[] scores = model.scores(features);
        List<Token> first = smallTalk.firstQuestion(tokens);
        if (!first.isEmpty()) {
            double[] ofFirst = model.scores(Features.of(first));
            for (int i = 0; i < Intent.STANDARD.size(); i++) {
                scores[i] += FIRST_QUESTION * ofFirst[i];
            }
        }
        return scores;
    }

    /** A short message that leans on the one before is understood with it. */
    private double[] addHistory(double[] scores, List<Token> tokens, Utterance utterance, List<String> evidence) {
        double lean = knowledge.smallTalk().leansBack(tokens);
        List<String> history = utterance.history();
        if (lean == 0 || history.isEmpty()) {
            return scores;
        }
        List<Token> before = knowledge.tokenizer().tokens(history.get(history.size() - 1));
        double[] earlier = knowledge.intents().scores(Features.of(before));
        var sum = scores.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += lean * earlier[i];
        }
        evidence.add("with the message before");
        return sum;
    }

    static double[] probabilities(double[] scores) {
        var result = new double[Intent.STANDARD.size()];
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < result.length; i++) {
            highest = Math.max(highest, scores[i]);
        }
        double total = 0;
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.exp((scores[i] - highest) / TEMPERATURE);
            total += result[i];
        }
        for (int i = 0; i < result.length; i++) {
            result[i] /= total;
        }
        return result;
    }

    private static String likeliest(Map<String, Double> chances) {
        return chances.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private List<String> reasons(String intent, Features features, List<Token> tokens) {
        for (int i = 0; i < Intent.STANDARD.size(); i++) {
            if (Intent.STANDARD.get(i).name().equals(intent)) {
                return Evidence.of(intent, i, knowledge.intents(), features, tokens);
            }
        }
        return own.reasons(intent, tokens);
    }

    /** Whether a message wants a person or cannot wait. */
    boolean flushesAtOnce(String text) {
        List<Token> tokens = knowledge.tokenizer().tokens(text);
        Features features = Features.of(tokens);
        Set<Signal> told = told(knowledge.intents().scores(features), features, tokens, new ArrayList<>());
        return told.contains(Signal.WANTS_PERSON) || told.contains(Signal.URGENT);
    }

    /** The signals that phrases and the model tell together, each with its reason. */
    private Set<Signal> told(double[] scores, Features features, List<Token> tokens, List<String> evidence) {
        var told = EnumSet.noneOf(Signal.class);
        Map<Signal, String> phrases = knowledge.rules().find(tokens);
        if (isOnlyTiredOfMessages(phrases)) {
            phrases.remove(Signal.WANTS_PERSON);
        }
        for (Told each : TOLD) {
            Signal signal = each.signal();
            String words = phrases.get(signal);
            if (sure(scores[output(signal)] + (words == null ? 0 : each.phrase())) > each.sure()) {
                told.add(signal);
                if (words != null) {
                    evidence.add(signal.name().toLowerCase(Locale.ROOT) + ": \"" + words + "\"");
                } else {
                    addReason(signal, features, tokens, evidence);
                }
            }
        }
        if (told.contains(Signal.OPT_OUT)) {
            told.remove(Signal.WANTS_ACTION);
        }
        String asksIfBot = phrases.get(Signal.ASKS_IF_BOT);
        if (asksIfBot != null && !told.contains(Signal.URGENT) && !told.contains(Signal.OPT_OUT)) {
            told.remove(Signal.WANTS_PERSON);
            told.add(Signal.ASKS_IF_BOT);
            evidence.add("asks_if_bot: \"" + asksIfBot + "\"");
        }
        return told;
    }

    /** The words that told it most. */
    private void addReason(Signal signal, Features features, List<Token> tokens, List<String> evidence) {
        String name = signal.name().toLowerCase(Locale.ROOT);
        Evidence.of(name, output(signal), knowledge.intents(), features, tokens).stream()
                .limit(1)
                .forEach(evidence::add);
    }

    /** Who is tired of robots and of messages wants no more of them, but asks for nobody. */
    private static boolean isOnlyTiredOfMessages(Map<Signal, String> phrases) {
        String person = phrases.get(Signal.WANTS_PERSON);
        String optOut = phrases.get(Signal.OPT_OUT);
        return person != null
                && optOut != null
                && (person.startsWith(optOut) || AGAINST_ROBOTS.matcher(person).find());
    }

    private static int output(Signal signal) {
        return Intent.STANDARD.size() + Curriculum.FLAGS.indexOf(signal);
    }

    private Set<Signal> signals(Set<Signal> told, double[] scores, Map<String, Double> chances, List<Token> tokens) {
        var signals = EnumSet.noneOf(Signal.class);
        signals.addAll(told);
        if (signals.contains(Signal.WANTS_PERSON)) {
            signals.remove(Signal.OPT_OUT);
        }
        SmallTalk smallTalk = knowledge.smallTalk();
        if (SMALL_TALK_BEATS.containsAll(signals) && smallTalk.greetingOnly(tokens)) {
            return Set.of(Signal.GREETING_ONLY);
        }
        if (SMALL_TALK_BEATS.containsAll(signals) && smallTalk.thanksOnly(tokens)) {
            return Set.of(Signal.THANKS_ONLY);
        }
        double harsh = harsh(tokens) ? HARSH_WORD : 0;
        double complaint = sure(scores[output(Signal.COMPLAINT)] + harsh);
        boolean possible = chances.getOrDefault("support", 0.0) > SUPPORT_LIKELY;
        if (complaint > COMPLAINT_SURE && possible && !signals.contains(Signal.OPT_OUT)) {
            signals.add(Signal.COMPLAINT);
        }
        double thanks = sure(scores[output(Signal.THANKS_ONLY)]);
        boolean onlyThanks = thanks > THANKS_SURE && !smallTalk.wantsSomething(tokens);
        if (SMALL_TALK_BEATS.containsAll(signals) && onlyThanks) {
            return Set.of(Signal.THANKS_ONLY);
        }
        return signals;
    }

    private static double sure(double score) {
        return 1 / (1 + Math.exp(-score));
    }

    /** Whether a harsh word is said, and not denied. */
    private static boolean harsh(List<Token> tokens) {
        int denied = 0;
        for (Token token : tokens) {
            denied = token.afterBreak() ? 0 : denied - 1;
            if (denied <= 0 && token.is("harsh") || token.is("emoji_bad")) {
                return true;
            }
            if (token.is("neg")) {
                denied = 4;
            }
        }
        return false;
    }

    private static Sentiment sentiment(Set<Signal> signals, List<Token> tokens) {
        if (signals.contains(Signal.COMPLAINT) || harsh(tokens)) {
            return Sentiment.NEGATIVE;
        }
        boolean good =
                tokens.stream().anyMatch(token -> token.is("thanks") || token.is("praise") || token.is("emoji_good"));
        return good ? Sentiment.POSITIVE : Sentiment.NEUTRAL;
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
