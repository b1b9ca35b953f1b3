package io.github.almeidatech.wppflow.knowledge;

import java.util.Arrays;
import java.util.Map;

/** What a passage is about: features with strengths from 0 to 1, kept small. Immutable. */
final class Profile {

    private final int[] hashes;
    private final byte[] strengths;

    private Profile(int[] hashes, byte[] strengths) {
        this.hashes = hashes;
        this.strengths = strengths;
    }

    static Profile of(Map<String, Double> features) {
        var sorted = new long[features.size()];
        int n = 0;
        for (var each : features.entrySet()) {
            long quantized = Math.round(Math.min(1, each.getValue()) * 127);
            sorted[n++] = ((long) hash(each.getKey()) << 8) | quantized;
        }
        Arrays.sort(sorted);
        var hashes = new int[n];
        var strengths = new byte[n];
        for (int i = 0; i < n; i++) {
            hashes[i] = (int) (sorted[i] >> 8);
            strengths[i] = (byte) (sorted[i] & 0x7f);
        }
        return new Profile(hashes, strengths);
    }

    /** 0 when the passage lacks the feature. */
    double strength(int featureHash) {
        int at = Arrays.binarySearch(hashes, featureHash);
        return at < 0 ? 0 : strengths[at] / 127.0;
    }

    /** Two features of a passage share one with a chance of about one in ten million. */
    static int hash(String feature) {
        int hash = 0x811c9dc5;
        for (int i = 0; i < feature.length(); i++) {
            hash = (hash ^ feature.charAt(i)) * 0x01000193;
        }
        hash ^= hash >>> 15;
        return hash * 0x2c1b3c6d;
    }
}
