package io.github.almeidatech.wppflow.baserow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several rows of one person made one again: the lowest number stays, takes over what it does not have, and the others go to
 * Baserow's trash. A row that says something else than the one that stays is left for a person to look at. Without state.
 */
final class DuplicateRows {

    private static final Set<String> CARRIED_OVER = Set.of(
            "text",
            "long_text",
            "email",
            "url",
            "phone_number",
            "number",
            "rating",
            "boolean",
            "date",
            "single_select");

    private final BaserowClient client;
    private final ContactTable table;

    DuplicateRows(BaserowClient client, ContactTable table) {
        this.client = client;
        this.table = table;
    }

    /** What became of the rows. */
    record Merged(List<Long> removed, List<Long> left) {}

    Merged merge(Set<Long> numbers) {
        var rows = new ArrayList<BaserowRow>();
        var merged = new Merged(new ArrayList<>(), new ArrayList<>());
        numbers.stream().sorted().forEach(number -> {
            try {
                client.get(table.id(), number).ifPresent(rows::add);
            } catch (BaserowException e) {
                if (e.error() != BaserowError.TOO_LARGE) {
                    throw e;
                }
                merged.left().add(number); // nobody can say whether anything would be lost
            }
        });
        rows.sort(Comparator.comparingLong(BaserowRow::id));
        if (rows.size() < 2) {
            return merged;
        }
        Columns columns = client.columns(table.id(), table.allNames());
        BaserowRow stays = rows.get(0);
        for (BaserowRow goes : rows.subList(1, rows.size())) {
            Optional<Map<String, @Nullable Object>> taken = takenOver(columns, stays, goes);
            if (taken.isPresent() && !taken.get().isEmpty()) {
                stays = client.update(table.id(), stays.id(), taken.get());
            }
            // Somebody may have written to it meanwhile.
            if (taken.isPresent()
                    && client.get(table.id(), goes.id()).filter(goes::equals).isPresent()) {
                client.delete(table.id(), goes.id());
                merged.removed().add(goes.id());
            } else {
                merged.left().add(goes.id());
            }
        }
        return merged;
    }

    /** What the row that stays lacks; empty when the two contradict each other. */
    private Optional<Map<String, @Nullable Object>> takenOver(Columns columns, BaserowRow stays, BaserowRow goes) {
        var taken = new LinkedHashMap<String, @Nullable Object>();
        for (TableField field : columns.byName().values()) {
            String name = field.name();
            Object theirs = writable(goes.cells().get(name));
            if (field.readOnly() || CellWriter.isNothing(theirs) || CellWriter.holds(field, stays, theirs)) {
                continue;
            }
            boolean empty = CellWriter.isNothing(stays.cells().get(name));
            if (name.equals(table.name(ContactColumn.CUSTOM_FIELDS)) && !empty) {
                Optional<String> joined = joined(stays.text(name), goes.text(name));
                if (joined.isEmpty()) {
                    return Optional.empty();
                }
                taken.put(name, joined.get());
            } else if (empty && !field.unique() && CARRIED_OVER.contains(field.type())) {
                taken.put(name, theirs);
            } else if (!sameAnyway(name)) {
                return Optional.empty();
            }
        }
        return Optional.of(taken);
    }

    /** Rows of one person have one person's phone and key, however they are written. */
    private boolean sameAnyway(String column) {
        return column.equals(table.phone()) || column.equals(table.name(ContactColumn.KEY));
    }

    private static @Nullable Object writable(@Nullable Object cell) {
        return cell instanceof Map<?, ?> option ? option.get("id") : cell;
    }

    /** Both JSON objects in one, unless they say different things. */
    private static Optional<String> joined(String one, String other) {
        Object first = PlainJson.parse(one).orElse(null);
        Object second = PlainJson.parse(other).orElse(null);
        if (!(first instanceof Map<?, ?> ours) || !(second instanceof Map<?, ?> theirs)) {
            return Optional.empty();
        }
        var all = new LinkedHashMap<Object, @Nullable Object>(ours);
        for (Map.Entry<?, ?> entry : theirs.entrySet()) {
            Object present = all.putIfAbsent(entry.getKey(), entry.getValue());
            if (present != null && !Objects.equals(present, entry.getValue())) {
                return Optional.empty();
            }
        }
        return Optional.of(PlainJson.text(all));
    }
}
