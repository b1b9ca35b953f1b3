package io.github.almeidatech.wppflow.router;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Prints how well the intents of messages are understood that the model has not learnt. */
final class IntentFigures {

    private IntentFigures() {}

    public static void main(String[] args) {
        Router router = Router.builder().build();
        for (String resource : List.of(
                "validation.jsonl",
                "unseen.jsonl",
                "independent.jsonl",
                "fresh.jsonl",
                "latest.jsonl",
                "many-trades.jsonl")) {
            var score = new Score();
            Map<String, Score> parts = new TreeMap<>();
            for (Labelled message : Labelled.read(resource)) {
                Classification heard = router.classify(Utterance.of(message.text()));
                boolean right = heard.intent().equals(message.intent());
                for (String part : List.of(message.intent(), message.language())) {
                    parts.computeIfAbsent(part, key -> new Score()).add(heard.confidence(), right);
                }
                score.add(heard.confidence(), right);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s accuracy %.3f, calibration error %.3f%n",
                    resource,
                    score.accuracy(),
                    score.calibrationError());
            parts.forEach(
                    (part, each) -> System.out.printf(Locale.ROOT, "  %-12s accuracy %.3f%n", part, each.accuracy()));
        }
    }
}
