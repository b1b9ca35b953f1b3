package io.github.almeidatech.wppflow.baserow;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table a tenant's knowledge is written in.
 *
 * @param id Baserow's number
 * @param columns the names of the columns there are; {@link KnowledgeColumn#CONTENT} at least
 */
public record KnowledgeTable(long id, Map<KnowledgeColumn, String> columns) {

    public KnowledgeTable {
        if (id < 1 || !columns.containsKey(KnowledgeColumn.CONTENT)) {
            throw new IllegalArgumentException("a table id from 1 and the content's column wanted");
        }
        columns = Map.copyOf(columns);
    }

    /** With the usual names for id, title, content, domain and enabled. */
    public static KnowledgeTable standard(long id) {
        return of(
                id,
                KnowledgeColumn.ID,
                KnowledgeColumn.TITLE,
                KnowledgeColumn.CONTENT,
                KnowledgeColumn.DOMAIN,
                KnowledgeColumn.ENABLED);
    }

    /** With these columns under their usual names. */
    public static KnowledgeTable of(long id, KnowledgeColumn... columns) {
        var names = new EnumMap<KnowledgeColumn, String>(KnowledgeColumn.class);
        Stream.of(columns).forEach(column -> names.put(column, column.usualName()));
        return new KnowledgeTable(id, names);
    }

    /** The same with one more column, or another name for one. */
    public KnowledgeTable with(KnowledgeColumn column, String name) {
        var names = new LinkedHashMap<>(columns);
        names.put(column, name);
        return new KnowledgeTable(id, names);
    }

    @Nullable
    String name(KnowledgeColumn column) {
        return columns.get(column);
    }

    List<String> allNames() {
        return columns.entrySet().stream()
                .filter(entry -> entry.getKey() != KnowledgeColumn.LAST_MODIFIED)
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }

    /** What the table must have for this. */
    public TableExpectation expectation() {
        return TableExpectation.of(id, "knowledge")
                .readable(name(KnowledgeColumn.ID), TableExpectation.ANY)
                .readable(name(KnowledgeColumn.TITLE), TableExpectation.ANY)
                .readable(name(KnowledgeColumn.CONTENT), TableExpectation.TEXT)
                .readable(name(KnowledgeColumn.DOMAIN), TableExpectation.WORD)
                .readable(name(KnowledgeColumn.ENABLED), TableExpectation.TRUTH)
                .readable(name(KnowledgeColumn.TENANT), TableExpectation.TEXT)
                .readable(name(KnowledgeColumn.LAST_MODIFIED), Set.of("last_modified"));
    }
}
