package io.github.almeidatech.wppflow.baserow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a list of rows.
 *
 * @param filter null for all rows
 * @param page from 1
 * @param size 1 to 200
 * @param orderBy a column's name, with a minus before it for descending; null for the table's own order
 * @param columns the columns to be answered; empty for all. Names with a comma or quote make it all
 */
public record RowQuery(
        @Nullable RowFilter filter,
        int page,
        int size,
        @Nullable String orderBy,
        List<String> columns) {

    /** As many rows as Baserow gives at once. */
    public static final int MAX_SIZE = 200;

    public RowQuery {
        if (page < 1 || size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("page from 1 and size 1 to 200 wanted, got " + page + " and " + size);
        }
        columns = List.copyOf(columns);
    }

    /** The first rows that a filter lets through, with all columns. */
    public static RowQuery first(int size, RowFilter filter) {
        return new RowQuery(filter, 1, size, null, List.of());
    }
}
