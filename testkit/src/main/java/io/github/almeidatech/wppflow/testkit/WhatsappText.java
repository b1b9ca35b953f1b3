package io.github.almeidatech.wppflow.testkit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Chatwoot's Markdown renderer makes of a text for WhatsApp, well enough to see its traps: double asterisks become
 * bold, single ones italics, links lose their title, bullets become hyphens, headings their marks.
 */
final class WhatsappText {

    private static final Pattern BOLD = Pattern.compile("\\*\\*(?=\\S)(.+?)(?<=\\S)\\*\\*");
    private static final Pattern ITALICS =
            Pattern.compile("(?<![*\\w])\\*(?=[^\\s*])([^*\\n]*?)(?<=[^\\s*])\\*(?![*\\w])");
    private static final Pattern STRIKE = Pattern.compile("~~(?=\\S)(.+?)(?<=\\S)~~");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]\\n]*)\\]\\((\\S+?)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +");
    private static final Pattern BULLET = Pattern.compile("(?m)^( *)[*+] +");
    private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>\\n]*>");

    private static final char ASIDE = '\uE000';
    private static final Pattern ESCAPED = Pattern.compile("\\\\(\\p{Punct})");
    private static final Pattern PUT_ASIDE = Pattern.compile("[\\uE000-\\uE07F]");

    private WhatsappText() {}

    static String render(String content) {
        // A sign after a backslash means itself: put aside in a private area of Unicode until the end.
        var text = ESCAPED.matcher(content)
                .replaceAll(sign -> String.valueOf((char) (ASIDE + sign.group(1).charAt(0))));
        text = TAG.matcher(text).replaceAll("");
        text = HEADING.matcher(text).replaceAll("");
        text = BULLET.matcher(text).replaceAll("$1- ");
        text = LINK.matcher(text).replaceAll("$2");
        // Bold is put aside while italics are looked for, because both end in asterisks.
        text = BOLD.matcher(text).replaceAll("\u0001$1\u0001");
        text = ITALICS.matcher(text).replaceAll("_$1_");
        text = STRIKE.matcher(text).replaceAll("~$1~");
        text = text.replace('\u0001', '*').replaceAll("\\n+$", "");
        return PUT_ASIDE
                .matcher(text)
                .replaceAll(sign -> Matcher.quoteReplacement(
                        String.valueOf((char) (sign.group().charAt(0) - ASIDE))));
    }
}
