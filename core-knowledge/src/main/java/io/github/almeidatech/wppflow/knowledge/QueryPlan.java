package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Clarity;
import io.github.almeidatech.wppflow.model.Language;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a question asks for: units that each may be met in several ways.
 *
 * @param asksForOffer whether it asks if something is done, sold or accepted
 * @param asksForIdentity whether it asks who or which make
 * @param asksForDeed whether it begins with what others do: "fazem …?"
 * @param clarity how clear it is what is asked for
 * @param length how many words it has
 * @param cues how it is asked, each once: everyday words, how it begins ({@code ^vocês_fazem}), what is meant ({@code
 *     =preço})
 */
record QueryPlan(
        Language language,
        List<Unit> units,
        boolean asksForOffer,
        boolean asksForIdentity,
        boolean asksForDeed,
        Clarity clarity,
        int length,
        Set<String> cues) {

    /** Of a word's meanings as many are taken for likely. */
    private static final int LIKELY = 2;

    QueryPlan {
        units = List.copyOf(units);
        cues = Set.copyOf(cues);
    }

    /** This question after what was said before it, which weighs less. */
    QueryPlan after(QueryPlan before, double importance) {
        List<Unit> all = new ArrayList<>(units);
        for (Unit unit : before.units()) {
            if (all.stream().noneMatch(own -> own.replaces(unit))) {
                all.add(unit.asBackground(importance));
            }
        }
        boolean topic = before.clarity == Clarity.CLEAR || before.units.stream().anyMatch(QuestionSplitter::names);
        return with(all, topic ? Clarity.CLEAR : clarity);
    }

    /** Its words, their stems and what they most likely mean, each with how much the question is about it. */
    Map<String, Double> named() {
        Map<String, Double> named = new HashMap<>();
        for (Unit unit : units) {
            unit.ways().forEach((feature, quality) -> {
                if (Feature.isOfAWord(feature) || unit.likelyMeans(Feature.conceptOf(feature))) {
                    named.merge(feature, quality * unit.importance(), Double::sum);
                }
            });
        }
        return named;
    }

    /** This question less some of its units. */
    QueryPlan without(Predicate<Unit> dropped) {
        List<Unit> left = units.stream().filter(dropped.negate()).toList();
        return with(left, clarity);
    }

    /** This question, some of whose units only tell what it is asked of. */
    QueryPlan asBackground(Predicate<Unit> told, double importance) {
        return with(
                units.stream()
                        .map(unit -> told.test(unit) ? unit.asBackground(importance) : unit)
                        .toList(),
                clarity);
    }

    private QueryPlan with(List<Unit> units, Clarity clarity) {
        return new QueryPlan(language, units, asksForOffer, asksForIdentity, asksForDeed, clarity, length, cues);
    }

    /**
     * A word or phrase of the question.
     *
     * @param importance how much the answer must be about it, 0 to 1 or little more
     * @param ways features that meet it, each with how well, 0 to 1
     * @param concepts what it means, by the lexicon
     * @param kindsOf what these are kinds of
     * @param known whether the lexicon has it
     * @param content whether it carries the topic, rather than everyday verbs
     * @param stated whether some document states the same thing
     * @param elsewhere how likely it is asked of others than a business, 0 to 1
     */
    record Unit(
            double importance,
            Map<String, Double> ways,
            List<String> concepts,
            List<String> kindsOf,
            boolean known,
            boolean content,
            boolean stated,
            double elsewhere) {

        Unit {
            ways = Map.copyOf(ways);
            concepts = List.copyOf(concepts);
            kindsOf = List.copyOf(kindsOf);
        }

        private boolean likelyMeans(@Nullable String concept) {
            return concept != null
                    && concepts.subList(0, Math.min(LIKELY, concepts.size())).contains(concept);
        }

        /** Whether it is the same as the other, or another kind of the same thing. */
        boolean replaces(Unit other) {
            return concepts.stream().anyMatch(other.concepts::contains)
                    || kindsOf.stream().anyMatch(other.kindsOf::contains)
                    || ways.keySet().containsAll(other.ways.keySet());
        }

        Unit asBackground(double importance) {
            return new Unit(this.importance * importance, ways, concepts, kindsOf, known, false, stated, 0);
        }
    }
}
