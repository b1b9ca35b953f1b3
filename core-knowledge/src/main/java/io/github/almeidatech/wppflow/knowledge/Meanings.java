package io.github.almeidatech.wppflow.knowledge;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where words, their stems and the concepts of the lexicon lie among each other: near those that are spoken of together,
 * so that a question may find its answer without sharing a word or a concept with it. Learnt from a glossary, a language
 * model and questions about invented businesses; how is told in docs/quality.md. Immutable and thread-safe.
 */
final class Meanings {

    /** Each place has as many dimensions. */
    static final int DIMENSIONS = 64;

    /** Sorted; the place of the feature at i begins at i times {@link #DIMENSIONS}. */
    private final int[] features;

    private final byte[] places;
    private final float[] scales;

    /** The shipped ones. */
    static Meanings load() {
        return of(Resource.lines("meanings.txt"));
    }

    /** Of lines with a place in base 64, what its numbers are multiplied by, and the feature; a blank between them. */
    static Meanings of(List<String> lines) {
        var byHash = new long[lines.size()];
        for (int i = 0; i < byHash.length; i++) {
            byHash[i] = (long) Profile.hash(lines.get(i).split(" ", 3)[2]) << 32 | i;
        }
        Arrays.sort(byHash);
        var meanings = new Meanings(byHash.length);
        for (int i = 0; i < byHash.length; i++) {
            String[] parts = lines.get((int) byHash[i]).split(" ", 3);
            byte[] place = Base64.getDecoder().decode(parts[0]);
            System.arraycopy(place, 0, meanings.places, i * DIMENSIONS, DIMENSIONS);
            meanings.scales[i] = Float.parseFloat(parts[1]);
            meanings.features[i] = (int) (byHash[i] >> 32);
        }
        return meanings;
    }

    private Meanings(int size) {
        features = new int[size];
        places = new byte[size * DIMENSIONS];
        scales = new float[size];
    }

    /** Whether a feature has its place. */
    boolean has(String feature) {
        return Arrays.binarySearch(features, Profile.hash(feature)) >= 0;
    }

    /** What features mean together, each by its weight; null when none of them has a place. */
    @Nullable
    Vector of(Map<String, Double> weights) {
        var sum = new float[DIMENSIONS];
        weights.forEach((feature, weight) -> {
            int at = Arrays.binarySearch(features, Profile.hash(feature));
            if (at >= 0) {
                float scale = weight.floatValue() * scales[at];
                for (int i = 0; i < DIMENSIONS; i++) {
                    sum[i] += scale * places[at * DIMENSIONS + i];
                }
            }
        });
        return isNowhere(sum) ? null : new Vector(sum);
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
