package io.github.almeidatech.wppflow.llm;

/** Text from outside, made fit to be sent: bounded, without control characters and half characters. */
final class Untrusted {

    private Untrusted() {}

    /** Keeps line breaks. */
    static String text(String text, int maxCharacters) {
        var clean = new StringBuilder(Math.min(text.length(), maxCharacters) + 1);
        for (int i = 0; i < text.length() && clean.length() < maxCharacters; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            if (point == '\n' || !Character.isISOControl(point) && !half) {
                clean.appendCodePoint(point);
            } else {
                clean.append(' ');
            }
        }
        return clean.toString().strip();
    }

    /** In one line. */
    static String line(String text, int maxCharacters) {
        return text(text, maxCharacters).replaceAll("\\s+", " ");
    }
}
