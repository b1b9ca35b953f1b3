package io.github.almeidatech.wppflow.normalizer;

/** Text that every database and every encoder takes. */
final class StorableText {

    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** The same text, with NUL and halves of surrogate pairs replaced by U+FFFD. */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 0 || Character.isSurrogate(text.charAt(i))) {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        StringBuilder repaired = new StringBuilder(text.length());
        text.codePoints()
                .map(each -> each == 0 || (each <= Character.MAX_VALUE && Character.isSurrogate((char) each))
                        ? REPLACEMENT
                        : each)
                .forEach(repaired::appendCodePoint);
        return repaired.toString();
    }

    /** Whether a reader would see nothing: white space, control and format characters, and what was replaced. */
    static boolean isInvisible(String text) {
        return text.codePoints()
                .allMatch(each -> Character.isWhitespace(each)
                        || Character.isSpaceChar(each)
                        || Character.isISOControl(each)
                        || Character.getType(each) == Character.FORMAT
                        || each == REPLACEMENT);
    }
}
