package io.github.almeidatech.wppflow.baserow;

import java.util.regex.Pattern;

/**
 * Text on its way into a table that people export to spreadsheets. A text a spreadsheet would run as a formula gets an
 * apostrophe before it, which spreadsheets take for "text follows"; on the way back it is taken off.
 */
final class CellText {

    private static final String FORMULA_SIGNS = "=+-@\t\r\uFF1D\uFF0B\uFF0D\uFF20";

    /** A phone number is no formula, and has to stay one. */
    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");

    private CellText() {}

    /** The text as Baserow stores it: without U+0000, which it refuses, and without blanks around. */
    static String stored(String text) {
        return text.replace("\0", "").strip();
    }

    /** The same, and harmless. Guarding twice changes nothing. */
    static String guarded(String text) {
        String stored = stored(text);
        return startsFormula(stored) ? "'" + stored : stored;
    }

    /** What was meant before it was guarded. */
    static String plain(String cell) {
        return cell.startsWith("'") && startsFormula(cell.substring(1)) ? cell.substring(1) : cell;
    }

    static boolean startsFormula(String text) {
        return !text.isEmpty()
                && FORMULA_SIGNS.indexOf(text.charAt(0)) >= 0
                && !E164.matcher(text).matches();
    }
}
