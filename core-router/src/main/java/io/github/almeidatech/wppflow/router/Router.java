package io.github.almeidatech.wppflow.router;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Language;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a customer wants and who deals with it, for one tenant. Immutable and thread-safe. Without an
 * {@link IntentModel} nothing blocks, and the same message always gets the same answer.
 */
public final class Router {

    private static final Map<String, String> STANDARD_BOTS =
            Map.of("sales", "vendas", "support", "suporte", "appointment", "agenda", "general", "recepcao");
    /** With these the bot acts alike whatever the intent: no money is spent on finding it out. */
    private static final Set<Signal> DECISIVE =
            Set.of(Signal.OPT_OUT, Signal.WANTS_PERSON, Signal.URGENT, Signal.GREETING_ONLY, Signal.THANKS_ONLY);

    private final Classifier classifier;
    private final List<Intent> intents;
    private final Map<String, RouteSettings> routes;
    private final String defaultIntent;
    private final double minConfidence;
    private final boolean autoAssign;
    private final @Nullable IntentModel model;
    private final double askModelBelow;

    private Router(Builder builder) {
        this.intents = List.copyOf(builder.intents.values());
        this.classifier = Classifier.of(intents, builder.language);
        this.routes = Map.copyOf(builder.routes);
        this.defaultIntent = builder.defaultIntent;
        this.minConfidence = builder.minConfidence;
        this.autoAssign = builder.autoAssign;
        this.model = builder.model;
        this.askModelBelow = builder.askModelBelow;
    }

    /** A router of the four standard intents, unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Understands a message. Blocks only while an {@link IntentModel} is asked: when the offline result is not sure enough,
     * and the intent matters. When the model fails, or names another intent and is less sure of it than the offline result
     * was of its own, the offline result stands, and the evidence says so.
     */
    public Classification classify(Utterance utterance) {
        Classification offline = classifier.classify(utterance);
        if (model != null
                && offline.confidence() < askModelBelow
                && offline.signals().stream().noneMatch(DECISIVE::contains)) {
            return asked(model, utterance, offline);
        }
        return orDefault(offline);
    }

    /** The same without asking a model: some microseconds, never blocks. */
    public Classification classifyOffline(Utterance utterance) {
        return orDefault(classifier.classify(utterance));
    }

    private Classification asked(IntentModel asked, Utterance utterance, Classification offline) {
        Optional<Classification> answer;
        String failure = "model: no valid answer";
        try {
            answer = asked.classify(utterance, offline, intents).filter(each -> knows(each.intent()));
        } catch (FlowException e) {
            answer = Optional.empty();
            failure = "model: " + e.code().word();
        }
        if (answer.isPresent()) {
            Classification heard = answer.get();
            boolean agrees = heard.intent().equals(offline.intent());
            if (heard.confidence() >= minConfidence && (agrees || heard.confidence() > offline.confidence())) {
                return heard;
            }
            failure = "model: " + heard.intent() + ", not sure enough";
        }
        return orDefault(offline.as(offline.intent(), offline.confidence(), with(offline.evidence(), failure)));
    }

    private Classification orDefault(Classification heard) {
        if (heard.confidence() >= minConfidence || heard.intent().equals(defaultIntent)) {
            return heard;
        }
        String why = "less sure of " + heard.intent() + " than " + minConfidence;
        return heard.as(defaultIntent, heard.confidence(), with(heard.evidence(), why));
    }

    private static List<String> with(List<String> evidence, String more) {
        var all = new ArrayList<>(evidence);
        all.add(more);
        return all;
    }

    private boolean knows(String intent) {
        return intents.stream().anyMatch(each -> each.name().equals(intent));
    }

    /** Who deals with it. */
    public Route route(Classification classification) {
        return route(classification.intent());
    }

    /** Who deals with an intent; for one without settings, the general rule. */
    public Route route(String intent) {
        RouteSettings settings = routes.getOrDefault(intent, RouteSettings.NONE);
        String bot = settings.bot() == null ? STANDARD_BOTS.getOrDefault(intent, intent) : settings.bot();
        var labels = new LinkedHashSet<String>();
        labels.add("intencao_" + intent);
        labels.add("agent_" + bot);
        labels.addAll(settings.labels());
        return new Route(
                intent,
                bot,
                autoAssign ? settings.teamId() : null,
                autoAssign ? settings.agentIds() : List.of(),
                List.copyOf(labels),
                settings.mode());
    }

    /** How much the bot does by itself for an intent; {@link Mode#AUTO} unless set. */
    public Mode modeOf(String intent) {
        return routes.getOrDefault(intent, RouteSettings.NONE).mode();
    }

    /** Whether a message ends the quiet time at once: it wants a person, or cannot wait. Takes microseconds. */
    public boolean flushesAtOnce(String text) {
        return classifier.flushesAtOnce(text);
    }

    /** The intents this router tells apart. */
    public List<Intent> intents() {
        return intents;
    }

    /**
     * What an intent leads to.
     *
     * @param mode how much the bot does by itself
     * @param bot the persona; null for the standard one: {@code vendas}, {@code suporte}, {@code agenda}, {@code recepcao},
     *     or the intent's own name
     * @param teamId Chatwoot's team; null for none
     * @param agentIds Chatwoot's people, who are called one after the other; empty for none
     * @param labels the tenant's own, beside {@code intencao_<intent>} and {@code agent_<bot>}
     */
    public record RouteSettings(
            Mode mode, @Nullable String bot, @Nullable Long teamId, List<Long> agentIds, List<String> labels) {

        static final RouteSettings NONE = new RouteSettings(Mode.AUTO, null, null, List.of(), List.of());

        public RouteSettings {
            agentIds = List.copyOf(agentIds);
            labels = List.copyOf(labels);
        }
    }

    /** Collects the settings. */
    public static final class Builder {

        private final Map<String, Intent> intents = new LinkedHashMap<>();
        private final Map<String, RouteSettings> routes = new HashMap<>();
        private String defaultIntent = "general";
        private Language language = Language.PT_BR;
        private double minConfidence;
        private boolean autoAssign;
        private @Nullable IntentModel model;
        private double askModelBelow = 0.9;

        private Builder() {
            Intent.STANDARD.forEach(this::intent);
        }

        /**
         * Adds an intent of the tenant's own, or more words and examples to a standard one. Five to twenty example
         * messages are enough.
         */
        public Builder intent(Intent intent) {
            intents.put(intent.name(), intent);
            return this;
        }

        /** The same, described by its name only. */
        public Builder intent(String name, List<String> words, List<String> examples) {
            return intent(new Intent(name, name.replace('_', ' '), words, examples));
        }

        /** What an intent leads to; the general rule unless given. */
        public Builder route(String intent, RouteSettings settings) {
            routes.put(intent, settings);
            return this;
        }

        /** The intent of messages the classifier is not sure of; {@code general} by default. */
        public Builder defaultIntent(String intent) {
            this.defaultIntent = intent;
            return this;
        }

        /** The language of messages whose own cannot be told, such as "ok"; Portuguese by default. */
        public Builder language(Language usual) {
            this.language = usual;
            return this;
        }

        /** Below this confidence the default intent is taken; 0 by default: never. */
        public Builder minConfidence(double confidence) {
            this.minConfidence = confidence;
            return this;
        }

        /** Whether the intent's team and agent are assigned at a handoff; false by default: Chatwoot decides. */
        public Builder autoAssign(boolean assign) {
            this.autoAssign = assign;
            return this;
        }

        /** Asked when the offline result is less sure than {@link #askModelBelow}; none by default. */
        public Builder model(IntentModel intentModel) {
            this.model = intentModel;
            return this;
        }

        /** Up to which confidence the model is asked; 0.9 by default, above 1 for always. */
        public Builder askModelBelow(double confidence) {
            this.askModelBelow = confidence;
            return this;
        }

        /**
         * The router. Takes part of a second when the tenant has intents of its own: they are learnt here.
         *
         * @throws IllegalArgumentException for a default intent or a route of an intent that does not exist, or a
         *     confidence outside 0 to 1
         */
        public Router build() {
            if (!intents.containsKey(defaultIntent)) {
                throw new IllegalArgumentException("default intent " + defaultIntent + ": no such intent");
            }
            routes.keySet().forEach(intent -> {
                if (!intents.containsKey(intent)) {
                    throw new IllegalArgumentException("route of " + intent + ": no such intent");
                }
            });
            if (!(minConfidence >= 0 && minConfidence <= 1)) {
                throw new IllegalArgumentException("a minimum confidence within 0 to 1 wanted, not " + minConfidence);
            }
            return new Router(this);
        }
    }
}
