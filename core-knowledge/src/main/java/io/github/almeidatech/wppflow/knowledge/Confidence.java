package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.knowledge.Ranking.Ranked;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How likely it is that the first passage answers the question: a logistic model over what of the question is met, and
 * over how it is asked and about what, because "do you rent …?" is more often about something that a business does not
 * have than "I am late, can I still come?". Its weights are fitted on the questions about invented businesses in the
 * tests. Immutable and thread-safe.
 */
final class Confidence {

    /** What speaks for and against besides words. */
    static final List<String> EVIDENCE = List.of(
            "score",
            "elsewhere",
            "length",
            "other-language",
            "offer-unmet",
            "identity",
            "worst-met",
            "second-worst-met",
            "unknown-words",
            "worst-met-anywhere",
            "single-topic",
            "deed",
            "question-length",
            "nearness");

    /** How near the meanings must be where nothing else speaks for a passage: nearer, most that is found is right, and below it little. */
    private static final double NEAR = 0.3;

    private final Map<String, Double> evidence = new HashMap<>();
    private final Map<String, Double> asked = new HashMap<>();
    private double bias;

    private Confidence() {}

    /** The one with the shipped weights. */
    static Confidence load() {
        var confidence = new Confidence();
        for (String line : Resource.lines("confidence.txt")) {
            String[] parts = line.split(" ");
            double weight = Double.parseDouble(parts[2]);
            switch (parts[0]) {
                case "bias" -> confidence.bias = weight;
                case "evidence" -> confidence.evidence.put(parts[1], weight);
                case "asked" -> confidence.asked.put(parts[1], weight);
                default -> throw new IllegalStateException("no such kind of weight: " + line);
            }
        }
        return confidence;
    }

    /**
     * The confidence in the first of some ranked passages, 0 to 1; 0 when it meets nothing of the question in words or
     * concepts, and does not mean nearly the same.
     *
     * @param granted for each unit of the question how far it goes without saying, 0 to 1
     * @param support what else speaks for it, in logits
     */
    double of(QueryPlan plan, List<Ranked> ranked, List<Double> granted, double support) {
        Ranked first = ranked.get(0);
        if (support == 0 && first.nearness() < NEAR && first.met().stream().allMatch(quality -> quality == 0)) {
            return 0;
        }
        double[] values = evidence(plan, ranked, granted);
        double sum = bias + support;
        for (int i = 0; i < values.length; i++) {
            sum += evidence.getOrDefault(EVIDENCE.get(i), 0.0) * values[i];
        }
        for (String cue : plan.cues()) {
            sum += asked.getOrDefault(cue, 0.0);
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** The values of {@link #EVIDENCE}. */
    static double[] evidence(QueryPlan plan, List<Ranked> ranked, List<Double> granted) {
        Ranked first = ranked.get(0);
        int content = 0;
        int unknown = 0;
        double elsewhere = 0;
        double worst = 1;
        double secondWorst = 1;
        double worstAnywhere = 1;
        for (int i = 0; i < plan.units().size(); i++) {
            QueryPlan.Unit unit = plan.units().get(i);
            double quality = Math.max(first.met().get(i), granted.get(i));
            elsewhere += unit.stated() || unit.elsewhere() < 0.3 ? 0 : unit.elsewhere();
            if (unit.content()) {
                content++;
                unknown += unit.known() ? 0 : 1;
                secondWorst = Math.min(secondWorst, Math.max(worst, quality));
                worst = Math.min(worst, quality);
                worstAnywhere = Math.min(worstAnywhere, bestAnywhere(ranked, i));
            }
        }
        return new double[] {
            first.score(),
            Math.min(1, elsewhere),
            Math.log(1 + plan.units().size()),
            plan.language() == first.passage().language() ? 0 : 1,
            plan.asksForOffer() ? 1 - worst : 0,
            plan.asksForIdentity() ? 1 : 0,
            worst,
            secondWorst,
            (double) unknown / Math.max(1, content),
            worstAnywhere,
            content == 1 ? 1 : 0,
            plan.asksForDeed() ? 1 : 0,
            Math.log(1 + plan.length()),
            first.nearness()
        };
    }

    private static double bestAnywhere(List<Ranked> ranked, int unit) {
        double best = 0;
        for (Ranked each : ranked) {
            best = Math.max(best, each.met().get(unit));
        }
        return best;
    }
}
