package io.github.almeidatech.wppflow.normalizer;

import java.util.regex.Pattern;

/**
 * What Chatwoot 4.9.0 to 4.12.0 made of a message: its webhooks carried the text as its Markdown renderer would send it,
 * so a customer's {@code *word*} arrived as {@code _word_}. The text as it was written is then in the conversation's newest
 * message, when that is the same one.
 */
final class RenderedText {

    private static final Pattern TAG = Pattern.compile("<[^<>]*>");
    private static final Pattern LIST_NUMBER = Pattern.compile("(?m)^\\s{0,3}\\d{1,9}[.)]\\s");

    private RenderedText() {}

    /**
     * Whether the renderer can have made one text of the other. It changes marks and list numbers and
     * drops link texts, tags and definitions, but outside of tags it adds no letter; whoever edits a text on its way, or writes one for a voice note, does.
     */
    static boolean canBeMade(String rendered, String written) {
        int[] from = letters(written);
        int at = 0;
        String words = LIST_NUMBER.matcher(TAG.matcher(rendered).replaceAll("")).replaceAll("");
        for (int letter : letters(words)) {
            while (at < from.length && from[at] != letter) {
                at++;
            }
            if (at++ >= from.length) {
                return false;
            }
        }
        return true;
    }

    private static int[] letters(String text) {
        return text.codePoints().filter(Character::isLetterOrDigit).toArray();
    }
}
