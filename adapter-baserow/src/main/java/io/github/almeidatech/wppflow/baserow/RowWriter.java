package io.github.almeidatech.wppflow.baserow;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try to write to a table: finds, changes and creates rows, and notices when Baserow quietly did something else. */
final class RowWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RowWriter.class);
    private static final int MANY = 25;

    private final BaserowClient client;
    private final @Nullable Instant notAfter;
    private boolean writing;

    /** @param notAfter nothing is written from this instant on */
    RowWriter(BaserowClient client, @Nullable Instant notAfter) {
        this.client = client;
        this.notAfter = notAfter;
    }

    /** Whether the last call was one that changes something, so that after its failure it may have. */
    boolean wasWriting() {
        return writing;
    }

    Columns columns(long table, Set<String> wanted) {
        writing = false;
        return client.columns(table, wanted);
    }

    /**
     * The rows the filter lets through and that are proved to be wanted, lowest id first; of the first 25.
     *
     * @param columns those that prove a row, and those that are compared with what is to be in it
     */
    List<BaserowRow> find(long table, RowFilter filter, Predicate<BaserowRow> proves, Collection<String> columns) {
        writing = false;
        List<BaserowRow> rows = RowPages.of(client, table, filter, List.copyOf(columns)).first(MANY).stream()
                .filter(proves)
                .sorted(Comparator.comparingLong(BaserowRow::id))
                .toList();
        if (rows.size() > 1) {
            LOG.warn("{} rows of table {} answer to one match; the lowest id counts", rows.size(), table);
        }
        return rows;
    }

    /**
     * Creates a row and proves that all of it arrived. When a column was renamed meanwhile, what was made without it is
     * taken away again.
     */
    BaserowRow create(long table, Columns columns, Map<String, @Nullable Object> cells, Set<String> match) {
        writing = true;
        BaserowRow made = client.create(table, cells, notAfter);
        boolean whole = made.cells().keySet().containsAll(cells.keySet());
        boolean findable =
                match.stream().allMatch(column -> CellWriter.holds(columns.get(column), made, cells.get(column)));
        if (whole && findable) {
            return made;
        }
        writing = false;
        client.forgetColumns(table);
        client.delete(table, made.id());
        if (!whole) {
            throw new BaserowException(BaserowError.COLUMNS_CHANGED, "create_row", null);
        }
        throw new UnwritableException("match_not_kept", String.join(", ", match));
    }

    /** Changes what is different; no call when nothing is. */
    void update(long table, Columns columns, BaserowRow row, Map<String, @Nullable Object> cells) {
        var different = new LinkedHashMap<String, @Nullable Object>();
        cells.forEach((column, value) -> {
            if (!CellWriter.holds(columns.get(column), row, value)) {
                different.put(column, value);
            }
        });
        if (different.isEmpty()) {
            return;
        }
        writing = true;
        BaserowRow changed = client.update(table, row.id(), different, notAfter);
        if (!changed.cells().keySet().containsAll(different.keySet())) {
            writing = false;
            client.forgetColumns(table);
            throw new BaserowException(BaserowError.COLUMNS_CHANGED, "update_row", null);
        }
    }

    /** A row by its number; null when it is not there. */
    @Nullable
    BaserowRow get(long table, long row) {
        writing = false;
        return client.get(table, row).orElse(null);
    }
}
