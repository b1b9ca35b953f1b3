package io.github.almeidatech.wppflow.router;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** One weight for each feature and output, in a byte each. The number of features is a power of two. Immutable and
 * thread-safe. */
final class LinearModel {

    private static final int MAX = 127;

    private final int outputs;
    private final int mask;
    private final float step;
    private final byte[] weights;

    private LinearModel(int outputs, float step, byte[] weights) {
        this.outputs = outputs;
        this.mask = weights.length / outputs - 1;
        this.step = step;
        this.weights = weights;
    }

    /** Rounds trained weights, the outputs of a feature side by side. */
    static LinearModel of(int outputs, float[] trained) {
        float largest = 1e-6f;
        for (float weight : trained) {
            largest = Math.max(largest, Math.abs(weight));
        }
        var rounded = new byte[trained.length];
        for (int i = 0; i < trained.length; i++) {
            rounded[i] = (byte) Math.round(trained[i] / largest * MAX);
        }
        return new LinearModel(outputs, largest / MAX, rounded);
    }

    /** The model in a resource beside this class. */
    static LinearModel load(String resource) {
        try (var data = new DataInputStream(
                new BufferedInputStream(new InflaterInputStream(Resource.open(resource)), 1 << 16))) {
            int outputs = data.readInt();
            float step = data.readFloat();
            var weights = new byte[data.readInt()];
            data.readFully(weights);
            return new LinearModel(outputs, step, weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(OutputStream out) throws IOException {
        try (var data = new DataOutputStream(new DeflaterOutputStream(out))) {
            data.writeInt(outputs);
            data.writeFloat(step);
            data.writeInt(weights.length);
            data.write(weights);
        }
    }

    int outputs() {
        return outputs;
    }

    /** What each output scores a message. */
    double[] scores(Features features) {
        var sums = new float[outputs];
        for (int i = 0; i < features.size(); i++) {
            int at = (features.id(i) & mask) * outputs;
            float value = features.value(i);
            for (int k = 0; k < outputs; k++) {
                sums[k] += weights[at + k] * value;
            }
        }
        var scores = new double[outputs];
        double scale = step * features.scale();
        for (int k = 0; k < outputs; k++) {
            scores[k] = sums[k] * scale;
        }
        return scores;
    }

    /** What one feature of a message adds to an output; to one of the first, compared with the mean of the others. */
    double lead(Features features, int feature, int output, int choices) {
        int at = (features.id(feature) & mask) * outputs;
        double lead = weights[at + output];
        for (int k = 0; k < choices && output < choices; k++) {
            lead -= k == output ? 0 : weights[at + k] / (choices - 1.0);
        }
        return lead * features.value(feature) * step * features.scale();
    }
}
