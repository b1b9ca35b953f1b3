package io.github.almeidatech.wppflow.knowledge;

/** Steps of Kingma and Ba, Adam (2015), each feature with a count of its own. */
final class Adam {

    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;

    private final float[][] means;
    private final float[][] squares;
    private final int[] counts;
    private final double step;

    Adam(int size, int dimensions, double step) {
        means = new float[size][dimensions];
        squares = new float[size][dimensions];
        counts = new int[size];
        this.step = step;
    }

    void apply(float[] values, float[] gradient, int feature) {
        counts[feature]++;
        double firstLeft = 1 - Math.pow(FIRST, counts[feature]);
        double secondLeft = 1 - Math.pow(SECOND, counts[feature]);
        for (int i = 0; i < values.length; i++) {
            means[feature][i] = (float) (FIRST * means[feature][i] + (1 - FIRST) * gradient[i]);
            squares[feature][i] = (float) (SECOND * squares[feature][i] + (1 - SECOND) * gradient[i] * gradient[i]);
            values[i] -= (float)
                    (step * means[feature][i] / firstLeft / (Math.sqrt(squares[feature][i] / secondLeft) + 1e-8));
        }
    }
}
