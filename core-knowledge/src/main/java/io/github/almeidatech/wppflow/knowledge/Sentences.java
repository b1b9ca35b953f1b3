package io.github.almeidatech.wppflow.knowledge;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts text into sentences, none longer than a passage may be. */
final class Sentences {

    private static final Locale BRAZIL = Locale.forLanguageTag("pt-BR");

    private Sentences() {}

    static List<String> of(String text) {
        var breaks = BreakIterator.getSentenceInstance(BRAZIL);
        breaks.setText(text);
        List<String> sentences = new ArrayList<>();
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            addPieces(text.substring(start, end).strip(), sentences);
            start = end;
        }
        return sentences;
    }

    /** Text without sentence marks is cut at blanks, and where there are none, anywhere but inside a character. */
    private static void addPieces(String sentence, List<String> into) {
        String rest = sentence;
        while (rest.length() > PassageSplitter.LONGEST) {
            int cut = rest.lastIndexOf(' ', PassageSplitter.LONGEST);
            if (cut < PassageSplitter.LONGEST / 2) {
                cut = PassageSplitter.LONGEST;
                if (Character.isLowSurrogate(rest.charAt(cut))) {
                    cut--;
                }
            }
            into.add(rest.substring(0, cut).strip());
            rest = rest.substring(cut).strip();
        }
        if (!rest.isEmpty()) {
            into.add(rest);
        }
    }
}
