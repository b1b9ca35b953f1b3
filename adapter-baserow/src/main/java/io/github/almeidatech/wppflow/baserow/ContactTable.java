package io.github.almeidatech.wppflow.baserow;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table people's contacts are kept in.
 *
 * @param id Baserow's number
 * @param columns the names of the columns there are; {@link ContactColumn#PHONE} at least
 * @param customFields names of columns by the custom field each holds
 */
public record ContactTable(long id, Map<ContactColumn, String> columns, Map<String, String> customFields) {

    public ContactTable {
        if (id < 1 || !columns.containsKey(ContactColumn.PHONE)) {
            throw new IllegalArgumentException("a table id from 1 and the phone's column wanted");
        }
        columns = Map.copyOf(columns);
        customFields = Map.copyOf(customFields);
    }

    /** With the usual names for phone, name, e-mail and custom fields. */
    public static ContactTable standard(long id) {
        return of(id, ContactColumn.PHONE, ContactColumn.NAME, ContactColumn.EMAIL, ContactColumn.CUSTOM_FIELDS);
    }

    /** With these columns under their usual names. */
    public static ContactTable of(long id, ContactColumn... columns) {
        var names = new EnumMap<ContactColumn, String>(ContactColumn.class);
        Stream.of(columns).forEach(column -> names.put(column, column.usualName()));
        return new ContactTable(id, names, Map.of());
    }

    /** The same with one more column, or another name for one. */
    public ContactTable with(ContactColumn column, String name) {
        var names = new LinkedHashMap<>(columns);
        names.put(column, name);
        return new ContactTable(id, names, customFields);
    }

    /** The same with a column for one custom field. */
    public ContactTable withCustomField(String field, String column) {
        var fields = new LinkedHashMap<>(customFields);
        fields.put(field, column);
        return new ContactTable(id, columns, fields);
    }

    @Nullable
    String name(ContactColumn column) {
        return columns.get(column);
    }

    String phone() {
        return columns.getOrDefault(ContactColumn.PHONE, "");
    }

    List<String> allNames() {
        return Stream.concat(
                        columns.entrySet().stream()
                                .filter(entry -> entry.getKey() != ContactColumn.LAST_MODIFIED)
                                .map(Map.Entry::getValue),
                        customFields.values().stream())
                .sorted()
                .toList();
    }

    /** What the table must have for this. */
    public TableExpectation expectation() {
        TableExpectation expected = TableExpectation.of(id, "contacts")
                .writable(phone(), TableExpectation.PHONE)
                .key(name(ContactColumn.KEY))
                .writable(name(ContactColumn.NAME), TableExpectation.TEXT)
                .writable(name(ContactColumn.EMAIL), TableExpectation.EMAIL)
                .writable(name(ContactColumn.OPTED_OUT), Set.of("boolean"))
                .writable(name(ContactColumn.CUSTOM_FIELDS), TableExpectation.TEXT)
                .writable(name(ContactColumn.TENANT), TableExpectation.TEXT)
                .readable(name(ContactColumn.LAST_MODIFIED), Set.of("last_modified"));
        for (String column : customFields.values().stream().sorted().toList()) {
            expected = expected.writable(column, TableExpectation.ANY);
        }
        return expected;
    }
}
