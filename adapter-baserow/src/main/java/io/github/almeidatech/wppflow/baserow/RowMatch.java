package io.github.almeidatech.wppflow.baserow;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows in which columns have given values, and proves it of what comes back: a Baserow that passes a condition
 * over answers with somebody else's rows.
 */
final class RowMatch {

    private static final int MAX_TEXT = 500;

    private final List<RowFilter> filters = new ArrayList<>();
    private final List<Predicate<BaserowRow>> proofs = new ArrayList<>();

    /** @throws UnwritableException when rows cannot be found by that */
    static RowMatch of(Columns columns, Map<String, Object> match) {
        var rows = new RowMatch();
        match.forEach((column, value) -> rows.add(columns.get(column), value));
        return rows;
    }

    private void add(TableField field, @Nullable Object value) {
        if (value == null || value.toString().isBlank() || value.toString().length() > MAX_TEXT) {
            throw new UnwritableException("unsuitable_match", field.name());
        }
        switch (field.type()) {
            case "text", "long_text", "email", "url" -> texts(field, spellings(value.toString()));
            case "phone_number" -> phone(field, Objects.toString(CellWriter.encode(field, value, false)));
            case "number", "rating" -> single(field, "equal", CellWriter.encodeExactly(field, value, false));
            case "boolean" -> single(field, "boolean", CellWriter.encode(field, value, false));
            case "single_select" -> option(field, value);
            default -> throw new UnwritableException("unsuitable_match", field.name());
        }
    }

    private static Set<String> spellings(String text) {
        var spellings = new LinkedHashSet<String>();
        spellings.add(CellText.stored(text));
        spellings.add(CellText.guarded(text));
        return spellings;
    }

    private void phone(TableField field, String number) {
        String digits = number.startsWith("+") ? number.substring(1) : number;
        texts(field, Set.of(digits, "+" + digits));
    }

    private void texts(TableField field, Set<String> texts) {
        if (texts.stream().anyMatch(String::isBlank)) {
            throw new UnwritableException("unsuitable_match", field.name());
        }
        filters.add(RowFilter.any(
                texts.stream().map(text -> RowFilter.equal(field.name(), text)).toList()));
        proofs.add(row -> row.cells().get(field.name()) instanceof String cell && texts.contains(cell));
    }

    private void single(TableField field, String type, @Nullable Object encoded) {
        if (encoded == null) {
            throw new UnwritableException("unsuitable_match", field.name());
        }
        filters.add(RowFilter.of(field.name(), type, encoded.toString()));
        proofs.add(row -> CellWriter.holds(field, row, encoded));
    }

    /** Baserow looks for options by their ids only. */
    private void option(TableField field, Object value) {
        Long id = field.options().get(value.toString());
        if (id == null && field.options().containsValue(asId(value))) {
            id = asId(value);
        }
        if (id == null) {
            throw new UnwritableException("unknown_option", field.name());
        }
        Object known = id;
        filters.add(RowFilter.of(field.name(), "single_select_equal", known.toString()));
        proofs.add(row -> CellWriter.holds(field, row, known));
    }

    private static long asId(Object value) {
        return value instanceof Number number ? number.longValue() : -1;
    }

    RowFilter filter() {
        return RowFilter.all(filters);
    }

    boolean proves(BaserowRow row) {
        return proofs.stream().allMatch(proof -> proof.test(row));
    }
}
