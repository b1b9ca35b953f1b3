package io.github.almeidatech.wppflow.chatwoot;

import java.util.regex.Pattern;

/**
 * Chatwoot runs outgoing texts, notes included, through the template language Liquid: two opening braces could be replaced
 * by a contact's data, or swallow the rest. A blank between the two takes the meaning away and leaves the text readable.
 */
final class LiquidBraces {

    private static final Pattern OPENING = Pattern.compile("\\{(?=[{%])");

    private LiquidBraces() {}

    static String defuse(String text) {
        return OPENING.matcher(text).replaceAll("{ ");
    }
}
