package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a message into tokens. Immutable and thread-safe. */
final class Tokenizer {

    /** Longer messages are judged by their beginning and their end. */
    private static final int MAX_TOKENS = 200;

    private final Lexicon lexicon;

    Tokenizer(Lexicon lexicon) {
        this.lexicon = lexicon;
    }

    List<Token> tokens(String text) {
        String bounded =
                text.length() <= 4_000 ? text : text.substring(0, 2_000) + " " + text.substring(text.length() - 2_000);
        List<String> parts = Words.split(bounded);
        var tokens = new ArrayList<Token>(parts.size());
        boolean afterBreak = false;
        for (String part : parts) {
            if (part.equals(",")) {
                afterBreak = true;
                continue;
            }
            String word = lexicon.expand(Words.foldLower(part));
            int space = word.indexOf(' ');
            while (space >= 0) {
                tokens.add(token(part, word.substring(0, space), afterBreak));
                afterBreak = false;
                word = word.substring(space + 1);
                space = word.indexOf(' ');
            }
            tokens.add(token(part, word, afterBreak));
            afterBreak = false;
        }
        if (tokens.size() <= MAX_TOKENS) {
            return tokens;
        }
        var ends = new ArrayList<Token>(tokens.subList(0, MAX_TOKENS / 2));
        ends.addAll(tokens.subList(tokens.size() - MAX_TOKENS / 2, tokens.size()));
        return ends;
    }

    private Token token(String part, String word, boolean afterBreak) {
        char first = word.charAt(0);
        if (first == '#') {
            return new Token(part, word, word, word, numberKind(word), null, true, afterBreak);
        }
        if (!Character.isLetter(first)) {
            String kind = Emoji.is(word.codePointAt(0)) ? Emoji.kind(word) : null;
            return new Token(part, word, word, word, kind, null, true, afterBreak);
        }
        String sound = Sound.of(word);
        String kind = lexicon.kindOf(word, sound);
        return new Token(
                part, word, Stem.of(word), sound, kind, Stem.form(part, word), lexicon.knows(word), afterBreak);
    }

    private static @Nullable String numberKind(String shape) {
        return switch (shape) {
            case "#h", "#hs", "#hrs", "#hr", "#am", "#pm", "#hh", "#horas" -> "clock";
            case "#/" -> "date";
            case "#," -> "decimal";
            case "#x" -> "times";
            case "##" -> "long_number";
            default -> "number";
        };
    }
}
