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

    /** Solves a system of linear equations by elimination. */
    private static double[] solved(double[][] matrix, double[] right) {
        int n = right.length;
        for (int i = 0; i < n; i++) {
            int pivot = i;
            for (int j = i + 1; j < n; j++) {
                pivot = Math.abs(matrix[j][i]) > Math.abs(matrix[pivot][i]) ? j : pivot;
            }
            double[] row = matrix[i];
            matrix[i] = matrix[pivot];
            matrix[pivot] = row;
            double value = right[i];
            right[i] = right[pivot];
            right[pivot] = value;
            for (int j = 0; j < n; j++) {
                if (j != i) {
                    double factor = matrix[j][i] / matrix[i][i];
                    for (int k = i; k < n; k++) {
                        matrix[j][k] -= factor * matrix[i][k];
                    }
                    right[j] -= factor * right[i];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            right[i] /= matrix[i][i];
        }
        return right;
    }
}
