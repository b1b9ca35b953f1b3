package io.github.almeidatech.wppflow.testkit;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Random;

/** A vector made of a text's words, always the same for the same text: texts that share words lie near each other. */
final class WordVector {

    private WordVector() {}

    /** Of unit length. */
    static float[] of(String text, int dimensions) {
        var vector = new float[dimensions];
        var plain = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "");
        for (var word : plain.split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                var random = new Random(word.hashCode());
                for (int i = 0; i < dimensions; i++) {
                    vector[i] += (float) random.nextGaussian();
                }
            }
        }
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        if (square == 0) {
            vector[0] = 1;
            return vector;
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }
}
