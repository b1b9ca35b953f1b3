package io.github.almeidatech.wppflow.knowledge;

import java.util.regex.Pattern;

/**
 * The clause of a message that asks, and what surrounds it: in "we are away in May, do you keep cats? thanks" the cats
 * are asked for. Without a question mark, what follows "I would like to know" asks; else the whole message does.
 */
record Clauses(String before, String core, String after) {

    private static final Pattern BOUNDARY = Pattern.compile("[.!?;,\\n]+");
    private static final Pattern WANTS_TO_KNOW = Pattern.compile(
            "(?iU)\\b(?:saber|ver|perguntar|confirmar|know|ask|preguntar)\\b(?=\\s+(?:se|como|quanto|quantos|qual|quais|quando|onde|que|o que|if|how|what|when|where|si|cómo|cuánto|cuál|dónde)\\b)");

    static Clauses of(String text) {
        int asked = text.lastIndexOf('?');
        while (asked > 0 && text.charAt(asked - 1) == '?') {
            asked--;
        }
        if (asked > 0) {
            int from = 0;
            int to = asked;
            var boundary = BOUNDARY.matcher(text);
            while (boundary.find() && boundary.end() <= asked) {
                if (boundary.end() < asked
                        && !text.substring(boundary.end(), asked).isBlank()) {
                    from = boundary.end();
                }
            }
            return new Clauses(text.substring(0, from), text.substring(from, to), text.substring(to));
        }
        var wants = WANTS_TO_KNOW.matcher(text);
        int from = 0;
        while (wants.find()) {
            from = wants.end();
        }
        return new Clauses(text.substring(0, from), text.substring(from), "");
    }
}
