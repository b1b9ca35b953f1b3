package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Language;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What words of everyday business talk mean, in Portuguese, English and Spanish: words and phrases name concepts, and
 * concepts have wider ones (a cat is an animal) and related ones (traffic makes late). Immutable and thread-safe.
 */
final class Lexicon {

    /** Adds words to concepts of the files before it. */
    private static final String OTHERWISE = "otherwise";

    private static final String ELSEWHERE = "elsewhere";
    private static final List<String> FILES = List.of(
            "commerce",
            "time-place",
            "people-health",
            "pets",
            "food",
            "beauty-sport-clothes",
            "work-home-other",
            "general",
            "kinds",
            "trades",
            "small-businesses",
            OTHERWISE,
            ELSEWHERE);

    /** In which languages the columns of a line are. */
    private static final List<Language> COLUMNS = List.of(Language.PT_BR, Language.EN, Language.ES);

    private static final int LONGEST_PHRASE = 6;
    private static final double STEM_ONLY = 0.765;
    private static final double SHARED = 0.36;

    private final Map<Language, Senses> senses = new EnumMap<>(Language.class);
    private final Map<String, List<String>> wider = new HashMap<>();
    private final Map<String, List<String>> related = new HashMap<>();
    private final StringIndex beginnings;
    private final Set<String> kinds = new HashSet<>();
    private final Set<String> elsewhere = new HashSet<>();
    private final StringIndex known;

    Lexicon(Words words) {
        Map<Language, List<Entry>> entries = new EnumMap<>(Language.class);
        for (String file : FILES) {
            for (String line : Resource.lines("lexicon/" + file + ".txt")) {
                String concept = read(line, file, entries);
                switch (file) {
                    case "kinds", "trades" -> kinds.add(concept);
                    case ELSEWHERE -> elsewhere.add(concept);
                    default -> {}
                }
            }
        }
        Resource.lines("lexicon/related.txt").forEach(this::readRelated);
        Set<String> phraseBeginnings = new HashSet<>();
        Set<String> allWords = new HashSet<>();
        for (Language language : Language.values()) {
            Map<String, List<Sense>> byKey = new HashMap<>();
            add(entries.getOrDefault(language, List.of()), language, words, byKey, allWords);
            byKey.replaceAll((key, list) -> list.size() == 1 ? list : shareAmong(narrowest(list, key.startsWith("="))));
            byKey.keySet().forEach(key -> addBeginnings(key, phraseBeginnings));
            senses.put(language, Senses.of(byKey));
        }
        beginnings = new StringIndex(phraseBeginnings);
        known = new StringIndex(allWords);
    }

    private static void addBeginnings(String key, Set<String> into) {
        for (int end = key.indexOf(' ') + 1; end < key.length(); end = key.indexOf(' ', end) + 1) {
            into.add(key.substring(0, end));
        }
    }

    /** What the words and phrases of a language mean, each by its key. */
    private record Senses(StringIndex keys, List<List<Sense>> lists) {

        static Senses of(Map<String, List<Sense>> byKey) {
            return new Senses(new StringIndex(byKey.keySet()), List.copyOf(byKey.values()));
        }

        /** Null for what is not in the lexicon. */
        @Nullable
        List<Sense> of(String key) {
            int number = keys.numberOf(key);
            return number < 0 ? null : lists.get(number);
        }
    }

    /** What is written of a concept in one language. */
    private record Entry(String concept, List<String> members, boolean byStem) {}

    private String read(String line, String file, Map<Language, List<Entry>> entries) {
        String[] columns = line.split("\\|");
        String[] portuguese = columns[0].split("<", 2);
        List<String> members = members(portuguese[0]);
        String concept = Words.fold(members.get(0));
        if (file.equals(OTHERWISE) && !wider.containsKey(concept)) {
            throw new IllegalStateException("no such concept in: " + line);
        }
        boolean byStem = !file.equals(ELSEWHERE);
        List<String> kindOf = portuguese.length > 1
                ? members(portuguese[1]).stream().map(Words::fold).toList()
                : List.of();
        wider.merge(concept, kindOf, (before, now) -> now.isEmpty() ? before : now);
        List<List<String>> inLanguages = new ArrayList<>(List.of(members));
        for (int i = 1; i < columns.length && i < COLUMNS.size(); i++) {
            inLanguages.add(members(columns[i]));
        }
        for (int i = 0; i < inLanguages.size(); i++) {
            entries.computeIfAbsent(COLUMNS.get(i), key -> new ArrayList<>())
                    .add(new Entry(concept, inLanguages.get(i), byStem));
        }
        return concept;
    }

    private void readRelated(String line) {
        String[] columns = line.split(":", 2);
        String concept = Words.fold(columns[0].strip());
        for (String member : members(columns[1])) {
            String other = Words.fold(member);
            if (!wider.containsKey(concept) || !wider.containsKey(other)) {
                throw new IllegalStateException("no such concept in: " + line);
            }
            related.computeIfAbsent(concept, key -> new ArrayList<>()).add(other);
        }
    }

    private static List<String> members(String column) {
        List<String> members = new ArrayList<>();
        for (String member : column.split(",")) {
            if (!member.isBlank()) {
                members.add(member.strip());
            }
        }
        return members;
    }

    /** All at once, as most words are read several times. */
    private static void add(
            List<Entry> entries, Language language, Words words, Map<String, List<Sense>> byKey, Set<String> allWords) {
        List<List<Token>> read = words.readAll(
                entries.stream().flatMap(entry -> entry.members().stream()).toList(), language);
        int from = 0;
        for (Entry entry : entries) {
            int to = from + entry.members().size();
            add(entry, read.subList(from, to), byKey, allWords);
            from = to;
        }
    }

    private static void add(
            Entry entry, List<List<Token>> members, Map<String, List<Sense>> byKey, Set<String> allWords) {
        Map<Double, List<Sense>> singles = new HashMap<>(); // shared, as most words mean but one thing
        for (int i = 0; i < members.size(); i++) {
            double weight = i < 6 ? 1 : i < 16 ? 0.9 : 0.72;
            List<Token> tokens = members.get(i);
            tokens.forEach(token -> allWords.add(token.word()));
            List<Token> telling =
                    tokens.stream().filter(token -> !token.isFiller()).toList();
            List<Token> key = telling.size() > 1 || tokens.size() == 1 && !telling.isEmpty() ? telling : tokens;
            put(byKey, key(key, true), single(entry, weight, singles));
            if (entry.byStem()) {
                double byStem = key.size() > 1 ? weight : weight * STEM_ONLY;
                put(byKey, key(key, false), single(entry, byStem, singles));
            }
        }
    }

    private static List<Sense> single(Entry entry, double weight, Map<Double, List<Sense>> singles) {
        return singles.computeIfAbsent(weight, each -> List.of(new Sense(entry.concept(), each)));
    }

    private static void put(Map<String, List<Sense>> byKey, String key, List<Sense> single) {
        List<Sense> before = byKey.putIfAbsent(key, single);
        if (before == null) {
            return;
        }
        Sense sense = single.get(0);
        List<Sense> all = new ArrayList<>(before);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).concept().equals(sense.concept())) {
                if (all.get(i).weight() < sense.weight()) {
                    all.set(i, sense);
                    byKey.put(key, all);
                }
                return;
            }
        }
        all.add(sense);
        byKey.put(key, all);
    }

    /** A word that names a kind of something is not taken for the wider thing as well. */
    private List<Sense> narrowest(List<Sense> list, boolean exact) {
        if (exact && list.stream().anyMatch(sense -> kinds.contains(sense.concept()))) {
            return list.stream()
                    .filter(sense -> kinds.contains(sense.concept()))
                    .toList();
        }
        return list.stream()
                .filter(sense -> list.stream().noneMatch(other -> isWider(sense.concept(), other.concept())))
                .toList();
    }

    private boolean isWider(String wide, String narrow) {
        return wider(narrow).stream().anyMatch(each -> each.equals(wide) || isWider(wide, each));
    }

    /** A word that means many things says less of each. */
    private static List<Sense> shareAmong(List<Sense> list) {
        double share = Math.pow(list.size(), -SHARED);
        return list.stream()
                .map(sense -> new Sense(sense.concept(), sense.weight() * share))
                .toList();
    }

    private static String key(List<Token> tokens, boolean exact) {
        var key = new StringBuilder(exact ? "=" : "~");
        for (Token token : tokens) {
            key.append(exact ? token.word() : token.stem()).append(' ');
        }
        return key.toString();
    }

    /** What one word may mean; empty when it is not in the lexicon. */
    List<Sense> sensesOf(Token token, Language language) {
        List<Sense> exact = senses(language, "=" + token.word() + " ");
        List<Sense> meant = exact != null ? exact : senses(language, "~" + token.stem() + " ");
        return meant == null ? List.of() : meant;
    }

    /** What the word itself may mean in a language, not others of its stem. */
    List<Sense> exactly(Token token, Language language) {
        List<Sense> meant = senses(language, "=" + token.word() + " ");
        return meant == null ? List.of() : meant;
    }

    private @Nullable List<Sense> senses(Language language, String key) {
        Senses all = senses.get(language);
        return all == null ? null : all.of(key);
    }

    /** The concepts that a concept is a kind of. */
    List<String> wider(String concept) {
        return wider.getOrDefault(concept, List.of());
    }

    /** Concepts that a question about this one may be answered under. */
    List<String> related(String concept) {
        return related.getOrDefault(concept, List.of());
    }

    /** Whether people ask this of others than a business. */
    boolean isElsewhere(String concept) {
        return elsewhere.contains(concept);
    }

    /** Whether a word occurs in the lexicon, alone or in a phrase. */
    boolean knows(String word) {
        return known.contains(word);
    }

    /** All single words of a language. */
    Set<String> words(Language language) {
        Set<String> single = new HashSet<>();
        Senses all = senses.get(language);
        for (int i = 0; all != null && i < all.keys().size(); i++) {
            String key = all.keys().get(i);
            if (key.startsWith("=") && key.indexOf(' ') == key.length() - 1) {
                single.add(key.substring(1, key.length() - 1));
            }
        }
        return single;
    }

    /** Phrases of at least two words that do not overlap, the longest taken first. */
    List<Phrase> phrases(List<Token> tokens, Language language) {
        List<Integer> all = new ArrayList<>();
        List<Integer> telling = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            all.add(i);
            if (!tokens.get(i).isFiller()) {
                telling.add(i);
            }
        }
        Map<List<Integer>, Phrase> found = new LinkedHashMap<>();
        find(tokens, all, language, found);
        find(tokens, telling, language, found);
        List<Phrase> ordered = new ArrayList<>(found.values());
        ordered.sort(
                Comparator.comparingInt((Phrase phrase) -> -phrase.positions().size())
                        .thenComparingInt(phrase -> phrase.positions().get(0)));
        var taken = new boolean[tokens.size()];
        List<Phrase> kept = new ArrayList<>();
        for (Phrase phrase : ordered) {
            if (phrase.positions().stream().noneMatch(position -> taken[position])) {
                phrase.positions().forEach(position -> taken[position] = true);
                kept.add(phrase);
            }
        }
        return kept;
    }

    private void find(
            List<Token> tokens, List<Integer> positions, Language language, Map<List<Integer>, Phrase> found) {
        for (int from = 0; from < positions.size(); from++) {
            var exact = new StringBuilder("=");
            var stems = new StringBuilder("~");
            for (int to = from; to < positions.size() && to - from < LONGEST_PHRASE; to++) {
                Token token = tokens.get(positions.get(to));
                exact.append(token.word()).append(' ');
                stems.append(token.stem()).append(' ');
                String exactKey = exact.toString();
                String stemKey = stems.toString();
                List<Sense> exactly = to == from ? null : senses(language, exactKey);
                List<Sense> meant = to == from || exactly != null ? exactly : senses(language, stemKey);
                if (meant != null) {
                    List<Integer> where = List.copyOf(positions.subList(from, to + 1));
                    found.putIfAbsent(where, new Phrase(where, meant));
                }
                if (!beginnings.contains(exactKey) && !beginnings.contains(stemKey)) {
                    break;
                }
            }
        }
    }

    /** A meaning and how sure it is, 0 to 1. */
    record Sense(String concept, double weight) {}

    /** Words that mean something together. */
    record Phrase(List<Integer> positions, List<Sense> senses) {}
}
