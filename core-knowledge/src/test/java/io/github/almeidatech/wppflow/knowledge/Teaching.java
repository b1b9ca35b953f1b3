package io.github.almeidatech.wppflow.knowledge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Teaches {@link Meanings} and then {@link Confidence} with the businesses of the tests. What was learnt from a business
 * flatters it, so the confidence is taught with each part of them as meanings see it that learnt from the other parts.
 */
final class Teaching {

    /** How often all of them teach what is shipped. */
    private static final int TIMES = 4;

    private Teaching() {}

    /** @param model what CondenseMeanings wrote; meanings.txt and confidence.txt are written beside it */
    static void of(Path model) throws IOException {
        List<List<MeaningsFit.Lesson>> parts = FaqCollection.TAUGHT.stream()
                .map(part -> part.stream()
                        .map(name -> MeaningsFit.lesson(FaqCollection.ofTests(name)))
                        .toList())
                .toList();
        Map<String, float[]> seen = MeaningsFit.read(model);
        var shipped = CompletableFuture.supplyAsync(() -> new MeaningsFit(seen)
                .learn(parts.stream().flatMap(List::stream).toList(), TIMES)
                .lines());
        List<List<ConfidenceFit.Asked>> asked = IntStream.range(0, parts.size())
                .parallel()
                .mapToObj(left -> asked(left, parts, seen))
                .toList();
        List<ConfidenceFit> others = IntStream.range(0, parts.size())
                .parallel()
                .mapToObj(left -> ConfidenceFit.of(without(asked, left)))
                .toList();
        Map<ConfidenceFit.Asked, Double> chances = new LinkedHashMap<>();
        for (int left = 0; left < parts.size(); left++) {
            for (ConfidenceFit.Asked each : asked.get(left)) {
                chances.put(each, others.get(left).probability(each));
            }
        }
        print(chances);
        List<String> meanings = new ArrayList<>();
        meanings.add(
                "# where words, stems and concepts lie among each other; written by FaqEvaluation --teach with what the model all-MiniLM-L6-v2, Apache License 2.0, makes of their English");
        meanings.addAll(shipped.join());
        Files.write(model.resolveSibling("meanings.txt"), meanings);
        var confidence = ConfidenceFit.of(asked.stream().flatMap(List::stream).toList());
        Files.write(model.resolveSibling("confidence.txt"), confidence.lines());
    }

    /** The questions of a part as they are seen by meanings that the other parts teach. */
    private static List<ConfidenceFit.Asked> asked(
            int left, List<List<MeaningsFit.Lesson>> parts, Map<String, float[]> seen) {
        Meanings others =
                Meanings.of(new MeaningsFit(seen).learn(without(parts, left), 1).lines());
        return FaqCollection.TAUGHT.get(left).stream()
                .flatMap(name -> ConfidenceFit.asked(FaqCollection.ofTests(name), others).stream())
                .toList();
    }

    private static <T> List<T> without(List<List<T>> parts, int left) {
        return IntStream.range(0, parts.size())
                .filter(i -> i != left)
                .mapToObj(parts::get)
                .flatMap(List::stream)
                .toList();
    }

    private static void print(Map<ConfidenceFit.Asked, Double> chances) {
        System.out.printf(
                Locale.ROOT,
                "one part left out: recall@1 %.3f%n",
                chances.keySet().stream()
                        .filter(ConfidenceFit.Asked::answerable)
                        .mapToDouble(each -> each.found() ? 1 : 0)
                        .average()
                        .orElseThrow());
        for (double threshold = 0.26; threshold < 0.56; threshold += 0.04) {
            double recall = share(chances, false, threshold);
            double refused = share(chances, true, threshold);
            System.out.printf(
                    Locale.ROOT,
                    "one part left out, below %.2f: decline recall %.3f, answerable refused %.3f, precision at 1/4 unanswerable %.3f, at 1/6 %.3f%n",
                    threshold,
                    recall,
                    refused,
                    recall / (recall + 3 * refused),
                    recall / (recall + 5 * refused));
        }
    }

    private static double share(Map<ConfidenceFit.Asked, Double> chances, boolean answerable, double below) {
        return chances.entrySet().stream()
                .filter(each -> each.getKey().answerable() == answerable)
                .mapToDouble(each -> each.getValue() < below ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
