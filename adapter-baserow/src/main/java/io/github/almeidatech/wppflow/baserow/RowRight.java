package io.github.almeidatech.wppflow.baserow;

import java.util.Locale;

/** What a database token may be allowed to do with the rows of a table, besides reading them. */
public enum RowRight {
    CREATE,
    UPDATE,
    DELETE;

    /** The lower-case word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
