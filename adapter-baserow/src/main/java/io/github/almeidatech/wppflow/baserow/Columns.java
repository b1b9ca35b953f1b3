package io.github.almeidatech.wppflow.baserow;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of a table as they were when last read. */
record Columns(Map<String, TableField> byName, Instant readAt) {

    static Columns of(List<TableField> fields, Instant now) {
        var byName = new LinkedHashMap<String, TableField>();
        fields.forEach(field -> byName.put(field.name(), field));
        return new Columns(byName, now);
    }

    @Nullable
    TableField find(String column) {
        return byName.get(column);
    }

    TableField get(String column) {
        TableField field = byName.get(column);
        if (field == null) {
            throw new UnwritableException("unknown_column", column);
        }
        return field;
    }
}
