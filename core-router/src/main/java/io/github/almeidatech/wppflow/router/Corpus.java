package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * The messages the classifier learns from, as patterns in resources: a file for each intent and language, topics under
 * headings. In a line {@code [a|b|]} stands for any of its parts and {@code {slot}} for any of the slot's values; a line
 * that begins with {@code !} is a complaint, with {@code &} thanks; {@code +complaint} and {@code +thanks} behind a
 * heading say it of all its lines. Immutable and thread-safe.
 */
final class Corpus {

    /**
     * A line of the corpus.
     *
     * @param topic what it is about; lines of a topic resemble each other
     */
    record Pattern(String intent, String language, String topic, boolean complaint, boolean thanks, String text) {}

    private final Map<String, List<String>> slots = new HashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    private Corpus() {}

    static Corpus load() {
        var corpus = new Corpus();
        for (Resource.Entry slot : Resource.entries("corpus/slots.txt")) {
            corpus.slots.put(slot.name(), List.of(slot.value().split(" \\| ")));
        }
        for (String language : List.of("pt", "en", "es")) {
            for (Intent intent : Intent.STANDARD) {
                corpus.read(intent.name(), language);
            }
        }
        return corpus;
    }

    private void read(String intent, String language) {
        String topic = "";
        for (String line : Resource.lines("corpus/" + intent + "." + language + ".txt")) {
            if (line.startsWith("# ")) {
                topic = line.substring(2);
                continue;
            }
            boolean complaint = line.startsWith("!") || topic.contains("+complaint");
            boolean thanks = line.startsWith("&") || topic.contains("+thanks");
            boolean marked = line.length() > 1 && (line.startsWith("!") || line.startsWith("&"));
            String name = intent + "." + language + "/" + Resource.words(topic).get(0);
            patterns.add(new Pattern(intent, language, name, complaint, thanks, marked ? line.substring(1) : line));
        }
    }

    List<Pattern> patterns() {
        return List.copyOf(patterns);
    }

    /** One message a pattern stands for. */
    String draw(String pattern, Random random) {
        var out = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (c == '[') {
                List<String> parts = new ArrayList<>();
                i = alternatives(pattern, i + 1, parts);
                out.append(draw(parts.get(random.nextInt(parts.size())), random));
            } else if (c == '{') {
                int close = pattern.indexOf('}', i);
                String slot = pattern.substring(i + 1, close);
                List<String> values = Objects.requireNonNull(slots.get(slot), slot);
                out.append(draw(values.get(random.nextInt(values.size())), random));
                i = close + 1;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString().replace("  ", " ").strip();
    }

    /** Adds the parts of the brackets that are open at an index; the index after them. */
    private static int alternatives(String pattern, int from, List<String> parts) {
        int depth = 0;
        int start = from;
        int i = from;
        while (depth >= 0) {
            char c = pattern.charAt(i);
            if (depth == 0 && (c == '|' || c == ']')) {
                parts.add(pattern.substring(start, i));
                start = i + 1;
            }
            if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            }
            i++;
        }
        return i;
    }
}
