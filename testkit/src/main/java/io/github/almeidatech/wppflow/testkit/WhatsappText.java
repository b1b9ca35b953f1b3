package io.github.almeidatech.wppflow.testkit;

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

    private WhatsappText() {}

    static String render(String content) {
        var text = TAG.matcher(content).replaceAll("");
        text = HEADING.matcher(text).replaceAll("");
        text = BULLET.matcher(text).replaceAll("$1- ");
        text = LINK.matcher(text).replaceAll("$2");
        // Bold is put aside while italics are looked for, because both end in asterisks.
        text = BOLD.matcher(text).replaceAll("\u0001$1\u0001");
        text = ITALICS.matcher(text).replaceAll("_$1_");
        text = STRIKE.matcher(text).replaceAll("~$1~");
        return text.replace('\u0001', '*').replaceAll("\\n+$", "");
    }
}
