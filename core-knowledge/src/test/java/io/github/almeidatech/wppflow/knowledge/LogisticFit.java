package io.github.almeidatech.wppflow.knowledge;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** A small logistic regression by Newton's method, with a little shrinkage. */
final class LogisticFit {

    private static final double SHRINKAGE = 0.01;
    private static final int STEPS = 15;

    private final double[] weights;

    private LogisticFit(double[] weights) {
        this.weights = weights;
    }

    record Example(double[] evidence, boolean answerable, double importance) {}

    static LogisticFit of(List<Example> examples) {
        int n = examples.get(0).evidence().length;
        var mean = new double[n];
        var spread = new double[n];
        double total = examples.stream().mapToDouble(Example::importance).sum();
        for (int i = 0; i < n; i++) {
            int at = i;
            mean[i] = examples.stream()
                    .mapToDouble(each -> each.evidence()[at])
                    .average()
                    .orElseThrow();
            spread[i] = 1e-6
                    + Math.sqrt(examples.stream()
                            .mapToDouble(each -> Math.pow(each.evidence()[at] - mean[at], 2))
                            .average()
                            .orElseThrow());
        }
        var scaled = new double[n + 1];
        for (int step = 0; step < STEPS; step++) {
            var gradient = new double[n + 1];
            var hessian = new double[n + 1][n + 1];
            for (Example example : examples) {
                var x = new double[n + 1];
                double sum = scaled[n];
                for (int i = 0; i < n; i++) {
                    x[i] = (example.evidence()[i] - mean[i]) / spread[i];
                    sum += scaled[i] * x[i];
                }
                x[n] = 1;
                double p = 1 / (1 + Math.exp(-sum));
                for (int i = 0; i <= n; i++) {
                    gradient[i] += (p - (example.answerable() ? 1 : 0)) * example.importance() * x[i];
                    for (int j = 0; j <= n; j++) {
                        hessian[i][j] += p * (1 - p) * example.importance() * x[i] * x[j];
                    }
                }
            }
            for (int i = 0; i < n; i++) {
                gradient[i] += SHRINKAGE * total * scaled[i];
                hessian[i][i] += SHRINKAGE * total;
            }
            double[] change = solved(hessian, gradient);
            for (int i = 0; i <= n; i++) {
                scaled[i] -= change[i];
            }
        }
        var weights = new double[n + 1];
        weights[n] = scaled[n];
        for (int i = 0; i < n; i++) {
            weights[i] = scaled[i] / spread[i];
            weights[n] -= weights[i] * mean[i];
        }
        return new LogisticFit(weights);
    }

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

    double probability(double[] evidence) {
        double sum = weights[evidence.length];
        for (int i = 0; i < evidence.length; i++) {
            sum += weights[i] * evidence[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    @Override
    public String toString() {
        var text = new StringJoiner(", ", "weights {", "}");
        for (int i = 0; i < weights.length - 1; i++) {
            text.add(String.format(Locale.ROOT, "%.3f", weights[i]));
        }
        return text + String.format(Locale.ROOT, ", bias %.3f", weights[weights.length - 1]);
    }
}
