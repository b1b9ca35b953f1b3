package io.github.almeidatech.wppflow.router;

import org.jspecify.annotations.Nullable;

/** Endings of three languages, cut or named. */
final class Stem {

    private static final int MIN_ROOT = 3;
    private static final String[] ENDINGS = {
        "amentos", "imentos", "amento", "imento", "issimo", "issima", "aremos", "assem", "armos", "ariam", "avamos",
        "inhos", "inhas", "zinho", "zinha", "ieron", "iendo", "acoes", "mente", "inho", "inha", "aram", "eram", "iram",
        "aron", "avam", "ando", "endo", "indo", "acao", "icao", "aria", "eria", "iria", "asse", "esse", "arem", "erem",
        "adas", "ados", "idas", "idos", "amos", "emos", "imos", "ing", "ada", "ado", "ida", "ido", "ava", "iam", "oes",
        "aes", "ais", "eis", "ar", "er", "ir", "ou", "ei", "iu", "ia", "am", "em", "ed", "as", "os", "es", "is", "ao",
        "s", "a", "e", "i", "o"
    };

    private Stem() {}

    /** The word without its ending. */
    static String of(String word) {
        if (word.length() <= MIN_ROOT) {
            return word;
        }
        for (String ending : ENDINGS) {
            if (word.length() - ending.length() >= MIN_ROOT && word.endsWith(ending)) {
                return word.substring(0, word.length() - ending.length());
            }
        }
        return word;
    }

    /** The grammatical form an ending tells; accents kept in the word, because they tell tenses apart. */
    static @Nullable String form(String accented, String word) {
        int n = word.length();
        if (n < 4) {
            return null;
        }
        if (word.endsWith("aram")
                || word.endsWith("eram")
                || word.endsWith("iram")
                || word.endsWith("aron")
                || word.endsWith("ieron")) {
            return "~they_did";
        }
        if (word.endsWith("ou") || word.endsWith("iu") || accented.endsWith("ó")) {
            return "~it_did";
        }
        if (word.endsWith("ei")) {
            return "~i_did";
        }
        if (n > 4
                && (word.endsWith("ando") || word.endsWith("endo") || word.endsWith("indo") || word.endsWith("ing"))) {
            return "~doing";
        }
        if (n > 4
                && (word.endsWith("ado")
                        || word.endsWith("ada")
                        || word.endsWith("ido")
                        || word.endsWith("ida")
                        || word.endsWith("ed"))) {
            return "~done";
        }
        if (n > 4 && (word.endsWith("ava") || word.endsWith("avam"))) {
            return "~was";
        }
        if (word.endsWith("ar") || word.endsWith("er") || word.endsWith("ir")) {
            return "~to_do";
        }
        return n > 6 && word.endsWith("mente") ? "~ly" : null;
    }
}
