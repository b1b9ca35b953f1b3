package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Fits the weights of {@link Confidence} on questions about invented businesses. */
final class ConfidenceFit {

    /** Cues seen less often teach nothing. */
    private static final int SEEN = 8;

    private static final double CUE_SHRINKAGE = 3;
    private static final double EVIDENCE_SHRINKAGE = 0.02;
    /** How much an answerable question counts whose passage was not found first. */
    private static final double WRONG_PASSAGE = 0.7;

    private final List<String> cues;
    private final double[] weights;

    /** A question as the model sees it. */
    record Asked(double[] evidence, Collection<String> cues, boolean answerable, boolean found) {}

    private ConfidenceFit(List<String> cues, double[] weights) {
        this.cues = cues;
        this.weights = weights;
    }

    static List<Asked> asked(FaqCollection collection, Meanings meanings) {
        var words = new Words();
        var lexicon = new Lexicon(words);
        var maker = new PassageMaker(new PassageReader(words, lexicon), meanings);
        var questions = new QuestionReader(words, lexicon);
        List<Asked> all = new ArrayList<>();
        try (var index = new SearchIndex()) {
            Map<String, List<SearchIndex.Entry>> entries = new HashMap<>();
            collection.documents().forEach(each -> entries.put(each.id(), maker.entries(each)));
            index.apply(entries, List.of());
            for (var one : collection.questions()) {
                index.search(snapshot -> {
                    var plan = questions.read(
                            one.text(), "", feature -> snapshot.frequency(feature) > 0, snapshot.vocabulary());
                    var ranking = new Ranking(plan, snapshot, meanings);
                    var ranked = ranking.best(null);
                    return ranked.isEmpty()
                            || all.add(new Asked(
                                    Confidence.evidence(plan, ranked, ranking.granted()),
                                    plan.cues(),
                                    !one.relevant().isEmpty(),
                                    one.relevant()
                                            .contains(ranked.get(0)
                                                    .passage()
                                                    .document()
                                                    .id())));
                });
            }
        }
        return all;
    }

    static ConfidenceFit of(List<Asked> asked) {
        Map<String, Integer> seen = new TreeMap<>();
        asked.forEach(each -> each.cues().forEach(word -> seen.merge(word, 1, Integer::sum)));
        List<String> cues = seen.keySet().stream()
                .filter(word -> seen.getOrDefault(word, 0) >= SEEN)
                .toList();
        int n = Confidence.EVIDENCE.size();
        var shrinkage = new double[n + cues.size()];
        for (int i = 0; i < shrinkage.length; i++) {
            shrinkage[i] = i < n ? EVIDENCE_SHRINKAGE * asked.size() * variance(asked, i) : CUE_SHRINKAGE;
        }
        List<LogisticFit.Example> examples = asked.stream()
                .map(each -> new LogisticFit.Example(
                        values(each, cues), each.answerable(), each.answerable() && !each.found() ? WRONG_PASSAGE : 1))
                .toList();
        return new ConfidenceFit(cues, LogisticFit.of(examples, shrinkage));
    }

    private static double variance(List<Asked> asked, int i) {
        double mean =
                asked.stream().mapToDouble(each -> each.evidence()[i]).average().orElseThrow();
        return asked.stream()
                .mapToDouble(each -> Math.pow(each.evidence()[i] - mean, 2))
                .average()
                .orElseThrow();
    }

    private static double[] values(Asked asked, List<String> cues) {
        int n = asked.evidence().length;
        var values = new double[n + cues.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < n ? asked.evidence()[i] : asked.cues().contains(cues.get(i - n)) ? 1 : 0;
        }
        return values;
    }

    double probability(Asked asked) {
        return LogisticFit.probability(weights, values(asked, cues));
    }

    /** The lines of {@code confidence.txt}. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("# What speaks for an answer, in logits; written by FaqEvaluation --teach");
        int n = Confidence.EVIDENCE.size();
        lines.add(line("bias all", weights[weights.length - 1]));
        for (int i = 0; i < n; i++) {
            lines.add(line("evidence " + Confidence.EVIDENCE.get(i), weights[i]));
        }
        for (int i = 0; i < cues.size(); i++) {
            lines.add(line("asked " + cues.get(i), weights[n + i]));
        }
        return lines;
    }

    private static String line(String name, double weight) {
        return String.format(Locale.ROOT, "%s %.2f", name, weight);
    }
}
