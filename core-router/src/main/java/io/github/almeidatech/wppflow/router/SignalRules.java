package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Finds signals by phrases from a resource, forgiving slips in longer words. A phrase after a negation does not count.
 * Immutable and thread-safe.
 */
final class SignalRules {

    private static final int MIN_SOUND = 5;
    private static final Set<String> NEGATIONS =
            Set.of("nao", "no", "not", "nem", "nunca", "sem", "without", "dont", "nada", "jamais", "isnt", "never");
    private static final Set<String> AROUND = Set.of(
            "por",
            "favor",
            "please",
            "pls",
            "oi",
            "ola",
            "hola",
            "hi",
            "hello",
            "bom",
            "boa",
            "dia",
            "tarde",
            "noite",
            "!",
            "?",
            "obrigado",
            "obrigada",
            "moca",
            "gente",
            "ai",
            "entao",
            "ja",
            "agora",
            "ok",
            "gentileza",
            "gracias",
            "thanks");

    private enum Kind {
        /** A word of the set. */
        WORD,
        /** The same, which may be missing. */
        OPTIONAL,
        /** None of the set among the words that follow. */
        NONE,
        /** The end of the message. */
        END
    }

    /** Part of a phrase: up to {@code gap} words, then what its kind says. */
    private record Part(Kind kind, int words, int gap) {}

    private record Phrase(Signal signal, boolean atStart, boolean negated, List<Part> parts) {}

    private final List<Phrase> phrases = new ArrayList<>();
    private final Map<String, BitSet> exact = new HashMap<>();
    private final PrefixMap<BitSet> prefixes = new PrefixMap<>();
    private final Map<String, BitSet> sounds = new HashMap<>();
    private final Map<String, BitSet> slips = new HashMap<>();
    private final Map<String, Integer> sets = new HashMap<>();

    private SignalRules() {}

    static SignalRules load() {
        var rules = new SignalRules();
        var lists = new HashMap<String, List<String>>();
        for (Resource.Entry entry : Resource.entries("signals.txt")) {
            if (entry.name().startsWith("$")) {
                lists.put(entry.name(), entry.words());
            } else {
                rules.read(Signal.valueOf(entry.name().toUpperCase(Locale.ROOT)), entry.words(), lists);
            }
        }
        return rules;
    }

    private void read(Signal signal, List<String> elements, Map<String, List<String>> lists) {
        var parts = new ArrayList<Part>();
        boolean atStart = false;
        boolean negated = false;
        int gap = 0;
        for (String element : elements) {
            if (element.equals("^")) {
                atStart = true;
            } else if (element.equals("$")) {
                parts.add(new Part(Kind.END, 0, gap));
            } else if (element.startsWith(".")) {
                gap = Integer.parseInt(element.substring(1));
            } else {
                negated |= element.equals("$NO");
                Kind kind = element.endsWith("?") ? Kind.OPTIONAL : element.startsWith("!") ? Kind.NONE : Kind.WORD;
                String words = switch (kind) {
                    case OPTIONAL -> element.substring(0, element.length() - 1);
                    case NONE -> element.substring(1);
                    case WORD, END -> element;
                };
                parts.add(new Part(kind, set(words, lists), gap));
                gap = 0;
            }
        }
        phrases.add(new Phrase(signal, atStart, negated, List.copyOf(parts)));
    }

    private int set(String words, Map<String, List<String>> lists) {
        Integer known = sets.get(words);
        if (known != null) {
            return known;
        }
        int number = sets.size() + 1;
        sets.put(words, number);
        var parts = new StringTokenizer(words, "|");
        while (parts.hasMoreTokens()) {
            String part = parts.nextToken();
            lists.getOrDefault(part, List.of(part)).forEach(word -> addWord(word, number));
        }
        return number;
    }

    private void addWord(String word, int number) {
        if (word.endsWith("*")) {
            prefixes.computeIfAbsent(word.substring(0, word.length() - 1), BitSet::new)
                    .set(number);
            return;
        }
        mark(exact, word, number);
        if (word.length() >= MIN_SOUND) {
            mark(sounds, Sound.of(word), number);
        }
        if (word.length() >= Slip.SHORTEST) {
            Slip.variants(word).forEach(variant -> mark(slips, variant, number));
        }
    }

    private static void mark(Map<String, BitSet> map, String key, int number) {
        map.computeIfAbsent(key, ignored -> new BitSet()).set(number);
    }

    /** The signals of a message, each with the words that told it. */
    Map<Signal, String> find(List<Token> tokens) {
        var found = new EnumMap<Signal, String>(Signal.class);
        var sets = new ArrayList<BitSet>(tokens.size());
        tokens.forEach(token -> sets.add(setsOf(token)));
        int first = 0;
        int end = tokens.size();
        while (first < end && AROUND.contains(tokens.get(first).word())) {
            first++;
        }
        while (end > first && AROUND.contains(tokens.get(end - 1).word())) {
            end--;
        }
        for (Phrase phrase : phrases) {
            if (!found.containsKey(phrase.signal())) {
                String words = find(phrase, tokens, sets, first, end);
                if (words != null) {
                    found.put(phrase.signal(), words);
                }
            }
        }
        return found;
    }

    private static @Nullable String find(Phrase phrase, List<Token> tokens, List<BitSet> sets, int first, int end) {
        int last = phrase.atStart() ? Math.min(first + 1, end) : tokens.size();
        for (int start = phrase.atStart() ? first : 0; start < last; start++) {
            int matched = match(phrase.parts(), 0, start, sets, end, true);
            if (matched >= 0 && (phrase.negated() || !negatedBefore(tokens, start))) {
                return Evidence.words(tokens.subList(start, Math.min(matched, tokens.size())));
            }
        }
        return null;
    }

    /** The index after the match of the parts from one on, or −1. */
    private static int match(List<Part> parts, int part, int at, List<BitSet> sets, int end, boolean first) {
        if (part == parts.size()) {
            return at;
        }
        Part wanted = parts.get(part);
        if (wanted.kind() == Kind.END) {
            return at >= end ? at : -1;
        }
        if (wanted.kind() == Kind.NONE) {
            boolean none = sets.subList(at, Math.min(at + wanted.gap() + 1, sets.size())).stream()
                    .noneMatch(word -> word.get(wanted.words()));
            return none ? match(parts, part + 1, at, sets, end, false) : -1;
        }
        int furthest = first ? at : Math.min(at + wanted.gap(), sets.size() - 1);
        for (int i = at; i <= furthest && i < sets.size(); i++) {
            if (sets.get(i).get(wanted.words())) {
                int rest = match(parts, part + 1, i + 1, sets, end, false);
                if (rest >= 0) {
                    return rest;
                }
            }
        }
        return wanted.kind() == Kind.OPTIONAL ? match(parts, part + 1, at, sets, end, first) : -1;
    }

    private static boolean negatedBefore(List<Token> tokens, int start) {
        for (int i = start - 1;
                i >= Math.max(0, start - 3) && !tokens.get(i + 1).afterBreak();
                i--) {
            if (NEGATIONS.contains(tokens.get(i).word())) {
                return true;
            }
        }
        return false;
    }

    private BitSet setsOf(Token token) {
        var result = new BitSet();
        String word = token.word();
        add(result, exact.get(word));
        prefixes.each(word, result::or);
        if (!result.isEmpty() || token.known()) {
            return result;
        }
        if (word.length() >= MIN_SOUND) {
            add(result, sounds.get(token.sound()));
        }
        Slip.variants(word).forEach(variant -> add(result, slips.get(variant)));
        return result;
    }

    private static void add(BitSet result, @Nullable BitSet more) {
        if (more != null) {
            result.or(more);
        }
    }
}
