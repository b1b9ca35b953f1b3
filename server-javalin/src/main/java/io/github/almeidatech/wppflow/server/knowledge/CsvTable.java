package io.github.almeidatech.wppflow.server.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tables as spreadsheets save them (RFC 4180), with comma, semicolon or tab between the cells. A first line such as
 * {@code sep=;}, which tells Excel what stands between them, is no row.
 */
final class CsvTable {

    private static final char QUOTE = '"';
    private static final Pattern TOLD = Pattern.compile("(?i)\"?sep=([,;\t])[^\\n]*\\n?");

    private CsvTable() {}

    /** The rows; empty lines are left out. */
    static List<List<String>> read(String text) {
        Matcher told = TOLD.matcher(text);
        return told.lookingAt()
                ? read(text.substring(told.end()), told.group(1).charAt(0))
                : read(text, separator(text));
    }

    private static List<List<String>> read(String text, char separator) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != QUOTE) {
                    cell.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == QUOTE) {
                    cell.append(c);
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == QUOTE && cell.isEmpty()) {
                quoted = true;
            } else if (c == separator) {
                end(cell, row);
            } else if (c == '\n') {
                end(cell, row);
                end(row, rows);
                row = new ArrayList<>();
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        end(cell, row);
        end(row, rows);
        return rows;
    }

    private static void end(StringBuilder cell, List<String> row) {
        row.add(cell.toString());
        cell.setLength(0);
    }

    private static void end(List<String> row, List<List<String>> rows) {
        if (row.stream().anyMatch(each -> !each.isBlank())) {
            rows.add(row);
        }
    }

    /** The one that occurs most often in the first line. */
    private static char separator(String text) {
        String first = text.lines().findFirst().orElse("");
        char best = ',';
        for (char candidate : new char[] {';', '\t'}) {
            if (count(first, candidate) > count(first, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static long count(String line, char wanted) {
        return line.chars().filter(c -> c == wanted).count();
    }
}
