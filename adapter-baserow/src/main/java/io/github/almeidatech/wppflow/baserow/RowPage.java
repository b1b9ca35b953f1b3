package io.github.almeidatech.wppflow.baserow;

import java.util.List;

/**
 * A page of rows.
 *
 * @param count of all rows the filter lets through, on all pages
 */
public record RowPage(List<BaserowRow> rows, long count) {

    public RowPage {
        rows = List.copyOf(rows);
    }
}
