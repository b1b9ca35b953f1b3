package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a person is written in a row, and read from one. Without state. */
final class ContactRows {

    private static final Logger LOG = LoggerFactory.getLogger(ContactRows.class);

    private final TenantId tenant;
    private final ContactTable table;
    private final ContactPhone.Reader phones;

    ContactRows(TenantId tenant, ContactTable table, ContactPhone.Reader phones) {
        this.tenant = tenant;
        this.table = table;
        this.phones = phones;
    }

    // Reading

    boolean inScope(BaserowRow row) {
        String column = table.name(ContactColumn.TENANT);
        return column == null || row.text(column).equals(tenant.value());
    }

    @Nullable
    RowFilter scope() {
        String column = table.name(ContactColumn.TENANT);
        return column == null ? null : RowFilter.equal(column, tenant.value());
    }

    Optional<ContactPhone> phone(BaserowRow row) {
        String written = row.text(table.phone());
        return written.isBlank() ? Optional.empty() : phones.read(international(written));
    }

    /** So many digits begin with a country code; what is shorter the reader decides. */
    private static String international(String written) {
        return written.matches("[1-9]\\d{11,14}") ? "+" + written : written;
    }

    /** Who the row is about; empty when it says nothing of that. */
    Optional<String> personKey(BaserowRow row) {
        String key = row.text(table.name(ContactColumn.KEY));
        return phone(row).map(ContactPhone::personKey).or(() -> key.isEmpty() ? Optional.empty() : Optional.of(key));
    }

    Map<String, String> customFields(BaserowRow row) {
        var fields = new LinkedHashMap<>(jsonFields(row).orElse(Map.of()));
        table.customFields().forEach((field, column) -> {
            String value = row.text(column);
            if (!value.isEmpty()) {
                fields.put(field, value);
            }
        });
        return fields;
    }

    /** Empty when a person has written something else into the column. */
    private Optional<Map<String, String>> jsonFields(BaserowRow row) {
        String text = row.text(table.name(ContactColumn.CUSTOM_FIELDS));
        if (text.isEmpty()) {
            return Optional.of(Map.of());
        }
        return PlainJson.parse(text).filter(Map.class::isInstance).map(parsed -> {
            var fields = new LinkedHashMap<String, String>();
            ((Map<?, ?>) parsed).forEach((field, value) -> {
                if (value != null) {
                    boolean nested = value instanceof Map || value instanceof Collection;
                    fields.put(field.toString(), nested ? PlainJson.text(value) : value.toString());
                }
            });
            return fields;
        });
    }

    // Finding

    /** Whether the row may be this person's: it names no other. */
    boolean mayBe(BaserowRow row, Contact contact) {
        Optional<String> key = personKey(row);
        return inScope(row) && (key.isEmpty() || contact.identities().contains(Identity.person(key.get())));
    }

    boolean isOf(BaserowRow row, Contact contact) {
        return mayBe(row, contact) && personKey(row).isPresent();
    }

    /** Rows whose key or phone could be the person's; empty when there is nothing to look for. */
    Optional<RowFilter> lookFor(Columns columns, Contact contact) {
        var any = new ArrayList<RowFilter>();
        String keyColumn = table.name(ContactColumn.KEY);
        if (keyColumn != null) {
            keys(contact).forEach(key -> any.add(RowFilter.equal(keyColumn, key)));
        }
        boolean number = columns.get(table.phone()).type().equals("number");
        for (String spelling : spellings(contact)) {
            String digits = spelling.substring(1);
            any.add(RowFilter.equal(table.phone(), digits));
            if (!number) {
                any.add(RowFilter.equal(table.phone(), spelling));
            }
        }
        RowFilter scope = scope();
        if (any.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(scope == null ? RowFilter.any(any) : RowFilter.all(List.of(scope, RowFilter.any(any))));
    }

    private static List<String> keys(Contact contact) {
        return contact.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .map(Identity::value)
                .sorted()
                .toList();
    }

    private Set<String> spellings(Contact contact) {
        return Optional.ofNullable(contact.phone()).flatMap(phones::read).stream()
                .flatMap(phone -> phone.spellings().stream())
                .filter(spelling -> spelling.startsWith("+"))
                .sorted()
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The rows a contact is known to come from, lowest first. */
    List<Long> knownRows(Contact contact) {
        String prefix = table.id() + "/";
        return contact.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.BASEROW
                        && identity.value().startsWith(prefix))
                .map(identity -> Long.valueOf(identity.value().substring(prefix.length())))
                .sorted()
                .toList();
    }

    // Writing

    /**
     * The cells of a new row.
     *
     * @throws UnwritableException for somebody nobody could find again
     */
    Map<String, @Nullable Object> newCells(Columns columns, Contact contact) {
        var nothing = new BaserowRow(0, Map.of());
        Map<String, @Nullable Object> cells = changes(columns, contact, Change.NONE, nothing);
        String keyColumn = table.name(ContactColumn.KEY);
        boolean findable = cells.get(table.phone()) != null || keyColumn != null && cells.get(keyColumn) != null;
        if (!findable) {
            throw new UnwritableException("nothing_to_find_the_person_by", table.phone());
        }
        return cells;
    }

    /** What was told of a person just now, and wins over what the row says. */
    record Change(
            @Nullable String name,
            @Nullable String email,
            Map<String, String> customFields,
            @Nullable Boolean optedOut) {

        static final Change NONE = new Change(null, null, Map.of(), null);

        static Change of(OutboundCommand.UpdateContact command) {
            return new Change(command.name(), command.email(), command.customFields(), command.optedOut());
        }
    }

    /** The cells to be written: the change, and what the row does not have yet. What people typed otherwise stays. */
    Map<String, @Nullable Object> changes(Columns columns, Contact contact, Change change, BaserowRow row) {
        var cells = new LinkedHashMap<String, @Nullable Object>();
        fill(cells, columns, row, table.phone(), null, phoneFor(columns, contact));
        fill(
                cells,
                columns,
                row,
                table.name(ContactColumn.KEY),
                null,
                keys(contact).stream().findFirst().orElse(null));
        fill(cells, columns, row, table.name(ContactColumn.TENANT), null, tenant.value());
        fill(cells, columns, row, table.name(ContactColumn.NAME), change.name(), contact.name());
        fill(cells, columns, row, table.name(ContactColumn.EMAIL), change.email(), contact.email());
        Boolean optedOut = contact.optedOut() ? Boolean.TRUE : change.optedOut();
        fill(cells, columns, row, table.name(ContactColumn.OPTED_OUT), optedOut, null);
        table.customFields()
                .forEach((field, column) -> fill(
                        cells,
                        columns,
                        row,
                        column,
                        change.customFields().get(field),
                        contact.customFields().get(field)));
        fillJson(cells, columns, contact, change, row);
        return cells;
    }

    private @Nullable String phoneFor(Columns columns, Contact contact) {
        String e164 = contact.phone();
        if (e164 == null || !e164.startsWith("+")) {
            return null;
        }
        return columns.get(table.phone()).type().equals("number") ? e164.substring(1) : e164;
    }

    /** One cell: {@code told} in any case, else {@code known} into an empty one. */
    private static void fill(
            Map<String, @Nullable Object> cells,
            Columns columns,
            BaserowRow row,
            @Nullable String column,
            @Nullable Object told,
            @Nullable Object known) {
        Object value = told != null || column == null || !row.text(column).isEmpty() ? told : known;
        if (column == null || value == null) {
            return;
        }
        TableField field = columns.get(column);
        try {
            cells.put(column, CellWriter.encode(field, value, false));
        } catch (UnwritableException e) {
            // One value that the table has no room for must not keep the others out.
            LOG.warn("column {} of the contacts table cannot hold a value: {}", column, e.reason());
        }
    }

    private void fillJson(
            Map<String, @Nullable Object> cells, Columns columns, Contact contact, Change change, BaserowRow row) {
        String column = table.name(ContactColumn.CUSTOM_FIELDS);
        Map<String, String> present = jsonFields(row).orElse(null);
        if (column == null || present == null) {
            return;
        }
        var all = new LinkedHashMap<String, String>(present);
        contact.customFields().forEach(all::putIfAbsent);
        all.putAll(change.customFields());
        all.keySet().removeAll(table.customFields().keySet());
        if (!all.equals(present)) {
            fill(cells, columns, row, column, PlainJson.text(all), null);
        }
    }
}
