package io.github.almeidatech.wppflow.router;

/** How a word sounds in Portuguese, roughly: words that are easily mistaken in writing get the same key. */
final class Sound {

    private Sound() {}

    /** The key of a folded word. */
    static String of(String word) {
        var key = new StringBuilder(word.length());
        int n = word.length() > 4 && word.endsWith("r") ? word.length() - 1 : word.length();
        for (int i = 0; i < n; i++) {
            char c = word.charAt(i);
            char next = i + 1 < n ? word.charAt(i + 1) : 0;
            char out = switch (c) {
                case 'h' -> 0;
                case 'c' -> next == 'h' ? 'x' : next == 'e' || next == 'i' ? 's' : 'k';
                case 'q' -> 'k';
                case 'z', 'x' -> 's';
                case 's' -> 's';
                case 'y' -> 'i';
                case 'w' -> 'u';
                case 'g' -> next == 'e' || next == 'i' ? 'j' : 'g';
                case 'e' -> i == n - 1 ? 'i' : 'e';
                case 'o' -> i == n - 1 ? 'u' : 'o';
                case 'l' ->
                    i > 0 && next != 0 && isVowel(word.charAt(i - 1)) && !isVowel(next) && next != 'h' ? 'u' : 'l';
                case 'n' -> next == 0 || isVowel(next) ? 'n' : 'm';
                case 'u' ->
                    i > 0 && (word.charAt(i - 1) == 'q' || word.charAt(i - 1) == 'g') && (next == 'e' || next == 'i')
                            ? 0
                            : 'u';
                default -> c;
            };
            if (out == 'x') {
                out = 's';
            }
            if (out != 0 && (key.length() == 0 || key.charAt(key.length() - 1) != out)) {
                key.append(out);
            }
        }
        return key.toString();
    }

    private static boolean isVowel(char c) {
        return "aeiou".indexOf(c) >= 0;
    }
}
