package io.github.almeidatech.wppflow.knowledge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Prints how well questions are answered. Arguments: folders with {@code kb.jsonl} and {@code queries.jsonl}; without any,
 * the invented businesses of the tests, with {@code --terse} those asked in few words, with {@code --unseen}, {@code --fresh},
 * {@code --first-sight}, {@code --ordinary}, {@code --latest}, {@code --near-misses}, {@code --same-kind} or
 * {@code --same-kind-later} those that are only measured, with {@code --independent} those by other authors. {@code --worst} lists what went wrong. {@code --teach=MODEL} teaches
 * {@link Meanings} by what CondenseMeanings wrote, and then {@link Confidence}, measures both leaving one author out at a time,
 * and writes meanings.txt and confidence.txt beside the model.
 */
final class FaqEvaluation {

    private static final Map<String, List<String>> SETS = Map.of(
            "--terse", FaqCollection.TERSE,
            "--unseen", FaqCollection.UNSEEN,
            "--independent", FaqCollection.INDEPENDENT,
            "--fresh", FaqCollection.FRESH,
            "--first-sight", FaqCollection.FIRST_SIGHT,
            "--ordinary", FaqCollection.ORDINARY,
            "--latest", FaqCollection.LATEST,
            "--near-misses", FaqCollection.NEAR_MISSES,
            "--same-kind", FaqCollection.SAME_KIND,
            "--same-kind-later", FaqCollection.SAME_KIND_LATER);

    private FaqEvaluation() {}

    public static void main(String[] arguments) throws IOException {
        List<String> options =
                Arrays.stream(arguments).filter(each -> each.startsWith("--")).toList();
        List<FaqCollection> collections = Arrays.stream(arguments)
                .filter(each -> !each.startsWith("--"))
                .map(each -> FaqCollection.read(Path.of(each)))
                .toList();
        for (String option : options) {
            if (option.startsWith("--teach=")) {
                Teaching.of(Path.of(option.substring("--teach=".length())));
                return;
            }
        }
        if (collections.isEmpty()) {
            List<String> businesses = options.stream()
                    .filter(SETS::containsKey)
                    .map(SETS::get)
                    .findFirst()
                    .orElse(FaqCollection.BUSINESSES);
            collections = businesses.stream().map(FaqCollection::ofTests).toList();
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
}
