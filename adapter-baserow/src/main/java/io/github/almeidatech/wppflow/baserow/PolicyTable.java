package io.github.almeidatech.wppflow.baserow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table a tenant writes policies in, one in a row.
 *
 * @param id Baserow's number
 * @param columns names of columns by the key of a policy each holds, as {@code Policies.parse} knows them; {@code id},
 *     {@code event} and {@code then} at least. {@code when} and {@code then} hold JSON
 * @param tenantColumn whose row it is, in a table that several tenants share; null otherwise
 */
public record PolicyTable(
        long id, Map<String, String> columns, @Nullable String tenantColumn) {

    static final Set<String> KEYS = Set.of(
            "id",
            "version",
            "description",
            "enabled",
            "event",
            "entity",
            "source",
            "min_confidence",
            "priority",
            "when",
            "then");

    /** Keys whose cells hold JSON. */
    static final Set<String> JSON = Set.of("when", "then");

    private static final List<String> USUAL = List.of("description", "enabled", "event", "priority", "when", "then");

    public PolicyTable {
        if (id < 1 || !columns.keySet().containsAll(Set.of("id", "event", "then"))) {
            throw new IllegalArgumentException("a table id from 1 and columns for id, event and then wanted");
        }
        if (!KEYS.containsAll(columns.keySet())) {
            throw new IllegalArgumentException(
                    "a policy has only the keys " + KEYS.stream().sorted().toList());
        }
        columns = Map.copyOf(columns);
    }

    /** With columns named description, enabled, event, priority, when and then, and policy_id: Baserow allows no "id". */
    public static PolicyTable standard(long id) {
        var columns = new LinkedHashMap<String, String>(Map.of("id", "policy_id"));
        USUAL.forEach(key -> columns.put(key, key));
        return new PolicyTable(id, columns, null);
    }

    /** The same with one more column, or another name for one. */
    public PolicyTable with(String key, String column) {
        var names = new LinkedHashMap<>(columns);
        names.put(key, column);
        return new PolicyTable(id, names, tenantColumn);
    }

    /** What the table must have for this. */
    public TableExpectation expectation() {
        TableExpectation expected = TableExpectation.of(id, "policies").readable(tenantColumn, TableExpectation.TEXT);
        for (Map.Entry<String, String> column :
                columns.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            Set<String> types = switch (column.getKey()) {
                case "id", "event" -> TableExpectation.WORD;
                case "when", "then" -> TableExpectation.TEXT;
                case "enabled" -> TableExpectation.TRUTH;
                case "version", "priority", "min_confidence" -> TableExpectation.NUMBER;
                default -> TableExpectation.ANY;
            };
            expected = expected.readable(column.getValue(), types);
        }
        return expected;
    }
}
