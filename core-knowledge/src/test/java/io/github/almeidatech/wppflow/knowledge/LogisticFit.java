package io.github.almeidatech.wppflow.knowledge;

import java.util.List;
import java.util.stream.IntStream;

/** A small logistic regression by Newton's method, with shrinkage for each weight. */
final class LogisticFit {

    private static final int STEPS = 15;
    private static final double SMALLEST_STEP = 1e-5;

    private LogisticFit() {}

    /**
     * @param present which of the values are not zero, which most are
     * @param importance how much it counts
     */
    record Example(double[] values, int[] present, boolean holds, double importance) {

        Example(double[] values, boolean holds, double importance) {
            this(
                    values,
                    IntStream.rangeClosed(0, values.length)
                            .filter(i -> i == values.length || values[i] != 0)
                            .toArray(),
                    holds,
                    importance);
        }

        /** The last one is the bias. */
        double value(int i) {
            return i == values.length ? 1 : values[i];
        }
    }

    /**
     * The weights of the values, and last the bias.
     *
     * @param shrinkage for each value, how strongly its weight is drawn towards zero
     */
    static double[] of(List<Example> examples, double[] shrinkage) {
        int n = shrinkage.length;
        var weights = new double[n + 1];
        for (int step = 0; step < STEPS; step++) {
            var gradient = new double[n + 1];
            var hessian = new double[n + 1][n + 1];
            for (Example example : examples) {
                double p = probability(weights, example.values());
                double error = (p - (example.holds() ? 1 : 0)) * example.importance();
                double curve = p * (1 - p) * example.importance();
                for (int i : example.present()) {
                    double value = example.value(i);
                    gradient[i] += error * value;
                    for (int j : example.present()) {
                        hessian[i][j] += curve * value * example.value(j);
                    }
                }
            }
            for (int i = 0; i < n; i++) {
                gradient[i] += shrinkage[i] * weights[i];
                hessian[i][i] += shrinkage[i];
            }
            double[] change = solved(hessian, gradient);
            double largest = 0;
            for (int i = 0; i <= n; i++) {
                weights[i] -= change[i];
                largest = Math.max(largest, Math.abs(change[i]));
            }
            if (largest < SMALLEST_STEP) {
                break;
            }
        }
        return weights;
    }

    static double probability(double[] weights, double[] values) {
        double sum = weights[values.length];
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** Solves a system of linear equations whose matrix is symmetric and positive definite, by Cholesky's decomposition. */
    private static double[] solved(double[][] matrix, double[] right) {
        int n = right.length;
        for (int i = 0; i < n; i++) {
            double[] row = matrix[i];
            for (int j = 0; j <= i; j++) {
                double rest = row[j] - product(row, matrix[j], j);
                row[j] = i == j ? Math.sqrt(rest) : rest / matrix[j][j];
            }
            right[i] = (right[i] - product(row, right, i)) / row[i];
        }
        for (int i = n - 1; i >= 0; i--) {
            right[i] /= matrix[i][i];
            for (int j = 0; j < i; j++) {
                right[j] -= matrix[i][j] * right[i];
            }
        }
        return right;
    }

    private static double product(double[] a, double[] b, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
