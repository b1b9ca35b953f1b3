package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Clarity;
import io.github.almeidatech.wppflow.model.Language;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a question into a {@link QueryPlan}. Thread-safe. */
final class QuestionReader {

    private static final int MOST_CHARACTERS = 2_000;
    private static final int MOST_UNITS = 40;
    private static final int MOST_MEANT = 2;
    private static final int LEANS_BACK = 3;
    private static final int FEW_WORDS = 6;

    private static final double STEM = 0.72;
    private static final double STEM_OF_KNOWN = 0.5;
    private static final double WIDER = 0.45;
    private static final double WIDEST = 0.27;
    private static final double KIND = 0.55;
    private static final double SIBLING = 0.15;
    private static final double RELATED = 0.438;
    private static final double FACT = 0.375;
    private static final double FACT_OF_KIND = 0.6;
    private static final double INSIDE_PHRASE = 0.4;
    private static final double SENSE_INSIDE_PHRASE = 0.6;
    private static final double CORRECTED = 0.935;
    private static final double IMPLIED = 0.8;

    private static final double PHRASE_IMPORTANCE = 1.1;
    private static final double UNKNOWN_IMPORTANCE = 0.8;
    private static final double LIGHT_IMPORTANCE = 0.5;
    private static final double LIGHT_UNKNOWN_IMPORTANCE = 0.375;
    /** "Onde fica a oficina?" asks a workshop where it is, not about anything that mentions the workshop. */
    private static final double BUSINESS_IMPORTANCE = 0.25;

    private static final double BACKGROUND = 0.5;
    private static final double TOPIC_BEFORE = 1.2;
    private static final double BESIDE_THE_QUESTION = 0.85;

    /** Concepts that questions ask about something else: how much does it cost, until when. */
    private static final Set<String> ASKED_OF_SOMETHING = Set.of(
            "preco",
            "duracao",
            "frequencia",
            "quantidade",
            "horario",
            "prazo",
            "incluido",
            "pronto",
            "gratis",
            "adicional");

    /** How old, heavy or large somebody or something is tells of it, and names no topic. */
    private static final Pattern MEASURED = Pattern.compile(
            "(?iU)\\b\\d+(?:[.,]\\d+)?\\s?(?:anos?|aninhos?|m[eê]s|meses|years?|months?|años?|kg|kilos?|quilos?|cm|metros?|m2|m²)(?!\\w)");

    private static final List<Language> FOREIGN = List.of(Language.ES, Language.EN);
    private static final String HOURS = "horario";
    private static final String PAYMENT = "pagamento";
    private static final Set<String> YOU = Set.of("voce", "you", "ustedes");

    private final Words words;
    private final Lexicon lexicon;
    private final Spelling spelling;
    private final Asking asking = new Asking();
    private final QuestionSplitter splitter = new QuestionSplitter(asking);

    QuestionReader(Words words, Lexicon lexicon) {
        this.words = words;
        this.lexicon = lexicon;
        Set<String> known = new HashSet<>(lexicon.words(Language.PT_BR));
        known.addAll(words.common(Language.PT_BR));
        this.spelling = new Spelling(Vocabulary.of(known));
    }

    /**
     * What the question asks for.
     *
     * @param context what the customer wrote before, one message a line
     * @param stated whether some document has a feature
     */
    QueryPlan read(String text, String context, Predicate<String> stated, Vocabulary own) {
        return read(text, context, LEANS_BACK, stated, own);
    }

    /**
     * What a question of few words asks for when it goes on with what was said just before: "é aquecida?" after "tem
     * piscina?". The units of the question come first.
     *
     * @param plan the question as {@link #read} has it
     * @return empty when nothing was said before, or the question says enough or leans on it anyway
     */
    Optional<QueryPlan> goingOn(String text, String context, QueryPlan plan, Predicate<String> stated, Vocabulary own) {
        return goingOn(text, context, LEANS_BACK, plan, stated, own);
    }

    private Optional<QueryPlan> goingOn(
            String text, String context, int back, QueryPlan plan, Predicate<String> stated, Vocabulary own) {
        if (context.isBlank() || saysNothing(text, plan)) {
            return Optional.empty();
        }
        boolean tellsFirst = tellsFirst(text, stated, own);
        if (plan.length() > FEW_WORDS && !tellsFirst
                || leansOnContext(text, plan)
                || isAskedOfTheBusiness(text, plan)
                || asking.asksForPlace(text)) {
            return Optional.empty();
        }
        return before(context, back, stated, own)
                .map(earlier -> {
                    if (asking.beginsAsFollowUp(text)) {
                        return after(earlier, plan);
                    }
                    QueryPlan topic = earlier.without(QuestionReader::isAskedOfSomething);
                    return tellsFirst && MEASURED.matcher(text).find()
                            ? plan.asBackground(unit -> !isAskedOfSomething(unit), BACKGROUND)
                                    .after(topic, TOPIC_BEFORE)
                            : plan.after(topic, BACKGROUND);
                })
                .filter(both -> both.units().size() > plan.units().size());
    }

    /** Whether it tells something, and asks only how much or until when of it: "minha filha tem 8 anos / quanto fica". */
    private boolean tellsFirst(String text, Predicate<String> stated, Vocabulary own) {
        int last = text.strip().lastIndexOf('\n') + 1;
        return last > 0 && asksNothingElse(read(text.strip().substring(last), stated, own));
    }

    /** @param back how many messages before may be leant on: "e dois?" on "e pra gato?", and that on "quanto é a diária?" */
    private QueryPlan read(String text, String context, int back, Predicate<String> stated, Vocabulary own) {
        QueryPlan plan = read(text, stated, own);
        return back > 0 && plan.length() > 0 && leansOnContext(text, plan)
                ? before(context, back, stated, own)
                        .map(earlier -> after(earlier, plan))
                        .orElse(plan)
                : plan;
    }

    /** What was spoken of last: few words still speak of what stood before them. */
    private Optional<QueryPlan> before(String context, int back, Predicate<String> stated, Vocabulary own) {
        String said = context.strip();
        if (said.isEmpty()) {
            return Optional.empty();
        }
        int last = said.lastIndexOf('\n') + 1;
        String text = said.substring(last);
        String rest = said.substring(0, last);
        QueryPlan plan = read(text, rest, back - 1, stated, own);
        return Optional.of(
                back > 1 ? goingOn(text, rest, back - 1, plan, stated, own).orElse(plan) : plan);
    }

    /** Who asks how much or until when of it no longer asks what was asked then. */
    private static QueryPlan after(QueryPlan earlier, QueryPlan plan) {
        QueryPlan topic = earlier.without(QuestionReader::isAskedOfSomething);
        if (asksWhetherPaid(plan)) {
            return plan.after(topic, TOPIC_BEFORE);
        }
        return plan.units().stream().noneMatch(QuestionReader::isAskedOfSomething)
                ? plan.after(earlier, BACKGROUND)
                : plan.after(topic, namesATopic(plan) ? BACKGROUND : TOPIC_BEFORE);
    }

    /** The questions of a text, each in its own words; see {@link QuestionSplitter}. */
    List<String> split(String text, Predicate<String> stated, Vocabulary own) {
        String bounded = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
        List<String> parts = splitter.split(bounded, piece -> read(piece, stated, own), this::isAskedOfTheBusiness);
        if (parts.size() < 2) {
            return List.of(text);
        }
        List<String> all = new ArrayList<>(parts);
        if (bounded.length() < text.length()) { // not read, and so one more that has no answer
            all.add(text.substring(bounded.length()).strip());
            all.removeIf(String::isEmpty);
        }
        return all;
    }

    /** Also beside the question itself: "e o banho, quanto fica?". */
    private static boolean namesATopic(QueryPlan plan) {
        return plan.units().stream()
                .anyMatch(unit ->
                        !isAskedOfSomething(unit) && !unit.concepts().isEmpty() && unit.importance() >= BACKGROUND);
    }

    /** Who asks "until when?" after "how much?" no longer asks how much, but still of the same thing. */
    static boolean isAskedOfSomething(QueryPlan.Unit unit) {
        return unit.concepts().stream().anyMatch(ASKED_OF_SOMETHING::contains);
    }

    /** "é pago?", "paga?": not how one pays. */
    private static boolean asksWhetherPaid(QueryPlan plan) {
        return plan.length() <= 2
                && plan.units().stream().allMatch(unit -> unit.concepts().contains(PAYMENT));
    }

    /** Neither asks nor names anything, nor begins like what goes on: "hmm entendi". */
    private boolean saysNothing(String text, QueryPlan plan) {
        return plan.clarity() == Clarity.NOTHING && !asking.beginsAsFollowUp(text) && !asking.pointsBack(text);
    }

    private boolean leansOnContext(String text, QueryPlan plan) {
        if (saysNothing(text, plan)) {
            return false;
        }
        return asksWhetherPaid(plan) || asksNothingElse(plan)
                ? !isAskedOfTheBusiness(text, plan) && !asking.asksForPlace(text)
                : plan.units().size() <= 3
                        && (asking.pointsBack(text)
                                || asking.beginsAsFollowUp(text)
                                        && plan.units().stream().noneMatch(QuestionReader::isAskedOfSomething));
    }

    /** Its own hours: "o horário de atendimento?", "que horas vocês fecham?", but not "o horário?". */
    private boolean isAskedOfTheBusiness(String text, QueryPlan plan) {
        List<Token> tokens = words.read(text, words.languageOf(text));
        boolean hours = plan.units().stream()
                .filter(QueryPlan.Unit::content)
                .allMatch(unit -> unit.concepts().contains(HOURS));
        return hours
                && (tokens.stream()
                                        .filter(token -> token.weight() == Token.Weight.CONTENT)
                                        .count()
                                > 1
                        || tokens.stream().anyMatch(token -> YOU.contains(token.word())));
    }

    /** Only how much, until when and the like: of something that was said before, or of the business itself. */
    private static boolean asksNothingElse(QueryPlan plan) {
        return plan.units().stream().filter(QueryPlan.Unit::content).allMatch(QuestionReader::isAskedOfSomething);
    }

    /** Whether the base tells of it, or of what it is a kind of: of dogs where a breed is asked for. */
    private boolean isToldOf(String concept, Predicate<String> stated) {
        return stated.test(Feature.concept(concept))
                || lexicon.wider(concept).stream().map(Feature::concept).anyMatch(stated);
    }

    private QueryPlan read(String text, Predicate<String> stated, Vocabulary own) {
        String bounded = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
        Language language = words.languageOf(bounded);
        Clauses clauses = Clauses.of(bounded);
        List<Token> tokens = new ArrayList<>(words.read(clauses.before(), language));
        int coreFrom = tokens.size();
        tokens.addAll(words.read(clauses.core(), language));
        int coreTo = tokens.size();
        tokens.addAll(words.read(clauses.after(), language));
        List<List<Token>> meant = corrected(tokens, language, stated, own);
        List<Token> likely = meant.stream().map(each -> each.get(0)).toList();
        List<QueryPlan.Unit> units = new ArrayList<>();
        List<Integer> at = new ArrayList<>();
        var taken = new boolean[tokens.size()];
        for (Lexicon.Phrase phrase : lexicon.phrases(likely, language)) {
            boolean says = phrase.senses().stream()
                    .map(Lexicon.Sense::concept)
                    .anyMatch(concept -> lexicon.isElsewhere(concept) || isToldOf(concept, stated));
            if (says && units.size() < MOST_UNITS) {
                phrase.positions().forEach(position -> taken[position] = true);
                units.add(unit(phrase, likely, language, stated));
                at.add(phrase.positions().get(phrase.positions().size() - 1));
            }
        }
        for (int i = 0; i < tokens.size() && units.size() < MOST_UNITS; i++) {
            if (!taken[i] && !likely.get(i).isFiller()) {
                boolean isCorrected = !likely.get(i).equals(tokens.get(i));
                units.add(unit(meant.get(i), language, isCorrected, stated));
                at.add(i);
            }
        }
        for (Implied implied : Implied.in(Words.fold(clauses.core()))) {
            if (units.stream().noneMatch(unit -> unit.concepts().contains(implied.concept()))) {
                units.add(implied(implied, stated));
                at.add(coreFrom);
            }
        }
        Clarity clarity = clarity(bounded, units);
        if (IntStream.range(0, units.size()).anyMatch(i -> isTopic(units.get(i), at.get(i), coreFrom, coreTo))) {
            for (int i = 0; i < units.size(); i++) {
                if (at.get(i) < coreFrom || at.get(i) >= coreTo) {
                    units.set(i, units.get(i).asBackground(BESIDE_THE_QUESTION));
                }
            }
        }
        return new QueryPlan(
                language,
                units,
                asking.asksForOffer(clauses.core()),
                asking.asksForIdentity(clauses.core()),
                asking.asksForDeed(clauses.core()),
                clarity,
                tokens.size(),
                cues(tokens, units));
    }

    private Clarity clarity(String text, List<QueryPlan.Unit> units) {
        boolean howMuch = units.stream().anyMatch(QuestionReader::isAskedOfSomething);
        boolean hours = units.stream().anyMatch(unit -> unit.concepts().contains(HOURS));
        if (units.stream().noneMatch(QuestionSplitter::names) && !hours && !asking.asksForPlace(text)) {
            return howMuch || asking.asks(text) ? Clarity.NO_TOPIC : told(units);
        }
        boolean asks =
                howMuch || asking.asks(text) || asking.beginsAsFollowUp(text) || QuestionSplitter.wantsToKnow(text);
        return asks ? Clarity.CLEAR : told(units);
    }

    /** Of what asks nothing. */
    private static Clarity told(List<QueryPlan.Unit> units) {
        boolean namesSomething = units.stream()
                .anyMatch(unit ->
                        unit.content() && (unit.known() || unit.stated()) || unit.stated() && unit.importance() > 1);
        return namesSomething ? Clarity.NO_QUESTION : Clarity.NOTHING;
    }

    private Set<String> cues(List<Token> tokens, List<QueryPlan.Unit> units) {
        Set<String> cues =
                tokens.stream().filter(asking::isManner).map(Token::word).collect(Collectors.toSet());
        if (!tokens.isEmpty()) {
            cues.add("^" + tokens.get(0).word());
        }
        if (tokens.size() > 1) {
            cues.add("^" + tokens.get(0).word() + "_" + tokens.get(1).word());
        }
        for (QueryPlan.Unit unit : units) {
            unit.concepts().stream().limit(MOST_MEANT).forEach(concept -> cues.add("=" + concept.replace(' ', '_')));
        }
        return cues;
    }

    /** Who names an hour or an age asks about hours or ages, without the word. */
    private QueryPlan.Unit implied(Implied implied, Predicate<String> stated) {
        var senses = List.of(new Lexicon.Sense(implied.concept(), IMPLIED));
        Map<String, Double> ways = new HashMap<>();
        addSenses(senses, 1, ways);
        return new QueryPlan.Unit(
                implied.importance(),
                ways,
                concepts(senses),
                kindsOf(senses),
                true,
                false,
                isStated(senses, stated),
                0);
    }

    private static boolean isTopic(QueryPlan.Unit unit, int at, int from, int to) {
        return at >= from && at < to && unit.content() && (unit.known() || unit.stated());
    }

    /** For each token what it may have been meant to be, the likeliest first; the token itself when it is known. */
    private List<List<Token>> corrected(
            List<Token> tokens, Language language, Predicate<String> stated, Vocabulary own) {
        Language written = language == Language.ES ? Language.ES : Language.PT_BR;
        List<List<Token>> meant = new ArrayList<>();
        for (Token token : tokens) {
            List<Token> found = new ArrayList<>();
            if (token.weight() == Token.Weight.CONTENT
                    && !stated.test(Feature.word(token))
                    && !stated.test(Feature.stem(token))
                    && !lexicon.knows(token.word())
                    && lexicon.sensesOf(token, language).isEmpty()) {
                for (String word : spelling.corrections(token.word(), own)) {
                    found.addAll(words.read(word, written));
                }
            }
            meant.add(found.isEmpty() ? List.of(token) : found);
        }
        return meant;
    }

    private QueryPlan.Unit unit(
            Lexicon.Phrase phrase, List<Token> tokens, Language language, Predicate<String> stated) {
        Map<String, Double> ways = new HashMap<>();
        addSenses(phrase.senses(), 1, ways);
        boolean content = false;
        for (int position : phrase.positions()) {
            Token token = tokens.get(position);
            boolean telling = token.weight() == Token.Weight.CONTENT;
            content |= telling;
            if (!token.isFiller()) {
                double inside = telling ? INSIDE_PHRASE : INSIDE_PHRASE / 2;
                raise(ways, Feature.word(token), inside);
                raise(ways, Feature.stem(token), STEM * inside);
            }
            if (telling) {
                addSenses(senses(token, language), SENSE_INSIDE_PHRASE, ways);
            }
        }
        return new QueryPlan.Unit(
                PHRASE_IMPORTANCE,
                ways,
                concepts(phrase.senses()),
                kindsOf(phrase.senses()),
                true,
                content,
                isStated(phrase.senses(), stated),
                elsewhere(phrase.senses()));
    }

    private QueryPlan.Unit unit(List<Token> meant, Language language, boolean corrected, Predicate<String> stated) {
        Map<String, Double> ways = new HashMap<>();
        List<Lexicon.Sense> all = new ArrayList<>();
        boolean isStated = false;
        double sure = corrected ? CORRECTED : 1;
        for (Token token : meant) {
            List<Lexicon.Sense> senses = senses(token, language);
            boolean known = lexicon.knows(token.word());
            raise(ways, Feature.word(token), sure);
            raise(ways, Feature.stem(token), (known ? STEM_OF_KNOWN : STEM) * sure);
            addSenses(senses, sure, ways);
            all.addAll(senses);
            isStated |= stated.test(Feature.word(token)) || !known && stated.test(Feature.stem(token));
        }
        boolean business = asking.isBusiness(meant.get(0).word()) && (isStated || isStated(all, stated));
        boolean content = meant.get(0).weight() == Token.Weight.CONTENT && !business;
        boolean known = !all.isEmpty();
        double importance = business
                ? BUSINESS_IMPORTANCE
                : content ? (known ? 1 : UNKNOWN_IMPORTANCE) : (known ? LIGHT_IMPORTANCE : LIGHT_UNKNOWN_IMPORTANCE);
        return new QueryPlan.Unit(
                importance,
                ways,
                concepts(all),
                kindsOf(all),
                known,
                content,
                isStated || isStated(all, stated),
                elsewhere(all));
    }

    private List<Lexicon.Sense> senses(Token token, Language language) {
        List<Lexicon.Sense> senses = lexicon.sensesOf(token, language);
        if (senses.isEmpty() && language != Language.PT_BR) {
            senses = lexicon.sensesOf(token, Language.PT_BR);
        }
        for (Language other : FOREIGN) { // few words hardly tell their language: "tarjeta?"
            if (senses.isEmpty() && other != language && token.weight() == Token.Weight.CONTENT) {
                senses = lexicon.exactly(token, other);
            }
        }
        return senses;
    }

    private static List<String> concepts(List<Lexicon.Sense> senses) {
        return senses.stream().map(Lexicon.Sense::concept).distinct().toList();
    }

    private List<String> kindsOf(List<Lexicon.Sense> senses) {
        return senses.stream()
                .flatMap(sense -> lexicon.wider(sense.concept()).stream())
                .distinct()
                .toList();
    }

    private static boolean isStated(List<Lexicon.Sense> senses, Predicate<String> stated) {
        return senses.stream().anyMatch(sense -> sense.weight() > 0.5 && stated.test(Feature.concept(sense.concept())));
    }

    private double elsewhere(List<Lexicon.Sense> senses) {
        double all = 0;
        double away = 0;
        for (Lexicon.Sense sense : senses) {
            all += sense.weight();
            away += lexicon.isElsewhere(sense.concept()) ? sense.weight() : 0;
        }
        return all == 0 ? 0 : away / all;
    }

    private void addSenses(List<Lexicon.Sense> senses, double sure, Map<String, Double> ways) {
        for (Lexicon.Sense sense : senses) {
            String concept = sense.concept();
            double weight = sense.weight() * sure;
            raise(ways, Feature.concept(concept), weight);
            raise(ways, Feature.kindOf(concept), KIND * weight);
            for (String wider : lexicon.wider(concept)) {
                raise(ways, Feature.concept(wider), WIDER * weight);
                raise(ways, Feature.kindOf(wider), SIBLING * weight);
                lexicon.wider(wider).forEach(widest -> raise(ways, Feature.concept(widest), WIDEST * weight));
            }
            lexicon.related(concept).forEach(related -> raise(ways, Feature.concept(related), RELATED * weight));
            for (Fact fact : Fact.values()) {
                if (fact.concept().equals(concept)) {
                    raise(ways, Feature.fact(fact), FACT * weight);
                } else if (lexicon.wider(concept).contains(fact.concept())) {
                    raise(ways, Feature.fact(fact), FACT_OF_KIND * weight);
                }
            }
        }
    }

    private static void raise(Map<String, Double> ways, String feature, double weight) {
        ways.merge(feature, weight, Math::max);
    }
}
