package io.github.almeidatech.wppflow.baserow;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that rows may be written to.
 *
 * @param name what commands call it
 * @param id Baserow's number
 * @param keyColumn a text column of our own that keeps the key of what was written, so that a row without {@code match} is
 *     written once whatever happens; null for none. Best with Baserow's unique constraint
 * @param trustedColumns text columns that are written as they are, even what looks like a formula
 */
public record TableSettings(String name, long id, @Nullable String keyColumn, Set<String> trustedColumns) {

    public TableSettings {
        if (name.isBlank() || id < 1) {
            throw new IllegalArgumentException("a name and a table id from 1 wanted");
        }
        trustedColumns = Set.copyOf(trustedColumns);
    }

    /** Without a key column. */
    public static TableSettings of(String name, long id) {
        return new TableSettings(name, id, null, Set.of());
    }

    /** The same with a key column. */
    public TableSettings withKeyColumn(@Nullable String column) {
        return new TableSettings(name, id, column, trustedColumns);
    }

    /** The same with columns whose text is written as it is. */
    public TableSettings withTrustedColumns(Set<String> columns) {
        return new TableSettings(name, id, keyColumn, columns);
    }

    /** What the table must have for this. */
    public TableExpectation expectation() {
        var expected = TableExpectation.of(id, name);
        return keyColumn == null ? expected : expected.key(keyColumn);
    }
}
