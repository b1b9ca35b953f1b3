package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Two documents that say nearly the same.
 *
 * @param first the id that sorts first
 * @param second the other id
 * @param similarity the share of word pairs they have in common, {@value #LEAST} to 1
 */
public record NearDuplicate(String first, String second, double similarity) {

    static final double LEAST = 0.7;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int BANDS = 20;
    private static final int ROWS = 3;

    /** MinHash finds the candidates without comparing all with all; each is then compared exactly. */
    static List<NearDuplicate> among(List<Document> documents) {
        List<Document> sorted =
                documents.stream().sorted(Comparator.comparing(Document::id)).toList();
        List<Set<Integer>> pairs = sorted.stream().map(NearDuplicate::wordPairs).toList();
        Set<Long> candidates = new HashSet<>();
        long[] salts = new Random(7).longs(BANDS * ROWS).toArray();
        Map<Long, List<Integer>> buckets = new HashMap<>();
        for (int band = 0; band < BANDS; band++) {
            buckets.clear();
            for (int i = 0; i < sorted.size(); i++) {
                long bucket = band;
                for (int row = 0; row < ROWS; row++) {
                    bucket = bucket * 31 + smallest(pairs.get(i), salts[band * ROWS + row]);
                }
                buckets.computeIfAbsent(bucket, key -> new ArrayList<>()).add(i);
            }
            for (List<Integer> alike : buckets.values()) {
                for (int a = 0; a < alike.size(); a++) {
                    for (int b = a + 1; b < alike.size(); b++) {
                        candidates.add((long) alike.get(a) << 32 | alike.get(b));
                    }
                }
            }
        }
        List<NearDuplicate> found = new ArrayList<>();
        for (long candidate : candidates) {
            int a = (int) (candidate >> 32);
            int b = (int) candidate;
            double similarity = share(pairs.get(a), pairs.get(b));
            if (similarity >= LEAST) {
                found.add(new NearDuplicate(sorted.get(a).id(), sorted.get(b).id(), similarity));
            }
        }
        found.sort(Comparator.comparingDouble(NearDuplicate::similarity)
                .reversed()
                .thenComparing(NearDuplicate::first)
                .thenComparing(NearDuplicate::second));
        return found;
    }

    private static Set<Integer> wordPairs(Document document) {
        String[] words =
                BETWEEN_WORDS.split(Words.fold(document.content().isBlank() ? document.title() : document.content()));
        Set<Integer> pairs = new HashSet<>();
        if (words.length == 1) {
            pairs.add(words[0].hashCode());
        }
        for (int i = 0; i + 1 < words.length; i++) {
            pairs.add(Arrays.hashCode(new String[] {words[i], words[i + 1]}));
        }
        return pairs;
    }

    private static long smallest(Set<Integer> pairs, long salt) {
        long smallest = Long.MAX_VALUE;
        for (int pair : pairs) {
            long mixed = (pair ^ salt) * 0x9E3779B97F4A7C15L;
            smallest = Math.min(smallest, mixed ^ (mixed >>> 29));
        }
        return smallest;
    }

    private static double share(Set<Integer> a, Set<Integer> b) {
        Set<Integer> both = new HashSet<>(a);
        both.retainAll(b);
        return (double) both.size() / (a.size() + b.size() - both.size());
    }
}
