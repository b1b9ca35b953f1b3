package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** All tables with their rows on one page, which looks again by itself. */
final class BaserowPage {

    private static final String HEAD = """
            <!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
            <title>Simulated Baserow</title><style>
            body{font:15px system-ui,sans-serif;margin:2em} table{border-collapse:collapse;margin-bottom:2em}
            th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top} th{background:#f3f3f3}
            </style></head><body>
            """;

    private BaserowPage() {}

    static Answer of(List<BaserowTable> tables) {
        var html = new StringBuilder(HEAD);
        tables.forEach(table -> append(html, table));
        return Answer.text(
                        200,
                        "text/html; charset=utf-8",
                        html.append("</body></html>\n").toString())
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    }

    private static void append(StringBuilder html, BaserowTable table) {
        List<String> columns =
                table.fields().values().stream().map(BaserowField::name).toList();
        html.append("<h2>")
                .append(escaped(table.name()))
                .append(" (")
                .append(table.id())
                .append(")</h2><table><tr><th>id");
        columns.forEach(column -> html.append("<th>").append(escaped(column)));
        for (JsonNode row : table.rows()) {
            html.append("\n<tr><td>").append(row.path("id").asText());
            columns.forEach(column -> html.append("<td>").append(escaped(cell(row.path(column)))));
        }
        html.append("</table>\n");
    }

    private static String cell(JsonNode value) {
        return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
