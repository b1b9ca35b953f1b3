package io.github.almeidatech.wppflow.router;

import java.util.Collection;

/**
 * Turns two kinds of evidence into the logarithm of odds.
 *
 * @param first what each point of the first kind adds
 * @param second what each point of the second kind adds
 * @param offset what none of either means
 */
record Likelihood(double first, double second, double offset) {

    private static final int STEPS = 40;
    /** Further no weight moves at once. */
    private static final double LEAP = 2;
    /** So little it moves when it has arrived. */
    private static final double STILL = 1e-6;

    /** Evidence of something; how much of each kind. */
    record Evidence(double first, double second) {}

    double logOdds(Evidence evidence) {
        return first * evidence.first() + second * evidence.second() + offset;
    }

    /**
     * This one, moved to tell evidence of what holds from that of others (logistic regression by Newton's method).
     *
     * @param share how often it holds for one time it does not
     * @param trust how firmly the weights stay where they are, in cases that hold; the offset moves freely
     */
    Likelihood taught(Collection<Evidence> holds, Collection<Evidence> others, double share, Evidence trust) {
        double weight = holds.size() / (share * others.size());
        var fit = this;
        double moved = LEAP;
        for (int step = 0; step < STEPS && moved > STILL; step++) {
            var newton = new Newton(fit);
            newton.stay(this, trust);
            holds.forEach(evidence -> newton.add(evidence, 1, 1));
            others.forEach(evidence -> newton.add(evidence, 0, weight));
            Likelihood towards = newton.step();
            moved = Math.max(Math.abs(towards.offset), Math.max(Math.abs(towards.first), Math.abs(towards.second)));
            double damped = Math.min(1, LEAP / moved);
            fit = new Likelihood(
                    fit.first - damped * towards.first,
                    fit.second - damped * towards.second,
                    fit.offset - damped * towards.offset);
        }
        return fit;
    }

    /** Gradient and curvature of the loss, and the step they lead to. */
    private static final class Newton {

        private final Likelihood fit;
        private double firstGradient;
        private double secondGradient;
        private double offsetGradient;
        private double firstCurve;
        private double secondCurve;
        private double offsetCurve;
        private double firstSecond;
        private double firstOffset;
        private double secondOffset;

        Newton(Likelihood fit) {
            this.fit = fit;
        }

        void stay(Likelihood there, Evidence trust) {
            firstGradient = trust.first() * (fit.first - there.first);
            secondGradient = trust.second() * (fit.second - there.second);
            firstCurve = trust.first();
            secondCurve = trust.second();
        }

        void add(Evidence evidence, double wanted, double weight) {
            double x = evidence.first();
            double y = evidence.second();
            double chance = 1 / (1 + Math.exp(-fit.logOdds(evidence)));
            double error = weight * (chance - wanted);
            double curve = weight * chance * (1 - chance);
            firstGradient += error * x;
            secondGradient += error * y;
            offsetGradient += error;
            firstCurve += curve * x * x;
            secondCurve += curve * y * y;
            offsetCurve += curve;
            firstSecond += curve * x * y;
            firstOffset += curve * x;
            secondOffset += curve * y;
        }

        /** Gradient by inverse curvature (Cramer's rule). */
        Likelihood step() {
            double a = secondCurve * offsetCurve - secondOffset * secondOffset;
            double b = firstOffset * secondOffset - firstSecond * offsetCurve;
            double c = firstSecond * secondOffset - firstOffset * secondCurve;
            double d = firstCurve * offsetCurve - firstOffset * firstOffset;
            double e = firstSecond * firstOffset - firstCurve * secondOffset;
            double f = firstCurve * secondCurve - firstSecond * firstSecond;
            double determinant = firstCurve * a + firstSecond * b + firstOffset * c;
            return new Likelihood(
                    (a * firstGradient + b * secondGradient + c * offsetGradient) / determinant,
                    (b * firstGradient + d * secondGradient + e * offsetGradient) / determinant,
                    (c * firstGradient + e * secondGradient + f * offsetGradient) / determinant);
        }
    }
}
