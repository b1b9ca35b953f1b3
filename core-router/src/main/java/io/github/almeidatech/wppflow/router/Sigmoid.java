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
            var slope = new Newton();
            holds.forEach(new Sum(fit, slope, weight, 1)::add);
            others.forEach(new Sum(fit, slope, 1, 0)::add);
            fit = slope.improve(fit);
        }
        return fit;
    }

    private record Sum(Sigmoid fit, Newton newton, double weight, double wanted) {

        void add(double score) {
            double chance = 1 / (1 + Math.exp(-fit.logOdds(score)));
            newton.add(score, weight * (chance - wanted), weight * chance * (1 - chance));
        }
    }

    /** Gradient and curvature of the loss. */
    private static final class Newton {

        private double first;
        private double second;
        private double both = 0;
        private double firstCurve = RIDGE;
        private double secondCurve = RIDGE;

        void add(double score, double error, double curve) {
            first += error * score;
            second += error;
            firstCurve += curve * score * score;
            both += curve * score;
            secondCurve += curve;
        }

        Sigmoid improve(Sigmoid fit) {
            double gradient = first + RIDGE * fit.slope();
            double determinant = firstCurve * secondCurve - both * both + 1e-9;
            double slope = (secondCurve * gradient - both * second) / determinant;
            double offset = (firstCurve * second - both * gradient) / determinant;
            double damped = Math.min(1, 1 / (1e-9 + Math.abs(slope) + Math.abs(offset) / 5));
            return new Sigmoid(fit.slope() - damped * slope, fit.offset() - damped * offset);
        }
    }
}
