package io.github.almeidatech.wppflow.knowledge;

import java.util.List;

/** A small logistic regression by Newton's method, with shrinkage for each weight. */
final class LogisticFit {

    private static final int STEPS = 15;

    private LogisticFit() {}

    /** @param importance how much it counts */
    record Example(double[] values, boolean holds, double importance) {}

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
                for (int i = 0; i <= n; i++) {
                    double value = i == n ? 1 : example.values()[i];
                    gradient[i] += error * value;
                    for (int j = 0; value != 0 && j <= n; j++) {
                        hessian[i][j] += curve * value * (j == n ? 1 : example.values()[j]);
                    }
                }
            }
            for (int i = 0; i < n; i++) {
                gradient[i] += shrinkage[i] * weights[i];
                hessian[i][i] += shrinkage[i];
            }
            double[] change = solved(hessian, gradient);
            for (int i = 0; i <= n; i++) {
                weights[i] -= change[i];
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
