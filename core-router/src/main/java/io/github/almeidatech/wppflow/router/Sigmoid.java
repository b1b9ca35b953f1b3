package io.github.almeidatech.wppflow.router;

import java.util.List;

/**
 * Turns a score into the logarithm of odds.
 *
 * @param slope how much each point adds
 * @param offset what a score of zero means
 */
record Sigmoid(double slope, double offset) {

    /** Hardly possible, whatever the score. */
    static final Sigmoid NEVER = new Sigmoid(0, -10);

    private static final int STEPS = 60;
    private static final double RIDGE = 1e-3;
    private static final double TINY = 1e-9;

    double logOdds(double score) {
        return slope * score + offset;
    }

    /**
     * The one that tells scores of things that hold from scores of others best (logistic regression by Newton's method).
     *
     * @param share how often it holds for one time it does not
     */
    static Sigmoid between(List<Double> holds, List<Double> others, double share) {
        double weight = share * others.size() / holds.size();
        var fit = new Sigmoid(1, 0);
        for (int step = 0; step < STEPS; step++) {
            var newton = new Newton(fit);
            holds.forEach(score -> newton.add(score, 1, weight));
            others.forEach(score -> newton.add(score, 0, 1));
            fit = newton.better();
        }
        return fit;
    }

    /** Gradient and curvature of the loss, and the damped step they lead to. */
    private static final class Newton {

        private final Sigmoid fit;
        private double slopeGradient;
        private double offsetGradient;
        private double slopeCurve = RIDGE;
        private double offsetCurve = RIDGE;
        private double mixedCurve;

        Newton(Sigmoid fit) {
            this.fit = fit;
            this.slopeGradient = RIDGE * fit.slope();
        }

        void add(double score, double wanted, double weight) {
            double chance = 1 / (1 + Math.exp(-fit.logOdds(score)));
            double error = weight * (chance - wanted);
            double curve = weight * chance * (1 - chance);
            slopeGradient += error * score;
            offsetGradient += error;
            slopeCurve += curve * score * score;
            offsetCurve += curve;
            mixedCurve += curve * score;
        }

        Sigmoid better() {
            double determinant = slopeCurve * offsetCurve - mixedCurve * mixedCurve + TINY;
            double slope = (offsetCurve * slopeGradient - mixedCurve * offsetGradient) / determinant;
            double offset = (slopeCurve * offsetGradient - mixedCurve * slopeGradient) / determinant;
            double damped = Math.min(1, 1 / (TINY + Math.abs(slope) + Math.abs(offset) / 5));
            return new Sigmoid(fit.slope() - damped * slope, fit.offset() - damped * offset);
        }
    }
}
