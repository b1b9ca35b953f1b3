package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Learns a {@link LinearModel} by gradient descent with a step size per weight (AdaGrad). The same examples give the same
 * model on every machine.
 */
final class Trainer {

    private static final int EPOCHS = 6;
    private static final double STEP = 0.1;
    private static final double SHRINK = 1e-4;
    private static final double SMOOTHING = 0.06;

    /**
     * A message to learn from.
     *
     * @param oneOf which of the first outputs is right; −1 when it teaches none of them
     * @param flags whether each of the other outputs holds; null for one that it does not teach
     * @param weight how much it counts
     */
    record Example(Features features, int oneOf, List<@Nullable Boolean> flags, float weight) {}

    private final int choices;
    private final int outputs;
    private final int mask;
    private final float[] weights;
    private final float[] squares;

    private Trainer(int choices, int flags, int space) {
        this.choices = choices;
        this.outputs = choices + flags;
        this.mask = space - 1;
        this.weights = new float[space * outputs];
        this.squares = new float[weights.length];
    }

    /**
     * Learns outputs of which exactly one is right, followed by outputs that hold or not.
     *
     * @param space how many different features there are; a power of two, at most {@link Features#SPACE}
     */
    static LinearModel train(List<Example> examples, int choices, int flags, int space) {
        var trainer = new Trainer(choices, flags, space);
        var order = new ArrayList<>(examples);
        var random = new Random(3);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            Collections.shuffle(order, random);
            order.forEach(trainer::learn);
        }
        return LinearModel.of(trainer.outputs, trainer.weights);
    }

    private void learn(Example example) {
        double[] scores = scores(example.features());
        double total = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < choices; k++) {
            highest = Math.max(highest, scores[k]);
        }
        for (int k = 0; k < choices; k++) {
            scores[k] = StrictMath.exp(scores[k] - highest);
            total += scores[k];
        }
        for (int k = 0; k < choices && example.oneOf() >= 0; k++) {
            double wanted = SMOOTHING / choices + (k == example.oneOf() ? 1 - SMOOTHING : 0);
            adjust(example.features(), k, (scores[k] / total - wanted) * example.weight());
        }
        for (int k = choices; k < outputs; k++) {
            Boolean holds = example.flags().get(k - choices);
            if (holds != null) {
                double wanted = holds ? 1 - SMOOTHING / 2 : SMOOTHING / 2;
                double got = 1 / (1 + StrictMath.exp(-scores[k]));
                adjust(example.features(), k, (got - wanted) * example.weight());
            }
        }
    }

    private double[] scores(Features features) {
        var sums = new double[outputs];
        for (int i = 0; i < features.size(); i++) {
            int at = (features.id(i) & mask) * outputs;
            for (int k = 0; k < outputs; k++) {
                sums[k] += weights[at + k] * features.value(i) * features.scale();
            }
        }
        return sums;
    }

    private void adjust(Features features, int output, double error) {
        for (int i = 0; i < features.size(); i++) {
            int at = (features.id(i) & mask) * outputs + output;
            double gradient = error * features.value(i) * features.scale() + SHRINK * weights[at];
            squares[at] += (float) (gradient * gradient);
            weights[at] -= (float) (STEP * gradient / (Math.sqrt(squares[at]) + 1e-3));
        }
    }
}
