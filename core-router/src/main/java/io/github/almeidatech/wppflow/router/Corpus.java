package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The messages the classifier learns from, as patterns in resources: a file for each intent and language, topics under
 * headings. In a line {@code [a|b|]} stands for any of its parts and {@code {slot}} for any of the slot's values; a line
 * that begins with {@code !} is a complaint, with {@code &} thanks, with {@code @} about a case of one's own, with {@code >} a wish for something to be done; the names of signals behind a heading, such as
 * {@code +opt_out}, hold of all its lines. Immutable and thread-safe.
 */
final class Corpus {

    /** Instead of an intent: lines that teach {@link #OF_SIGNALS} only. */
    static final String SIGNALS = "signals";

    /** What the lines of {@link #SIGNALS} are about; whether they are, say, a complaint they do not tell. */
    private static final Set<Signal> OF_SIGNALS = Set.of(Signal.URGENT, Signal.WANTS_ACTION);

    /** What a line signals beside its topic, by its first character. */
    private static final Map<Character, Signal> MARKS =
            Map.of('!', Signal.COMPLAINT, '&', Signal.THANKS_ONLY, '@', Signal.OWN_CASE, '>', Signal.WANTS_ACTION);

    /**
     * A line of the corpus.
     *
     * @param intent {@link #SIGNALS} when it teaches none
     * @param topic what it is about; lines of a topic resemble each other
     */
    record Pattern(String intent, String language, String topic, Set<Signal> signals, String text) {

        /** Whether it signals something; null when it does not tell. */
        @Nullable
        Boolean signals(Signal signal) {
            return intent.equals(SIGNALS) && !OF_SIGNALS.contains(signal) ? null : signals.contains(signal);
        }
    }

    private final Map<String, List<String>> slots = new HashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    private Corpus() {}

    static Corpus load() {
        var corpus = new Corpus();
        for (Resource.Entry slot : Resource.entries("corpus/slots.txt")) {
            corpus.slots.put(slot.name(), List.of(slot.value().split(" \\| ")));
        }
        List<String> languages = List.of("pt", "en", "es");
        for (String language : languages) {
            for (Intent intent : Intent.STANDARD) {
                corpus.read(intent.name(), language);
            }
        }
        languages.forEach(language -> corpus.read(SIGNALS, language));
        return corpus;
    }

    private void read(String intent, String language) {
        String topic = "";
        Set<Signal> ofTopic = Set.of();
        for (String line : Resource.lines("corpus/" + intent + "." + language + ".txt")) {
            if (line.startsWith("# ")) {
                List<String> heading = Resource.words(line.substring(2));
                topic = heading.get(0);
                ofTopic = signals(heading.subList(1, heading.size()));
                continue;
            }
            Signal mark = line.length() > 1 ? MARKS.get(line.charAt(0)) : null;
            var signals = EnumSet.noneOf(Signal.class);
            signals.addAll(ofTopic);
            if (mark != null) {
                signals.add(mark);
            }
            String name = intent + "." + language + "/" + topic;
            patterns.add(
                    new Pattern(intent, language, name, Set.copyOf(signals), mark == null ? line : line.substring(1)));
        }
    }

    private static Set<Signal> signals(List<String> marks) {
        return marks.stream()
                .map(mark -> Signal.valueOf(mark.substring(1).toUpperCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet());
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
