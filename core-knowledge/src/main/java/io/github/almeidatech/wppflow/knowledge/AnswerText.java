package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Phrases a passage as a reply: short ones as they are, of longer ones the sentences that answer. */
final class AnswerText {

    private static final int SHORT = 420;

    private final PassageReader reader;

    AnswerText(PassageReader reader) {
        this.reader = reader;
    }

    String of(QueryPlan plan, Passage passage) {
        String text = passage.text();
        if (text.length() <= SHORT || text.contains("\n")) {
            return text;
        }
        List<String> sentences = Sentences.of(text);
        int best = 0;
        double most = -1;
        for (int i = 0; i < sentences.size(); i++) {
            double gain = gain(plan, reader.features("", sentences.get(i), passage.language()));
            if (gain > most) {
                most = gain;
                best = i;
            }
        }
        return around(sentences, best);
    }

    private static double gain(QueryPlan plan, Map<String, Double> features) {
        double sum = 0;
        for (QueryPlan.Unit unit : plan.units()) {
            double met = 0;
            for (var way : unit.ways().entrySet()) {
                met = Math.max(met, way.getValue() * features.getOrDefault(way.getKey(), 0.0));
            }
            sum += unit.importance() * met;
        }
        return sum;
    }

    /** The sentence with what follows it and, while there is room, what leads to it: conditions stand nearby. */
    private static String around(List<String> sentences, int best) {
        int from = best;
        int to = best + 1;
        int length = sentences.get(best).length();
        boolean grew = true;
        while (grew) {
            grew = false;
            if (to < sentences.size() && length + sentences.get(to).length() < SHORT) {
                length += sentences.get(to++).length() + 1;
                grew = true;
            }
            if (from > 0 && length + sentences.get(from - 1).length() < SHORT) {
                length += sentences.get(--from).length() + 1;
                grew = true;
            }
        }
        return String.join(" ", new ArrayList<>(sentences.subList(from, to)));
    }
}
