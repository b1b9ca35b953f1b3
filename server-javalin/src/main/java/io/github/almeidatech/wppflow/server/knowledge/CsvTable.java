package io.github.almeidatech.wppflow.server.knowledge;

import java.util.ArrayList;
import java.util.List;

/** Tables as spreadsheets save them (RFC 4180), with comma, semicolon or tab between the cells. */
final class CsvTable {

    private static final char QUOTE = '"';

    private CsvTable() {}

    /** The rows; empty lines are left out. */
    static List<List<String>> read(String text) {
        char separator = separator(text);
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
