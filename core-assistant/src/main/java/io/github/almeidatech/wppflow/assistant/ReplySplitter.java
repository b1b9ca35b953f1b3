package io.github.almeidatech.wppflow.assistant;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts a long reply into bubbles: between paragraphs, else between sentences, else between words; a word is never cut
 * unless it alone is longer than a bubble, so links, numbers and Pix keys stay whole. Order and text are kept.
 */
final class ReplySplitter {

    private static final Pattern PARAGRAPH = Pattern.compile("\\n[ \\t]*\\n\\s*");
    /** After . ! ? … and blanks, before something that can begin a sentence: "R$ 1.000" and "dr. Silva" are no ends. */
    private static final Pattern SENTENCE =
            Pattern.compile("(?<=[.!?…])(?<!\\b\\p{L}{1,3}\\.)\\s+(?=[\\p{Lu}\\d¿¡*_\"“(])");

    private static final Pattern WORD = Pattern.compile("(?<!R\\$)\\s+");

    private final int maxCharacters;

    ReplySplitter(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    List<String> split(String reply) {
        return pack(reply.strip(), List.of(PARAGRAPH, SENTENCE, WORD), List.of("\n\n", " ", " "));
    }

    /** Cuts at the first separator and joins what fits together again; what is too long by itself goes to the next. */
    private List<String> pack(String text, List<Pattern> separators, List<String> glue) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (text.length() <= maxCharacters) {
            return List.of(text);
        }
        if (separators.isEmpty()) {
            return cut(text);
        }
        var bubbles = new ArrayList<String>();
        var current = new StringBuilder();
        for (String part : separators.get(0).split(text)) {
            if (current.length() > 0 && current.length() + glue.get(0).length() + part.length() > maxCharacters) {
                bubbles.add(current.toString());
                current.setLength(0);
            }
            if (part.length() > maxCharacters) {
                bubbles.addAll(pack(part, rest(separators), rest(glue)));
            } else {
                current.append(current.length() == 0 ? "" : glue.get(0)).append(part);
            }
        }
        if (current.length() > 0) {
            bubbles.add(current.toString());
        }
        return bubbles;
    }

    private List<String> cut(String text) {
        var pieces = new ArrayList<String>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(from + maxCharacters, text.length());
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static <T> List<T> rest(List<T> list) {
        return list.subList(1, list.size());
    }
}
