package io.github.almeidatech.wppflow.llm;

/** Text from outside, made fit to be sent: bounded, without half characters and those nobody sees. */
final class Untrusted {

    private Untrusted() {}

    /** Keeps line breaks. */
    static String text(String text, int maxCharacters) {
        var clean = new StringBuilder(Math.min(text.length(), maxCharacters) + 1);
        for (int i = 0; i < text.length() && clean.length() < maxCharacters; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point == '\n' || !Character.isISOControl(point) && !isHalf(point) && !isHidden(point)) {
                clean.appendCodePoint(point);
            } else if (!isHidden(point)) {
                clean.append(' ');
            }
        }
        return clean.toString().strip();
    }

    /** In one line. */
    static String line(String text, int maxCharacters) {
        return text(text, maxCharacters).replaceAll("\\s+", " ");
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    /** Tag characters spell instructions that models read and people do not see; bidi overrides turn a text around. */
    static boolean isHidden(int point) {
        return point >= 0xE0000 && point <= 0xE007F
                || point >= 0x202A && point <= 0x202E
                || point >= 0x2066 && point <= 0x2069;
    }
}
