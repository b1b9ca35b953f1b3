package io.github.almeidatech.wppflow.router;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Where words lie among each other: near those that are spoken of together, so that a message may resemble an example
 * without a word in common with it. A stem lies in the middle of its words; a word that lies elsewhere has a place of
 * its own, too. Half a byte each number. Where they come from docs/quality.md tells. Immutable and thread-safe.
 */
final class Meanings {

    /** Each place has as many dimensions. */
    static final int DIMENSIONS = 64;

    private static final int BYTES = DIMENSIONS / 2;
    private static final int LARGEST = 7;
    /** A word is as good as its stem when it lies as near to it as this, by cosine. */
    private static final double LIKE_ITS_STEM = 0.9;

    /** Hashes of names, sorted; the place of the one at i begins at i times {@link #BYTES}. */
    private final int[] names;

    private final float[] steps;
    private final byte[] places;

    private Meanings(int size) {
        names = new int[size];
        steps = new float[size];
        places = new byte[size * BYTES];
    }

    /** Of words without accents, each with its place; the longer, the more a word tells. */
    static Meanings of(Map<String, float[]> words) {
        Map<String, Map<String, float[]>> families = new HashMap<>();
        words.forEach((word, place) ->
                families.computeIfAbsent(Stem.of(word), stem -> new HashMap<>()).put(word, place));
        Map<Integer, float[]> byHash = new TreeMap<>();
        families.forEach((stem, family) -> {
            float[] mean = mean(family.values());
            var middle = Direction.of(mean);
            byHash.put(ofStem(stem), mean);
            family.forEach((word, place) -> {
                if (Direction.of(place).nearness(middle) < LIKE_ITS_STEM) {
                    byHash.put(ofWord(word), place);
                }
            });
        });
        var meanings = new Meanings(byHash.size());
        int at = 0;
        for (var each : byHash.entrySet()) {
            meanings.names[at] = each.getKey();
            meanings.round(at, each.getValue());
            at++;
        }
        return meanings;
    }

    private static float[] mean(Collection<float[]> places) {
        var mean = new float[DIMENSIONS];
        for (float[] place : places) {
            for (int i = 0; i < DIMENSIONS; i++) {
                mean[i] += place[i] / places.size();
            }
        }
        return mean;
    }

    private void round(int at, float[] place) {
        float largest = 1e-6f;
        for (float value : place) {
            largest = Math.max(largest, Math.abs(value));
        }
        steps[at] = largest / LARGEST;
        for (int i = 0; i < BYTES; i++) {
            int high = Math.round(place[2 * i] / steps[at]);
            int low = Math.round(place[2 * i + 1] / steps[at]);
            places[at * BYTES + i] = (byte) (high << 4 | low & 0xf);
        }
    }

    /** Those in a resource beside this class. */
    static Meanings load(String resource) {
        try (var data = new DataInputStream(
                new BufferedInputStream(new InflaterInputStream(Resource.open(resource)), 1 << 16))) {
            var meanings = new Meanings(data.readInt());
            for (int i = 0; i < meanings.names.length; i++) {
                meanings.names[i] = data.readInt();
                meanings.steps[i] = data.readFloat();
            }
            data.readFully(meanings.places);
            return meanings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(OutputStream out) throws IOException {
        try (var data = new DataOutputStream(new DeflaterOutputStream(out))) {
            data.writeInt(names.length);
            for (int i = 0; i < names.length; i++) {
                data.writeInt(names[i]);
                data.writeFloat(steps[i]);
            }
            data.write(places);
        }
    }

    /** Where a message lies: nowhere when none of its words has a place. */
    Direction of(List<Token> tokens) {
        var sum = new float[DIMENSIONS];
        for (Token token : tokens) {
            int stem = Arrays.binarySearch(names, ofStem(token.stem()));
            if (stem >= 0) {
                int word = Arrays.binarySearch(names, ofWord(token.word()));
                add(sum, stem);
                add(sum, word < 0 ? stem : word);
            }
        }
        return Direction.of(sum);
    }

    private void add(float[] sum, int at) {
        for (int i = 0; i < BYTES; i++) {
            byte both = places[at * BYTES + i];
            sum[2 * i] += steps[at] * (both >> 4);
            sum[2 * i + 1] += steps[at] * (both << 28 >> 28);
        }
    }

    private static int ofStem(String stem) {
        return stem.hashCode();
    }

    private static int ofWord(String word) {
        return ("=" + word).hashCode();
    }
}
