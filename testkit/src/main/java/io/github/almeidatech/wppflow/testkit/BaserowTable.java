package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A table of a {@link SimulatedBaserow}: what people do to it by hand, and what is in it. Thread-safe.
 */
public final class BaserowTable {

    private final long id;
    private final String name;
    private final InstantSource clock;
    private final Map<Long, BaserowField> fields = new LinkedHashMap<>();
    private final TreeMap<Long, Row> rows = new TreeMap<>();
    private final Set<String> forbidden = new HashSet<>();
    private long lastRow;
    private long lastField;
    private int created;

    BaserowTable(long id, String name, InstantSource clock, BaserowField... columns) {
        this.id = id;
        this.name = name;
        this.clock = clock;
        this.lastField = id * 100;
        for (var column : columns) {
            fields.put(++lastField, column);
        }
    }

    public long id() {
        return id;
    }

    public String name() {
        return name;
    }

    /** Somebody fills in a row by hand; columns not named stay empty. Answers its id. */
    public synchronized long add(Map<String, ?> values) {
        var node = RailsJson.object();
        values.forEach((column, value) -> node.set(column, RailsJson.MAPPER.valueToTree(value)));
        return insert(List.of(parse(node, true))).get(0).id();
    }

    /** The two blank rows a table made in the user interface begins with. */
    public BaserowTable withBlankRows() {
        add(Map.of());
        add(Map.of());
        return this;
    }

    /** Somebody deletes a row by hand. */
    public synchronized void remove(long row) {
        rows.remove(row);
    }

    /** Somebody renames a column. */
    public synchronized void rename(String column, String newName) {
        fields.replaceAll((fieldId, field) -> field.name().equals(column) ? field.named(newName) : field);
    }

    /** Somebody deletes a column and what is in it. */
    public synchronized void dropColumn(String column) {
        fields.values().removeIf(field -> field.name().equals(column));
    }

    /** Somebody adds a column, or replaces one of the same name and loses what was in it. */
    public synchronized void putColumn(BaserowField column) {
        dropColumn(column.name());
        fields.put(++lastField, column);
    }

    /** Takes {@code create}, {@code read}, {@code update} or {@code delete} away from the token. */
    public synchronized void forbid(String right) {
        forbidden.add(right);
    }

    /** All rows by id with their columns by name, as the API shows them. */
    public synchronized List<JsonNode> rows() {
        var all = new ArrayList<JsonNode>();
        rows.values().forEach(row -> all.add(show(row, true)));
        return all;
    }

    /** How many rows the API has created, whatever its callers were told. */
    public synchronized int createdThroughApi() {
        return created;
    }

    synchronized boolean allows(String right) {
        return !forbidden.contains(right);
    }

    synchronized Map<Long, BaserowField> fields() {
        return new LinkedHashMap<>(fields);
    }

    synchronized Optional<BaserowField> byName(String column) {
        return fields.values().stream()
                .filter(field -> field.name().equals(column))
                .findFirst();
    }

    synchronized Optional<BaserowField> byId(long field) {
        return Optional.ofNullable(fields.get(field));
    }

    synchronized List<Row> all() {
        return new ArrayList<>(rows.values());
    }

    synchronized Optional<Row> find(long row) {
        return Optional.ofNullable(rows.get(row));
    }

    /** The values of a body by column id; unknown keys are dropped without a word. */
    synchronized Map<Long, JsonNode> parse(JsonNode body, boolean userNames) {
        var values = new LinkedHashMap<Long, JsonNode>();
        fields.forEach((fieldId, field) -> {
            var key = userNames ? field.name() : "field_" + fieldId;
            if (body.has(key)) {
                values.put(fieldId, BaserowValues.accept(field, body.get(key)));
            }
        });
        return values;
    }

    /** Creates all or, when a unique column would hold a value twice, none; the ids are used up either way. */
    synchronized List<Row> create(List<Map<Long, JsonNode>> items) {
        var made = insert(items);
        created += made.size();
        return made;
    }

    private List<Row> insert(List<Map<Long, JsonNode>> items) {
        var made = new ArrayList<Row>();
        for (var values : items) {
            var row = new Row(++lastRow, BaserowValues.iso(clock.instant()));
            row.values.putAll(values);
            made.add(row);
        }
        for (var row : made) {
            rows.put(row.id, row);
        }
        if (violated()) {
            made.forEach(row -> rows.remove(row.id));
            throw constraint();
        }
        return made;
    }

    /** Changes all or none. */
    synchronized List<Row> update(Map<Long, Map<Long, JsonNode>> items) {
        for (var row : items.keySet()) {
            if (!rows.containsKey(row)) {
                throw missing(row);
            }
        }
        var before = new LinkedHashMap<Long, Map<Long, JsonNode>>();
        items.forEach((row, values) -> {
            before.put(row, new LinkedHashMap<>(row(row).values));
            row(row).values.putAll(values);
        });
        if (violated()) {
            before.forEach((row, values) -> {
                row(row).values.clear();
                row(row).values.putAll(values);
            });
            throw constraint();
        }
        var changed = new ArrayList<Row>();
        items.keySet().forEach(row -> {
            row(row).modified = BaserowValues.iso(clock.instant());
            changed.add(row(row));
        });
        return changed;
    }

    private Row row(long row) {
        return Optional.ofNullable(rows.get(row)).orElseThrow(() -> missing(row));
    }

    synchronized void delete(List<Long> ids) {
        ids.forEach(this::row);
        ids.forEach(rows::remove);
    }

    private boolean violated() {
        for (var entry : fields.entrySet()) {
            if (entry.getValue().unique()) {
                var seen = new HashSet<JsonNode>();
                for (var row : rows.values()) {
                    var value = row.value(entry.getValue());
                    if (!BaserowValues.empty(value) && !seen.add(value)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static BaserowRefusal constraint() {
        return BaserowRefusal.of(400, "ERROR_FIELD_DATA_CONSTRAINT", "The operation violates a field constraint");
    }

    static BaserowRefusal missing(long row) {
        return BaserowRefusal.of(404, "ERROR_ROW_DOES_NOT_EXIST", "The rows ['" + row + "'] do not exist.");
    }

    synchronized ObjectNode show(Row row, boolean userNames) {
        var body = RailsJson.object().put("id", row.id).put("order", row.id + ".00000000000000000000");
        fields.forEach((fieldId, field) -> body.set(userNames ? field.name() : "field_" + fieldId, row.value(field)));
        return body;
    }

    /** One row; guarded by its table. */
    final class Row {
        private final long id;
        private final String createdOn;
        private final Map<Long, JsonNode> values = new LinkedHashMap<>();
        private String modified;

        Row(long id, String createdOn) {
            this.id = id;
            this.createdOn = createdOn;
            this.modified = createdOn;
        }

        long id() {
            return id;
        }

        JsonNode value(BaserowField field) {
            synchronized (BaserowTable.this) {
                if (field.readOnly()) {
                    return RailsJson.object().textNode(field.type().equals("created_on") ? createdOn : modified);
                }
                return fields.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(field))
                        .map(entry -> values.getOrDefault(entry.getKey(), BaserowValues.initial(field)))
                        .findFirst()
                        .orElseGet(() -> BaserowValues.initial(field));
            }
        }
    }
}
