package io.github.almeidatech.wppflow.baserow;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table. Reading a column that is empty, was deleted, or holds something else than expected never throws:
 * people change tables by hand.
 *
 * @param id Baserow's number, unique in the table
 * @param cells by column name, as Baserow's JSON has them: numbers are texts, options are maps
 */
public record BaserowRow(long id, Map<String, Object> cells) {

    static BaserowRow from(JsonNode json) {
        return new BaserowRow(json.path("id").asLong(), PlainJson.map(json));
    }

    /** Whether there is such a column. */
    boolean has(String column) {
        return cells.containsKey(column);
    }

    /**
     * Baserow leaves out without a word what is asked for and no longer there: a column that was renamed is not one that was
     * emptied.
     *
     * @throws BaserowException {@link BaserowError#COLUMNS_CHANGED} when one of the columns is missing
     */
    void mustHave(Collection<String> columns) {
        if (!cells.keySet().containsAll(columns)) {
            throw new BaserowException(BaserowError.COLUMNS_CHANGED, "list_rows", null);
        }
    }

    /** The cell as text; an option's name, a list's parts with commas; empty when there is nothing. */
    public String text(@Nullable String column) {
        return column == null ? "" : CellText.plain(shown(cells.get(column)).strip());
    }

    /** A box that is ticked, or a text that says so. */
    public boolean truth(@Nullable String column) {
        String text = text(column).toLowerCase(Locale.ROOT);
        return text.equals("true") || text.equals("yes") || text.equals("sim") || text.equals("1");
    }

    /** The cell as a number. */
    public Optional<BigDecimal> number(@Nullable String column) {
        try {
            return Optional.of(new BigDecimal(text(column)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The cell as a time; a cell with a date alone is none. */
    public Optional<Instant> instant(@Nullable String column) {
        try {
            return Optional.of(OffsetDateTime.parse(text(column)).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String shown(@Nullable Object cell) {
        if (cell == null) {
            return "";
        }
        if (cell instanceof Map<?, ?> option) {
            return shown(option.get("value"));
        }
        if (cell instanceof List<?> list) {
            return list.stream().map(BaserowRow::shown).collect(Collectors.joining(", "));
        }
        return cell.toString();
    }

    @Override
    public String toString() {
        return "BaserowRow[" + id + ", " + cells.keySet() + "]";
    }
}
