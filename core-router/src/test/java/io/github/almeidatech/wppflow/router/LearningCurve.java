package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a tenant's own intents are understood after a few examples. Prints the curve; {@link OwnIntentsTest} keeps it
 * from falling.
 */
final class LearningCurve {

    /** Only its totals are looked at. */
    static final String MEASURED = "own-intents.txt";
    /** What the weights of {@link OwnIntents} were found with: wider intents with hardly a word in common. */
    private static final String SEEN = "own-intents-seen.txt";

    /** Messages to learn from, of each intent; the rest is to be understood. */
    private static final int POOL = 20;

    private LearningCurve() {}

    /**
     * @param understood share of the messages of own intents that were understood
     * @param standard share of the standard messages that were, beside the own intents
     */
    record Point(int examples, Map<String, Double> perIntent, double understood, double standard) {}

    public static void main(String[] args) {
        for (String resource : List.of(MEASURED, SEEN)) {
            System.out.println(resource);
            for (int examples : new int[] {5, 10, 20}) {
                System.out.println(of(resource, examples));
            }
        }
    }

    static Point of(String resource, int examples) {
        Map<String, List<String>> intents = intents(resource);
        Router router = taught(intents, examples);
        var perIntent = new LinkedHashMap<String, Double>();
        int right = 0;
        int all = 0;
        for (var intent : intents.entrySet()) {
            List<String> rest =
                    intent.getValue().subList(POOL, intent.getValue().size());
            long understood = rest.stream()
                    .filter(line -> router.classify(Utterance.of(line)).intent().equals(intent.getKey()))
                    .count();
            perIntent.put(intent.getKey(), (double) understood / rest.size());
            right += (int) understood;
            all += rest.size();
        }
        List<Labelled> messages = Labelled.read("validation.jsonl");
        long standard = messages.stream()
                .filter(each ->
                        router.classify(Utterance.of(each.text())).intent().equals(each.intent()))
                .count();
        return new Point(examples, perIntent, (double) right / all, (double) standard / messages.size());
    }

    static Router taught(Map<String, List<String>> intents, int examples) {
        Router.Builder builder = Router.builder();
        intents.forEach((name, lines) -> builder.intent(name, List.of(), lines.subList(0, examples)));
        return builder.build();
    }

    /** Intents of invented tenants. */
    static Map<String, List<String>> intents(String resource) {
        var intents = new LinkedHashMap<String, List<String>>();
        List<String> lines = new ArrayList<>();
        for (String line : Resource.lines(resource)) {
            if (line.startsWith("# ")) {
                lines = new ArrayList<>();
                intents.put(line.substring(2), lines);
            } else {
                lines.add(line);
            }
        }
        return intents;
    }
}
