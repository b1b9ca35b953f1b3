package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Many rows that are known by one column, written together: which are there is looked for first, the others are made in one
 * call. For one thread.
 */
final class EventRows {

    /** As many as fit into the address of a request. */
    private static final int LOOKED_FOR_AT_ONCE = 20;

    private final BaserowClient client;
    private final TableSettings table;
    private final String key;

    EventRows(BaserowClient client, TableSettings table, String key) {
        this.client = client;
        this.table = table;
        this.key = key;
    }

    /** Why which rows cannot be written as they are, by their keys. */
    Map<String, String> write(List<OutboundCommand.WriteRow> rows) {
        var refused = new LinkedHashMap<String, String>();
        Set<String> names = rows.stream()
                .flatMap(row -> row.fields().keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        names.add(key);
        Columns columns = client.columns(table.id(), names);
        Map<String, Long> present = find(rows.stream().map(this::key).toList());
        var missing = new LinkedHashMap<String, Map<String, Object>>();
        for (OutboundCommand.WriteRow row : rows) {
            if (!present.containsKey(key(row))) {
                try {
                    missing.put(key(row), cells(columns, row));
                } catch (UnwritableException e) {
                    refused.put(key(row), e.reason());
                }
            }
        }
        if (!missing.isEmpty()) {
            refused.putAll(create(missing));
        }
        return refused;
    }

    private String key(OutboundCommand.WriteRow row) {
        return String.valueOf(row.match().get(key));
    }

    private Map<String, Object> cells(Columns columns, OutboundCommand.WriteRow row) {
        var values = new LinkedHashMap<>(row.fields());
        values.putAll(row.match());
        Map<String, @Nullable Object> encoded =
                CellWriter.encodeAll(columns, values, row.match().keySet(), table.trustedColumns());
        var cells = new LinkedHashMap<String, Object>();
        encoded.forEach((column, value) -> {
            if (value != null) {
                cells.put(column, value);
            }
        });
        return cells;
    }

    /** All at once; when Baserow takes one of them for wrong, each by itself. */
    private Map<String, String> create(Map<String, Map<String, Object>> rows) {
        try {
            make(rows);
            return Map.of();
        } catch (BaserowException e) {
            if (e.error() != BaserowError.INVALID_REQUEST) {
                throw e;
            }
        }
        var refused = new LinkedHashMap<String, String>();
        rows.forEach((id, cells) -> {
            try {
                make(Map.of(id, cells));
            } catch (BaserowException e) {
                if (e.error() != BaserowError.INVALID_REQUEST) {
                    throw e;
                }
                refused.put(id, e.error().word());
            }
        });
        return refused;
    }

    /** When a column was renamed meanwhile, what was made without it is taken away again. */
    private void make(Map<String, Map<String, Object>> rows) {
        List<Map<String, Object>> wanted = List.copyOf(rows.values());
        List<BaserowRow> made;
        try {
            made = client.createAll(table.id(), wanted);
        } catch (BaserowException e) {
            if (e.error() != BaserowError.TOO_LARGE) {
                throw e;
            }
            madeUnseen(rows, e);
            return;
        }
        boolean whole = made.size() == wanted.size();
        for (int i = 0; whole && i < wanted.size(); i++) {
            whole = made.get(i).cells().keySet().containsAll(wanted.get(i).keySet());
        }
        if (!whole) {
            takeBack(made.stream().map(BaserowRow::id).toList());
        }
    }

    /** Baserow answers with the rows it has made; such an answer may be too large, while the rows are there. */
    private void madeUnseen(Map<String, Map<String, Object>> rows, BaserowException unread) {
        Map<String, Long> made = find(List.copyOf(rows.keySet()));
        if (made.size() < rows.size()) {
            throw unread;
        }
        Set<String> names =
                rows.values().stream().flatMap(cells -> cells.keySet().stream()).collect(Collectors.toSet());
        client.forgetColumns(table.id());
        if (!client.columns(table.id(), names).byName().keySet().containsAll(names)) {
            takeBack(made.values());
        }
    }

    private void takeBack(Collection<Long> made) {
        client.forgetColumns(table.id());
        if (!made.isEmpty()) {
            client.deleteAll(table.id(), Set.copyOf(made));
        }
        throw new BaserowException(BaserowError.COLUMNS_CHANGED, "create_batch", null);
    }

    /** Moves rows to Baserow's trash, as far as they are there. */
    int remove(List<String> keys) {
        int removed = 0;
        for (long row : find(keys).values()) {
            removed += client.delete(table.id(), row) ? 1 : 0;
        }
        return removed;
    }

    private Map<String, Long> find(List<String> keys) {
        Columns columns = client.columns(table.id(), Set.of(key));
        var found = new LinkedHashMap<String, Long>();
        for (int from = 0; from < keys.size(); from += LOOKED_FOR_AT_ONCE) {
            var matches = new LinkedHashMap<String, RowMatch>();
            for (String each : keys.subList(from, Math.min(keys.size(), from + LOOKED_FOR_AT_ONCE))) {
                matches.put(each, RowMatch.of(columns, Map.of(key, each)));
            }
            var filters = new ArrayList<RowFilter>();
            matches.values().forEach(match -> filters.add(match.filter()));
            for (BaserowRow row : RowPages.of(client, table.id(), RowFilter.any(filters), List.of(key))
                    .all()) {
                matches.forEach((id, match) -> {
                    if (match.proves(row)) {
                        found.putIfAbsent(id, row.id());
                    }
                });
            }
        }
        return found;
    }
}
