package io.github.almeidatech.wppflow.baserow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns a table is expected to have.
 *
 * @param table Baserow's number
 * @param purpose what it is for, for messages
 * @param columns by the names people gave them
 */
public record TableExpectation(long table, String purpose, List<Column> columns) {

    static final Set<String> TEXT = Set.of("text", "long_text");
    static final Set<String> PHONE = Set.of("phone_number", "text", "long_text", "number");
    static final Set<String> EMAIL = Set.of("email", "text", "long_text");
    static final Set<String> WORD = Set.of("text", "long_text", "single_select");
    static final Set<String> NUMBER = Set.of("number", "text", "long_text");
    static final Set<String> TIME = Set.of("date", "number", "text", "long_text");
    static final Set<String> TRUTH = Set.of("boolean", "text", "single_select");
    static final Set<String> ANY = Set.of();

    public TableExpectation {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param types Baserow's words for types that will do; empty for any
     * @param writable whether it is written to
     * @param key whether no value should occur twice
     */
    public record Column(String name, Set<String> types, boolean writable, boolean key) {
        public Column {
            types = Set.copyOf(types);
        }
    }

    static TableExpectation of(long table, String purpose) {
        return new TableExpectation(table, purpose, List.of());
    }

    TableExpectation readable(@Nullable String column, Set<String> types) {
        return with(column, types, false, false);
    }

    TableExpectation writable(@Nullable String column, Set<String> types) {
        return with(column, types, true, false);
    }

    TableExpectation key(@Nullable String column) {
        return with(column, TEXT, true, true);
    }

    private TableExpectation with(@Nullable String column, Set<String> types, boolean writable, boolean key) {
        if (column == null) {
            return this;
        }
        var more = new ArrayList<>(columns);
        more.add(new Column(column, types, writable, key));
        return new TableExpectation(table, purpose, more);
    }
}
