package io.github.almeidatech.wppflow.baserow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table, page by page. Where an answer is larger than is read, the pages become smaller from there on, also those
 * of later readings. For one thread.
 */
final class RowPages {

    /** Each divides the one before, so that a page can be continued with smaller ones. */
    private static final int[] SIZES = {200, 100, 50, 25, 5, 1};

    private static final int MAX_PAGES = 20_000;

    private final Source source;
    private int size;

    /** Asks for one page. */
    @FunctionalInterface
    interface Source {

        /** @param number from 1 */
        RowPage page(int number, int size);
    }

    RowPages(Source source) {
        this.source = source;
    }

    /** Of the rows a filter lets through, in the table's order, with the columns as in {@link RowQuery}. */
    static RowPages of(BaserowClient client, long table, @Nullable RowFilter filter, List<String> columns) {
        return new RowPages(
                (number, size) -> client.list(table, new RowQuery(filter, number, size, null, List.copyOf(columns))));
    }

    /**
     * Reads from the first row on.
     *
     * @param more is given each page, and says whether the next is wanted
     * @return how many rows were passed over, because they are too large even alone
     */
    int read(Predicate<RowPage> more) {
        int tooLarge = 0;
        long offset = 0;
        for (int i = 0; i < MAX_PAGES; i++) {
            RowPage page;
            try {
                page = source.page((int) (offset / SIZES[size]) + 1, SIZES[size]);
            } catch (BaserowException e) {
                if (e.error() != BaserowError.TOO_LARGE) {
                    throw e;
                }
                if (size < SIZES.length - 1) {
                    size++;
                } else {
                    tooLarge++;
                    offset++;
                }
                continue;
            }
            offset += SIZES[size];
            if (!more.test(page) || page.rows().isEmpty() || offset >= page.count()) {
                break;
            }
        }
        return tooLarge;
    }

    /**
     * The first rows.
     *
     * @throws BaserowException {@link BaserowError#TOO_LARGE} when a row is so even alone: it may be one that is wanted
     */
    List<BaserowRow> first(int most) {
        while (SIZES[size] > most && SIZES[size + 1] >= most) {
            size++;
        }
        var rows = new ArrayList<BaserowRow>();
        int tooLarge = read(page -> {
            rows.addAll(page.rows());
            return rows.size() < most;
        });
        if (tooLarge > 0) {
            throw new BaserowException(BaserowError.TOO_LARGE, "list_rows", null);
        }
        return List.copyOf(rows.subList(0, Math.min(most, rows.size())));
    }

    /** All rows, likewise. */
    List<BaserowRow> all() {
        return first(Integer.MAX_VALUE);
    }
}
