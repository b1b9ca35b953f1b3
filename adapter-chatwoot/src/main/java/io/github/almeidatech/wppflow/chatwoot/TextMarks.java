package io.github.almeidatech.wppflow.chatwoot;

import java.util.regex.Pattern;

/** The marks of a style, and how plain text is kept from being taken for marks. Used by one thread. */
final class TextMarks {

    /** "*like this*" as literal text: WhatsApp would make it bold. */
    private static final Pattern LITERAL_BOLD =
            Pattern.compile("(?<![\\p{L}\\p{N}*])\\*(?=[^\\s*])([^*\\n]*[^*\\s])\\*(?![\\p{L}\\p{N}*])");

    private static final Pattern ENTITY = Pattern.compile("&(?=#?[A-Za-z0-9]{1,31}(?:;|$))");
    /** Between letters it is none of Markdown's marks. */
    private static final Pattern UNDERSCORE = Pattern.compile("(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])");

    private static final Pattern LINK_LIKE = Pattern.compile("\\](?=[(\\[:])");
    private static final Pattern BLOCK_START =
            Pattern.compile("(?m)^(#{1,6}(?=\\s|$)|>|[-+](?=\\s|$)|=+[ \\t]*$|-{2,}[ \\t]*$|~{3,})");
    private static final Pattern NUMBER_START = Pattern.compile("(?m)^(\\d{1,9})([.)])(?=\\s|$)");

    /** Markdown drops blanks at the beginning of lines; no-break spaces stay. */
    private static final Pattern INDENT = Pattern.compile("(?m)^[ \\t]+");

    private final TextStyle style;
    private final UntouchedText untouched;

    TextMarks(TextStyle style, UntouchedText untouched) {
        this.style = style;
        this.untouched = untouched;
    }

    String bold() {
        return switch (style) {
            case WHATSAPP -> "*";
            case MARKDOWN -> "**";
            case PLAIN -> "";
        };
    }

    String italic() {
        return style == TextStyle.PLAIN ? "" : "_";
    }

    /** Chatwoot does not know struck text and passes a single tilde on, which is WhatsApp's mark. */
    String struck() {
        return style == TextStyle.PLAIN ? "" : "~";
    }

    /** The mark before each line of a quotation; WhatsApp's is the same sign. */
    String quote() {
        return switch (style) {
            case WHATSAPP -> "> ";
            case MARKDOWN -> "\\> ";
            case PLAIN -> "";
        };
    }

    String number(int number) {
        return style == TextStyle.MARKDOWN ? number + "\\. " : number + ". ";
    }

    String code(String text) {
        boolean fits = style != TextStyle.PLAIN && !text.isEmpty() && !text.contains("`");
        return fits ? "`" + text + "`" : escaped(text);
    }

    /** Chatwoot drops a code block's marks; as literal text they reach WhatsApp, whose marks they are. */
    String codeBlock(String text) {
        String kept = INDENT.matcher(text)
                .replaceAll(blanks -> "\u00a0".repeat(blanks.group().length()));
        return style == TextStyle.PLAIN ? kept : lineStarts(escaped("```" + kept + "```"));
    }

    /** A text without any meaning as marks; what stands for untouched text is put back. */
    String literal(String text) {
        var result = new StringBuilder();
        var plain = new StringBuilder();
        for (char c : replaced(text, '*', LITERAL_BOLD, "∗$1∗").toCharArray()) {
            if (untouched.isStandIn(c)) {
                result.append(escaped(plain.toString())).append(untouched(untouched.behind(c)));
                plain.setLength(0);
            } else {
                plain.append(c);
            }
        }
        return result.append(escaped(plain.toString())).toString();
    }

    /** A link, an address or a code, so that exactly it arrives. */
    String untouched(String text) {
        return escaped(text);
    }

    private String escaped(String text) {
        if (style != TextStyle.MARKDOWN) {
            return text;
        }
        String escaped = text.replace("\\", "\\\\")
                .replace("`", "\\`")
                .replace("*", "\\*")
                .replace("<", "\\<");
        escaped = replaced(escaped, '_', UNDERSCORE, "\\\\_");
        escaped = replaced(escaped, ']', LINK_LIKE, "\\\\]");
        return replaced(escaped, '&', ENTITY, "\\\\&").replace("~~", "\\~\\~");
    }

    /** Most texts lack the sign that each match begins with or has in it. */
    private static String replaced(String text, char sign, Pattern pattern, String replacement) {
        return text.indexOf(sign) < 0 ? text : pattern.matcher(text).replaceAll(replacement);
    }

    /** Keeps the beginnings of lines from being taken for lists, headings and the like. */
    String lineStarts(String text) {
        if (style != TextStyle.MARKDOWN) {
            return text;
        }
        String safe = BLOCK_START.matcher(text).replaceAll("\\\\$1");
        return NUMBER_START.matcher(safe).replaceAll("$1\\\\$2");
    }
}
