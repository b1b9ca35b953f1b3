package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Language;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads chat and document text into comparable words: folds case, accents, plurals and stretched letters, writes chat
 * abbreviations out, and tells fillers from words that carry a topic. Immutable and thread-safe.
 */
final class Words {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern LAUGHTER = Pattern.compile("k{2,}+|(?:ha|he|hua|rs|ja|je){2,40}+h?|rs");
    private static final String LAUGHS = "khrj";
    private static final Pattern STRETCHED = Pattern.compile("([a-z])\\1{2,}");
    /** What is written so in one of the languages only. */
    private static final Pattern PORTUGUESE = Pattern.compile("(?iu)[ãõç]");

    private static final Pattern SPANISH = Pattern.compile("(?iu)[¿¡]{1,2}|ñ|ci[oó]n(?:es)?\\b|\\bll[aeo]");
    private static final int LONGEST_WORD = 60;
    private static final int SHOWS_LANGUAGE = 2_000;

    private final Map<String, List<String>> abbreviations = new HashMap<>();
    private final Map<Language, Set<String>> fillers = new HashMap<>();
    private final Map<Language, Set<String>> light = new HashMap<>();
    private final Stemmer stemmer = new Stemmer();

    Words() {
        for (String line : Resource.lines("language/abbreviations.txt")) {
            String[] parts = line.split("=", 2);
            abbreviations.put(parts[0].strip(), List.of(parts[1].strip().split(" ")));
        }
        readByLanguage("language/fillers.txt", fillers);
        readByLanguage("language/light-words.txt", light);
    }

    private static void readByLanguage(String resource, Map<Language, Set<String>> into) {
        for (String line : Resource.lines(resource)) {
            String[] words = line.split("\\s+");
            Set<String> set = into.computeIfAbsent(Language.ofTag(words[0]), key -> new HashSet<>());
            set.addAll(List.of(words).subList(1, words.length));
        }
    }

    /** The language of a text, by the commonest words of its beginning. */
    Language languageOf(String text) {
        String beginning = text.length() > SHOWS_LANGUAGE ? text.substring(0, SHOWS_LANGUAGE) : text;
        return languageOf(beginning, split(beginning));
    }

    /** The words of a text, in order. */
    List<Token> read(String text, Language language) {
        return tokens(split(text), language);
    }

    /** The words of several texts, each in order; quicker than one by one. */
    List<List<Token>> readAll(List<String> texts, Language language) {
        List<List<String>> raw = texts.stream().map(this::split).toList();
        List<Token> tokens = tokens(raw.stream().flatMap(List::stream).toList(), language);
        List<List<Token>> each = new ArrayList<>(raw.size());
        int from = 0;
        for (List<String> words : raw) {
            each.add(tokens.subList(from, from + words.size()));
            from += words.size();
        }
        return each;
    }

    private List<Token> tokens(List<String> raw, Language language) {
        List<String> folded = new ArrayList<>(raw.size());
        raw.forEach(word -> folded.add(Stemmer.singular(word)));
        List<String> distinct = List.copyOf(new LinkedHashSet<>(folded));
        List<String> stems = stemmer.stems(distinct, language);
        Map<String, String> stemOf = new HashMap<>();
        for (int i = 0; i < stems.size(); i++) {
            stemOf.put(distinct.get(i), stems.get(i));
        }
        Set<String> filler = fillers.getOrDefault(language, Set.of());
        Set<String> says = light.getOrDefault(language, Set.of());
        List<Token> tokens = new ArrayList<>(raw.size());
        for (int i = 0; i < raw.size(); i++) {
            String word = raw.get(i);
            Token.Weight weight = filler.contains(word)
                    ? Token.Weight.FILLER
                    : says.contains(word) || word.length() == 1 || Character.isDigit(word.charAt(0))
                            ? Token.Weight.LIGHT
                            : Token.Weight.CONTENT;
            tokens.add(new Token(folded.get(i), stemOf.getOrDefault(folded.get(i), word), weight));
        }
        return tokens;
    }

    private List<String> split(String text) {
        String plain = fold(text);
        List<String> words = new ArrayList<>();
        var matcher = WORD.matcher(plain);
        while (matcher.find()) {
            if (LAUGHS.indexOf(plain.charAt(matcher.start())) >= 0
                    && LAUGHTER.matcher(matcher.group()).matches()) {
                continue;
            }
            String word = matcher.group();
            if (isStretched(word)) {
                word = STRETCHED.matcher(word).replaceAll("$1");
            }
            if (word.length() > LONGEST_WORD) {
                word = word.substring(0, LONGEST_WORD);
            }
            words.addAll(abbreviations.getOrDefault(word, List.of(word)));
        }
        return words;
    }

    private static boolean isStretched(String word) {
        for (int i = 2; i < word.length(); i++) {
            if (word.charAt(i) == word.charAt(i - 1) && word.charAt(i) == word.charAt(i - 2)) {
                return true;
            }
        }
        return false;
    }

    /** Lower case without accents; compatibility forms such as 𝗯𝗼𝗹𝗱 become plain letters. */
    static String fold(String text) {
        if (isAscii(text)) { // nearly always when reading our own lists
            return text.toLowerCase(Locale.ROOT);
        }
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD);
        var plain = new StringBuilder(decomposed.length());
        for (int i = 0; i < decomposed.length(); i++) {
            char c = decomposed.charAt(i);
            if (Character.getType(c) != Character.NON_SPACING_MARK) {
                plain.append(c);
            }
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    private Language languageOf(String text, List<String> words) {
        double spanish = spelt(SPANISH, text);
        double english = 0;
        double portuguese = 0.5 + spelt(PORTUGUESE, text);
        for (String word : words) {
            boolean pt = isCommon(word, Language.PT_BR);
            boolean es = isCommon(word, Language.ES);
            boolean en = isCommon(word, Language.EN);
            portuguese += pt ? (es || en ? 0.4 : 1) : 0;
            spanish += es ? (pt || en ? 0.4 : 1) : 0;
            english += en ? (pt || es ? 0.4 : 1) : 0;
        }
        if (english > portuguese && english > spanish) {
            return Language.EN;
        }
        return spanish > portuguese ? Language.ES : Language.PT_BR;
    }

    /** As much as two common words at most: names and loans are spelt so as well. */
    private static double spelt(Pattern spelling, String text) {
        return Math.min(2, spelling.matcher(text).results().count());
    }

    /** Words that carry little or no topic. */
    Set<String> common(Language language) {
        Set<String> all = new HashSet<>(fillers.getOrDefault(language, Set.of()));
        all.addAll(light.getOrDefault(language, Set.of()));
        return all;
    }

    private boolean isCommon(String word, Language language) {
        return fillers.getOrDefault(language, Set.of()).contains(word)
                || light.getOrDefault(language, Set.of()).contains(word);
    }
}
