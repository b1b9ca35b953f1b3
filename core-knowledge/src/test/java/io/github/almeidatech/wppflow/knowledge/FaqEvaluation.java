package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Language;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints how well questions are answered. Arguments: folders with {@code kb.jsonl} and {@code queries.jsonl}; without
 * any, the invented businesses of the tests. {@code --worst} lists what went wrong; {@code --calibrate} fits the weights
 * of {@link Confidence} on the invented businesses, and measures them leaving one business out at a time.
 */
final class FaqEvaluation {

    private FaqEvaluation() {}

    public static void main(String[] arguments) {
        List<String> options =
                Arrays.stream(arguments).filter(each -> each.startsWith("--")).toList();
        List<FaqCollection> collections = Arrays.stream(arguments)
                .filter(each -> !each.startsWith("--"))
                .map(each -> FaqCollection.read(Path.of(each)))
                .toList();
        if (collections.isEmpty()) {
            collections = FaqCollection.BUSINESSES.stream()
                    .map(FaqCollection::ofTests)
                    .toList();
        }
        if (options.contains("--calibrate")) {
            calibrate(collections);
            return;
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

    private static void calibrate(List<FaqCollection> collections) {
        Map<String, List<LogisticFit.Example>> examples = new HashMap<>();
        collections.forEach(each -> examples.put(each.name(), examples(each)));
        for (double threshold = 0.3; threshold < 0.61; threshold += 0.05) {
            int declined = 0;
            int right = 0;
            int unanswerable = 0;
            int answerable = 0;
            for (String left : examples.keySet()) {
                List<LogisticFit.Example> others = new ArrayList<>();
                examples.forEach((name, list) -> others.addAll(name.equals(left) ? List.of() : list));
                var fit = LogisticFit.of(others);
                for (var example : examples.get(left)) {
                    unanswerable += example.answerable() ? 0 : 1;
                    answerable += example.answerable() ? 1 : 0;
                    if (fit.probability(example.evidence()) < threshold) {
                        declined++;
                        right += example.answerable() ? 0 : 1;
                    }
                }
            }
            double recall = (double) right / unanswerable;
            double refused = (double) (declined - right) / answerable;
            System.out.printf(
                    Locale.ROOT,
                    "leave one out, below %.2f: decline recall %.3f, answerable refused %.3f, precision %.3f, at one in five unanswerable %.3f%n",
                    threshold,
                    recall,
                    refused,
                    (double) right / declined,
                    0.2 * recall / (0.2 * recall + 0.8 * refused));
        }
        List<LogisticFit.Example> all = new ArrayList<>();
        examples.values().forEach(all::addAll);
        System.out.println(LogisticFit.of(all));
    }

    private static List<LogisticFit.Example> examples(FaqCollection collection) {
        var words = new Words();
        var lexicon = new Lexicon(words);
        var reader = new PassageReader(words, lexicon);
        var maker = new PassageMaker(reader);
        var questions = new QuestionReader(words, lexicon);
        List<LogisticFit.Example> examples = new ArrayList<>();
        try (var index = new SearchIndex()) {
            Map<String, List<SearchIndex.Entry>> entries = new HashMap<>();
            collection.documents().forEach(each -> entries.put(each.id(), maker.entries(each)));
            index.apply(entries, List.of());
            for (var asked : collection.questions()) {
                index.search(snapshot -> {
                    var plan = questions.read(
                            asked.text(), "", feature -> snapshot.frequency(feature) > 0, snapshot.vocabulary());
                    var ranked = new Ranking(plan, snapshot).best(null);
                    if (!ranked.isEmpty()) {
                        boolean answerable = !asked.relevant().isEmpty();
                        boolean found = asked.relevant()
                                .contains(ranked.get(0).passage().document().id());
                        examples.add(new LogisticFit.Example(
                                Confidence.evidence(plan, ranked), answerable, answerable && !found ? 0.4 : 1));
                    }
                    return plan.language() == Language.PT_BR;
                });
            }
        }
        return examples;
    }
}
