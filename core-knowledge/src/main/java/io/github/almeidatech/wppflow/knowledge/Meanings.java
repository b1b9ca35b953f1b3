package io.github.almeidatech.wppflow.knowledge;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the concepts of the lexicon lie among each other: near those that are spoken of together, so that a question may
 * find its answer without sharing a word or a concept with it. Condensed from a language model; how is told in
 * docs/quality.md. Immutable and thread-safe.
 */
final class Meanings {

    private final Map<String, float[]> byConcept = new HashMap<>();

    Meanings() {
        for (String line : Resource.lines("meanings.txt")) {
            String[] parts = line.split(" ", 2);
            byte[] packed = Base64.getDecoder().decode(parts[0]);
            var place = new float[packed.length];
            for (int i = 0; i < place.length; i++) {
                place[i] = packed[i];
            }
            byConcept.put(parts[1], place);
        }
    }

    /** Whether a concept has its place. */
    boolean has(String concept) {
        return byConcept.containsKey(concept);
    }

    /** What concepts mean together, each by its weight; null when none of them has a place. */
    @Nullable
    Vector of(Map<String, Double> concepts) {
        float[] sum = null;
        for (var each : concepts.entrySet()) {
            float[] place = byConcept.get(each.getKey());
            if (place != null) {
                sum = sum == null ? new float[place.length] : sum;
                float weight = each.getValue().floatValue();
                for (int i = 0; i < place.length; i++) {
                    sum[i] += weight * place[i];
                }
            }
        }
        return sum == null || isNowhere(sum) ? null : new Vector(sum);
    }

    private static boolean isNowhere(float[] sum) {
        for (float value : sum) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
