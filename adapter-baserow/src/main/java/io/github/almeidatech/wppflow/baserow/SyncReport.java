package io.github.almeidatech.wppflow.baserow;

import java.util.List;

/**
 * What one synchronisation came to.
 *
 * @param rowsRead rows that were looked at
 * @param changed rows that were new or different and have been taken over
 * @param removed rows, or documents, that are gone
 * @param whole whether the whole table was read, and not only its newest part
 * @param problems rows that need a person, at most 100
 */
public record SyncReport(int rowsRead, int changed, int removed, boolean whole, List<RowProblem> problems) {

    static final int MAX_PROBLEMS = 100;

    public SyncReport {
        problems = problems.stream().limit(MAX_PROBLEMS).toList();
    }

    /**
     * A row that could not be used.
     *
     * @param row its number; 0 when not even that is known
     * @param reason a stable word
     */
    public record RowProblem(long row, String reason) {}
}
