package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits a message into words: lower case, without accents, repeated letters and decoration. */
final class Words {

    private static final String ACCENTED = "àáâãäåāăąçćčèéêëēęěìíîïīñńòóôõöøōùúûüūýÿžźżšśðł";
    private static final String PLAIN = "aaaaaaaaaccceeeeeeeiiiiinnooooooouuuuuyyzzzssdl";
    private static final char[] FOLDED = foldTable();
    private static final char COMBINING = 0x300;
    private static final char COMBINING_END = 0x36F;

    private Words() {}

    private static char[] foldTable() {
        var table = new char[0x180];
        for (char c = 0; c < table.length; c++) {
            table[c] = c;
        }
        for (int i = 0; i < ACCENTED.length(); i++) {
            table[ACCENTED.charAt(i)] = PLAIN.charAt(i);
        }
        return table;
    }

    /** Lower case without accents. */
    static String fold(String text) {
        return foldLower(text.toLowerCase(Locale.ROOT));
    }

    /** Without accents, of a text in lower case. */
    static String foldLower(String lower) {
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 0x80) {
                return withoutAccents(lower);
            }
        }
        return lower;
    }

    private static String withoutAccents(String lower) {
        var out = new StringBuilder(lower.length());
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c < COMBINING || c > COMBINING_END) {
                out.append(c < FOLDED.length ? FOLDED[c] : c);
            }
        }
        return out.toString();
    }

    /**
     * The parts of a message in lower case, accents kept: words, numbers with their unit ({@code #}, {@code #h}, {@code #/},
     * {@code #x}), emoji, the marks {@code ?} and {@code !}, and {@code ,} for a break.
     */
    static List<String> split(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        var parts = new ArrayList<String>(lower.length() / 5 + 2);
        int i = 0;
        while (i < lower.length()) {
            int c = lower.codePointAt(i);
            int next = i + Character.charCount(c);
            if (Character.isLetter(c)) {
                i = word(lower, i, parts);
            } else if (isDigit(c)) {
                i = number(lower, i, parts);
            } else if (c == '?' || c == '!') {
                parts.add(c == '?' ? "?" : "!");
                while (next < lower.length() && (lower.charAt(next) == '?' || lower.charAt(next) == '!')) {
                    next++;
                }
                i = next;
            } else if (c == '$' && next < lower.length()) {
                parts.add("$");
                i = next;
            } else if (",.;:\n".indexOf(c) >= 0) {
                parts.add(",");
                i = next;
            } else if (c == '+') {
                parts.add("mais");
                i = next;
            } else {
                if (Emoji.is(c)) {
                    parts.add(Character.toString(c));
                }
                i = next;
            }
        }
        return parts;
    }

    private static int word(String text, int from, List<String> parts) {
        var word = new StringBuilder(12);
        int i = from;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            boolean inside = i + 1 < text.length() && Character.isLetter(text.codePointAt(i + 1));
            if (Character.isLetterOrDigit(c) || c >= COMBINING && c <= COMBINING_END) {
                word.appendCodePoint(c);
            } else if (c != '\'' && c != '’' || !inside) {
                break;
            }
            i += Character.charCount(c);
        }
        parts.add(calm(word));
        return i;
    }

    /** Without letters repeated for emphasis: three or more of a kind, or a doubled vowel at the end, become one. */
    private static String calm(StringBuilder word) {
        int length = word.length();
        int out = 0;
        for (int i = 0; i < length; ) {
            int run = i + 1;
            while (run < length && word.charAt(run) == word.charAt(i)) {
                run++;
            }
            boolean vowelsAtEnd = run == length && "aeiou".indexOf(word.charAt(i)) >= 0;
            int keep = run - i >= 3 || vowelsAtEnd ? 1 : run - i;
            char c = word.charAt(i);
            for (int k = 0; k < keep; k++) {
                word.setCharAt(out++, c);
            }
            i = run;
        }
        word.setLength(out);
        return word.toString();
    }

    private static int number(String text, int from, List<String> parts) {
        int i = from;
        var shape = new StringBuilder("#");
        while (i < text.length() && isDigit(text.charAt(i))) {
            i++;
        }
        int digits = i - from;
        boolean more = i + 1 < text.length() && isDigit(text.charAt(i + 1));
        if (more && text.charAt(i) == ':' || more && text.charAt(i) == 'h') {
            i = skipDigits(text, i + 1);
            shape.append('h');
        } else if (more && text.charAt(i) == '/') {
            i = skipDigits(text, i + 1);
            shape.append('/');
        } else if (more && (text.charAt(i) == '.' || text.charAt(i) == ',')) {
            i = skipDigits(text, i + 1);
            shape.append(',');
        } else if (digits >= 8) {
            shape.append('#');
        }
        int unit = i;
        while (i < text.length() && Character.isLetter(text.charAt(i)) && i - unit < 12) {
            shape.append(
                    i < FOLDED.length || text.charAt(i) < FOLDED.length
                            ? FOLDED[Math.min(text.charAt(i), 0x17F)]
                            : '?');
            i++;
        }
        parts.add(shape.toString());
        return i;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static int skipDigits(String text, int from) {
        int i = from;
        while (i < text.length() && (isDigit(text.charAt(i)) || ":/,.".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i;
    }
}
