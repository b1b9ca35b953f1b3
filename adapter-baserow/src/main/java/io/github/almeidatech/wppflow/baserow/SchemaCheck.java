package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.baserow.SchemaProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares tables with what is expected of them: at start, and when a person asks. Blocks; never throws for Baserow. */
public final class SchemaCheck {

    private SchemaCheck() {}

    /** Everything that is not as expected, table by table; empty when all is well. */
    public static List<SchemaProblem> of(BaserowClient client, List<TableExpectation> tables) {
        var problems = new ArrayList<SchemaProblem>();
        for (TableExpectation table : tables) {
            try {
                check(table, client.fields(table.table()), problems);
            } catch (BaserowException e) {
                problems.add(unread(table, e));
            }
        }
        return List.copyOf(problems);
    }

    private static SchemaProblem unread(TableExpectation table, BaserowException e) {
        return switch (e.error()) {
            case TABLE_NOT_FOUND -> problem(table, null, Kind.NO_TABLE, "there is no such table for this token");
            case UNAUTHORIZED -> problem(table, null, Kind.NO_ACCESS, "the token is not accepted");
            case FORBIDDEN -> problem(table, null, Kind.NO_ACCESS, "the token may not read the table");
            default ->
                problem(
                        table,
                        null,
                        Kind.NOT_CHECKED,
                        "not checked, Baserow did not answer: " + e.error().word());
        };
    }

    private static void check(TableExpectation table, List<TableField> fields, List<SchemaProblem> problems) {
        for (TableExpectation.Column column : table.columns()) {
            String name = column.name();
            Optional<TableField> found =
                    fields.stream().filter(field -> field.name().equals(name)).findFirst();
            if (found.isEmpty()) {
                problems.add(problem(table, name, Kind.MISSING, "is missing" + alike(name, fields)));
                continue;
            }
            TableField field = found.get();
            if (column.writable() && field.readOnly()) {
                String message = "has the type " + field.type() + ", which Baserow fills in by itself";
                problems.add(problem(table, name, Kind.READ_ONLY, message));
            } else if (!column.types().isEmpty() && !column.types().contains(field.type())) {
                String message = "has the type " + field.type() + "; wanted "
                        + String.join(" or ", new TreeSet<>(column.types()));
                problems.add(problem(table, name, Kind.WRONG_TYPE, message));
            } else if (column.key() && !field.unique()) {
                String message =
                        "should not allow a value twice: set \"unique\" in the column's settings (Baserow 1.34)";
                problems.add(problem(table, name, Kind.NOT_UNIQUE, message));
            }
        }
    }

    /** The mistake people make: another case, another kind of blank. */
    private static String alike(String wanted, List<TableField> fields) {
        String similar = fields.stream()
                .map(TableField::name)
                .filter(name -> bare(name).equals(bare(wanted)))
                .map(name -> "\"" + name + "\"")
                .collect(Collectors.joining(", "));
        return similar.isEmpty() ? "" : "; there is " + similar;
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
    }

    private static SchemaProblem problem(TableExpectation table, @Nullable String column, Kind kind, String message) {
        String where = "table " + table.table() + " (" + table.purpose() + ")";
        String what = column == null ? ": " : ": column \"" + column + "\" ";
        return new SchemaProblem(table.purpose(), table.table(), column, kind, where + what + message);
    }
}
