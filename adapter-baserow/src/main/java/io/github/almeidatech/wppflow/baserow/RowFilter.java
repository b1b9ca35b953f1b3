package io.github.almeidatech.wppflow.baserow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Which rows are wanted: conditions that all hold, or of which at least one does. Written in the form in which Baserow
 * notices a column that is not there; in its simpler form it would answer with the whole table.
 *
 * @param any one of them is enough
 * @param conditions about one column each
 * @param groups filters inside this one
 */
public record RowFilter(boolean any, List<Condition> conditions, List<RowFilter> groups) {

    public RowFilter {
        conditions = List.copyOf(conditions);
        groups = List.copyOf(groups);
        if (conditions.isEmpty() && groups.isEmpty()) {
            throw new IllegalArgumentException("a filter without conditions is the whole table");
        }
    }

    /**
     * One condition.
     *
     * @param column the column's name
     * @param type Baserow's word, such as {@code equal}; must suit the column's type
     * @param value never blank: Baserow ignores the condition then, and answers with everything
     */
    public record Condition(String column, String type, String value) {
        public Condition {
            if (value.isBlank() || column.isBlank()) {
                throw new IllegalArgumentException("Baserow ignores a blank value, and answers with the whole table");
            }
        }

        @Override
        public String toString() {
            return "Condition[" + column + " " + type + "]";
        }
    }

    /** The column holds exactly this text or number. */
    public static RowFilter equal(String column, String value) {
        return of(column, "equal", value);
    }

    /** One condition of any type. */
    public static RowFilter of(String column, String type, String value) {
        return new RowFilter(false, List.of(new Condition(column, type, value)), List.of());
    }

    /** At least one of them. */
    public static RowFilter any(List<RowFilter> filters) {
        return filters.size() == 1 ? filters.get(0) : new RowFilter(true, List.of(), filters);
    }

    /** All of them. */
    public static RowFilter all(List<RowFilter> filters) {
        return filters.size() == 1 ? filters.get(0) : new RowFilter(false, List.of(), filters);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("filter_type", any ? "OR" : "AND");
        var list = json.putArray("filters");
        conditions.forEach(condition -> list.addObject()
                .put("field", condition.column())
                .put("type", condition.type())
                .put("value", condition.value()));
        var inside = json.putArray("groups");
        groups.forEach(group -> inside.add(group.toJson()));
        return json;
    }
}
