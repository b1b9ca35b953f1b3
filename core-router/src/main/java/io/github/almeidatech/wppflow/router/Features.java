package io.github.almeidatech.wppflow.router;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model sees of a message: hashed words, word classes, their neighbourhoods, and parts of words. Each feature
 * remembers the tokens it came from, so that a decision can be explained.
 */
final class Features {

    /** Features are numbers below this. */
    static final int SPACE = 1 << 18;

    private static final int WORD = 1;
    private static final int STEM = 2;
    private static final int KIND = 3;
    private static final int FORM = 4;
    private static final int STEMS = 5;
    private static final int PATTERN2 = 6;
    private static final int PATTERN3 = 7;
    private static final int SKIP = 8;
    private static final int KINDS = 9;
    private static final int LETTERS = 10;
    private static final int SHAPE = 11;
    private static final int SOUND = 12;
    private static final int FIRST = 13;
    private static final int DENIED = 14;
    private static final int WANTED = 15;

    private static final int MAX_KINDS = 14;
    private static final Set<String> INSTEAD =
            Set.of("so", "apenas", "somente", "mas", "just", "only", "but", "solo", "pero", "porem", "nomas");

    private int[] ids = new int[256];
    private float[] values = new float[256];
    private short[] from = new short[256];
    private short[] to = new short[256];
    private int size;
    private float scale;

    private Features() {}

    static Features of(List<Token> tokens) {
        var features = new Features();
        features.words(tokens);
        features.neighbours(tokens);
        features.kinds(tokens);
        features.shape(tokens);
        features.clauses(tokens);
        features.letters(tokens);
        features.trim();
        return features;
    }

    /** What tells languages apart: the words as they are written, and their letters. */
    static Features ofSpelling(List<Token> tokens) {
        var features = new Features();
        for (Token token : tokens) {
            String written = token.written();
            if (Character.isLetter(written.charAt(0))) {
                String folded = Words.foldLower(written);
                features.add(hash(WORD, folded), 2, -1, -1);
                features.letters(written, 2, 3, 0.4f, -1);
                if (!folded.equals(written)) {
                    features.letters(folded, 2, 3, 0.4f, -1);
                }
            }
        }
        features.trim();
        return features;
    }

    /** Each feature once, with its value. */
    Map<Integer, Float> distinct() {
        var distinct = new HashMap<Integer, Float>();
        for (int i = 0; i < size; i++) {
            distinct.putIfAbsent(ids[i], values[i]);
        }
        return distinct;
    }

    int size() {
        return size;
    }

    int id(int i) {
        return ids[i];
    }

    float value(int i) {
        return values[i];
    }

    /** Keeps long messages from shouting: every value is to be multiplied by it. */
    float scale() {
        return scale;
    }

    /** The first token of a feature, or −1 for one of the whole message. */
    int from(int i) {
        return from[i];
    }

    /** The last token of a feature. */
    int to(int i) {
        return to[i];
    }

    private void words(List<Token> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            add(hash(WORD, token.word()), 1, i, i);
            add(hash(STEM, token.stem()), 1, i, i);
            if (token.kind() != null) {
                add(hash(KIND, token.kind()), 1.2f, i, i);
            }
            if (token.form() != null) {
                add(hash(FORM, token.form()), 1, i, i);
            }
            if (token.word().length() > 3) {
                add(hash(SOUND, token.sound()), 0.7f, i, i);
            }
        }
    }

    private void neighbours(List<Token> tokens) {
        int n = tokens.size();
        int start = "^".hashCode();
        int end = "$".hashCode();
        var stems = new int[n + 2];
        var patterns = new int[n + 2];
        stems[0] = start;
        patterns[0] = start;
        stems[n + 1] = end;
        patterns[n + 1] = end;
        for (int i = 0; i < n; i++) {
            stems[i + 1] = tokens.get(i).stem().hashCode();
            patterns[i + 1] = tokens.get(i).pattern().hashCode();
        }
        for (int i = 0; i <= n; i++) {
            add(mix(STEMS, stems[i], stems[i + 1]), 1, i - 1, i);
            add(mix(PATTERN2, patterns[i], patterns[i + 1]), 1, i - 1, i);
            if (i + 2 <= n + 1) {
                add(mix(PATTERN3, mix(patterns[i], patterns[i + 1], patterns[i + 2]), 0), 1, i - 1, i + 1);
                add(mix(SKIP, patterns[i], patterns[i + 2]), 0.9f, i - 1, i + 1);
            }
            if (i + 3 <= n + 1) {
                add(mix(SKIP, patterns[i], patterns[i + 3]), 0.9f, i - 1, i + 2);
            }
        }
    }

    /** Which classes occur together, wherever. */
    private void kinds(List<Token> tokens) {
        var present = new int[MAX_KINDS];
        int count = 0;
        for (Token token : tokens) {
            count = insert(present, count, token.kind());
            count = insert(present, count, token.form());
        }
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                add(mix(KINDS, present[i], present[j]), 0.7f, -1, -1);
            }
        }
    }

    /** Adds a name to a sorted set of hashes, while there is room; how many there are then. */
    private static int insert(int[] sorted, int count, @Nullable String name) {
        if (name == null || count == sorted.length) {
            return count;
        }
        int at = Arrays.binarySearch(sorted, 0, count, name.hashCode());
        if (at >= 0) {
            return count;
        }
        int place = -at - 1;
        System.arraycopy(sorted, place, sorted, place + 1, count - place);
        sorted[place] = name.hashCode();
        return count + 1;
    }

    private void shape(List<Token> tokens) {
        int words = tokens.size();
        String length =
                words <= 1 ? "1" : words <= 2 ? "2" : words <= 4 ? "4" : words <= 8 ? "8" : words <= 16 ? "16" : "more";
        add(hash(SHAPE, length), 1, -1, -1);
        boolean asks = false;
        for (Token token : tokens) {
            asks |= token.word().equals("?");
        }
        add(hash(SHAPE, asks ? "asks" : "tells"), 1, -1, -1);
    }

    /** What comes first, what is denied, and what is wanted instead. */
    private void clauses(List<Token> tokens) {
        int denied = 0;
        int wanted = 0;
        boolean first = true;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean asked = i > 0 && tokens.get(i - 1).word().equals("?");
            if (asked || i > 2 && token.afterBreak() && token.kind() != null) {
                first = false;
            }
            if (token.afterBreak() || INSTEAD.contains(token.word())) {
                denied = 0;
            }
            String pattern = token.pattern();
            if (first && i < 12 && token.kind() != null) {
                add(hash(FIRST, token.kind()), 0.7f, i, i);
            }
            if (denied > 0) {
                add(hash(DENIED, pattern), 0.7f, i, i);
                denied--;
            }
            if (wanted > 0) {
                add(hash(WANTED, pattern), 0.7f, i, i);
                wanted--;
            }
            if (token.is("neg")) {
                denied = 4;
            }
            if (INSTEAD.contains(token.word()) || token.is("want")) {
                wanted = 4;
            }
        }
    }

    private void letters(List<Token> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            String word = tokens.get(i).word();
            if (word.length() >= 3) {
                letters(word, 3, 5, 0.28f, i);
            }
        }
    }

    private void letters(String word, int shortest, int longest, float value, int token) {
        int n = word.length() + 2;
        for (int length = shortest; length <= longest; length++) {
            for (int start = 0; start + length <= n; start++) {
                int hash = LETTERS * 31 + length;
                for (int k = start; k < start + length; k++) {
                    hash = hash * 31 + (k == 0 || k == n - 1 ? '_' : word.charAt(k - 1));
                }
                add(scatter(hash), value, token, token);
            }
        }
    }

    private void trim() {
        float squares = 1e-6f;
        for (int i = 0; i < size; i++) {
            squares += values[i] * values[i];
        }
        scale = (float) StrictMath.pow(squares, -0.5);
    }

    private void add(int hash, float value, int first, int last) {
        if (size == ids.length) {
            int more = size * 2;
            ids = Arrays.copyOf(ids, more);
            values = Arrays.copyOf(values, more);
            from = Arrays.copyOf(from, more);
            to = Arrays.copyOf(to, more);
        }
        ids[size] = hash & (SPACE - 1);
        values[size] = value;
        from[size] = (short) first;
        to[size] = (short) last;
        size++;
    }

    private static int hash(int type, String text) {
        return mix(type, text.hashCode(), 0);
    }

    private static int mix(int a, int b, int c) {
        return scatter((a * 0x9E3779B1 + b) * 0x85EBCA6B + c);
    }

    private static int scatter(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x7FEB352D;
        h ^= h >>> 15;
        h *= 0x846CA68B;
        return h ^ h >>> 16;
    }
}
