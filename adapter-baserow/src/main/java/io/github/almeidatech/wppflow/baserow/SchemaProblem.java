package io.github.almeidatech.wppflow.baserow;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is not as expected about a table.
 *
 * @param purpose what the table is for
 * @param table Baserow's number
 * @param column its name; null when it is about the table
 * @param kind what kind of thing
 * @param message for a person, in English
 */
public record SchemaProblem(
        String purpose, long table, @Nullable String column, Kind kind, String message) {

    /** The kinds of problems. */
    public enum Kind {
        /** There is no such table for this token. */
        NO_TABLE,
        /** The token is not accepted, or may not read the table. */
        NO_ACCESS,
        /** Nothing is known of the table, because Baserow did not answer. */
        NOT_CHECKED,
        /** There is no such column. */
        MISSING,
        /** The column has a type that does not do. */
        WRONG_TYPE,
        /** The column is to be written to, and Baserow fills it in by itself. */
        READ_ONLY,
        /** The key column does not refuse a value that is there already. It works; doubles are only looked for. */
        NOT_UNIQUE;

        /** The lower-case word used in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether what the table is for will not work. */
    public boolean fatal() {
        return kind != Kind.NOT_UNIQUE && kind != Kind.NOT_CHECKED;
    }

    @Override
    public String toString() {
        return message;
    }
}
