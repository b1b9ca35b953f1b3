package io.github.almeidatech.wppflow.knowledge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints how well questions are answered. Arguments: folders with {@code kb.jsonl} and {@code queries.jsonl}; without
 * any, the invented businesses of the tests, with {@code --terse} those asked in few words, with {@code --unseen} or
 * {@code --fresh} or {@code --first-sight} those that are only measured, with {@code --independent} those by other authors. {@code --worst} lists what went wrong; {@code --calibrate=FILE} measures {@link Confidence} leaving one business out at a time, and writes its
 * weights to the file.
 */
final class FaqEvaluation {

    private FaqEvaluation() {}

    public static void main(String[] arguments) throws IOException {
        List<String> options =
                Arrays.stream(arguments).filter(each -> each.startsWith("--")).toList();
        List<FaqCollection> collections = Arrays.stream(arguments)
                .filter(each -> !each.startsWith("--"))
                .map(each -> FaqCollection.read(Path.of(each)))
                .toList();
        boolean calibrates = options.stream().anyMatch(each -> each.startsWith("--calibrate="));
        if (collections.isEmpty()) {
            collections = (calibrates ? FaqCollection.TAUGHT : businesses(options))
                    .stream().map(FaqCollection::ofTests).toList();
        }
        for (String option : options) {
            if (option.startsWith("--calibrate=")) {
                calibrate(collections, Path.of(option.substring("--calibrate=".length())));
                return;
            }
        }
        var sum = new FaqFigures();
        for (FaqCollection collection : collections) {
            var figures = FaqFigures.of(collection);
            System.out.printf("%-10s %s%n", collection.name(), figures);
            if (options.contains("--worst")) {
                figures.failures().forEach(System.out::println);
            }
            sum = sum.plus(figures);
        }
        System.out.printf("%-10s %s%n", "all", sum);
    }

    private static List<String> businesses(List<String> options) {
        if (options.contains("--terse")) {
            return FaqCollection.TERSE;
        }
        if (options.contains("--independent")) {
            return FaqCollection.INDEPENDENT;
        }
        if (options.contains("--fresh")) {
            return FaqCollection.FRESH;
        }
        if (options.contains("--first-sight")) {
            return FaqCollection.FIRST_SIGHT;
        }
        return options.contains("--unseen") ? FaqCollection.UNSEEN : FaqCollection.BUSINESSES;
    }

    /** Measures each business by what the others teach, then writes the weights that all of them teach. */
    private static void calibrate(List<FaqCollection> collections, Path weights) throws IOException {
        Map<String, List<ConfidenceFit.Asked>> asked = new LinkedHashMap<>();
        collections.forEach(each -> asked.put(each.name(), ConfidenceFit.asked(each)));
        Map<ConfidenceFit.Asked, Double> chances = new HashMap<>();
        asked.keySet().forEach(left -> {
            var fit = ConfidenceFit.of(asked.keySet().stream()
                    .filter(name -> !name.equals(left))
                    .flatMap(name -> asked.get(name).stream())
                    .toList());
            asked.get(left).forEach(each -> chances.put(each, fit.probability(each)));
        });
        for (double threshold = 0.26; threshold < 0.56; threshold += 0.04) {
            double below = threshold;
            double recall = share(chances, false, below);
            double refused = share(chances, true, below);
            System.out.printf(
                    Locale.ROOT,
                    "leave one out, below %.2f: decline recall %.3f, answerable refused %.3f, precision at 1/4 unanswerable %.3f, at 1/6 %.3f%n",
                    threshold,
                    recall,
                    refused,
                    recall / (recall + 3 * refused),
                    recall / (recall + 5 * refused));
        }
        var all = ConfidenceFit.of(asked.values().stream().flatMap(List::stream).toList());
        Files.write(weights, all.lines());
    }

    private static double share(Map<ConfidenceFit.Asked, Double> chances, boolean answerable, double below) {
        return chances.entrySet().stream()
                .filter(each -> each.getKey().answerable() == answerable)
                .mapToDouble(each -> each.getValue() < below ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
