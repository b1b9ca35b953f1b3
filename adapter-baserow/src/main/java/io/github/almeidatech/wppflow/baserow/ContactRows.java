package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.CopyState;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a person is written in a row, and read from one. Without state. */
final class ContactRows {

    /** Why somebody has no row: neither a phone nor a key would find it again. */
    static final String NOBODY_TO_FIND = "nothing_to_find_the_person_by";

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
     * What is to be written into a row.
     *
     * @param left parts the table has no room for
     */
    record Cells(Map<String, @Nullable Object> cells, Set<String> left) {}

    /**
     * The cells of a new row.
     *
     * @throws UnwritableException for somebody nobody could find again
     */
    Cells newCells(Columns columns, Contact contact, Set<String> told) {
        Cells wanted = changes(columns, contact, told, new BaserowRow(0, Map.of()));
        String keyColumn = table.name(ContactColumn.KEY);
        boolean findable = wanted.cells().get(table.phone()) != null
                || keyColumn != null && wanted.cells().get(keyColumn) != null;
        if (!findable) {
            throw new UnwritableException(NOBODY_TO_FIND, table.phone());
        }
        return wanted;
    }

    /** Those of the cells that a row is found by. */
    Map<String, @Nullable Object> identifying(Map<String, @Nullable Object> cells) {
        var least = new LinkedHashMap<>(cells);
        least.keySet().retainAll(identifying());
        return least;
    }

    /** The columns that say whose a row is. */
    List<String> identifying() {
        return Stream.of(table.phone(), table.name(ContactColumn.KEY), table.name(ContactColumn.TENANT))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * The cells to be written: what was told, and what the row does not have yet. What people typed otherwise stays.
     *
     * @param told the parts that win over what the row says, as in {@link CopyState#parts()}
     */
    Cells changes(Columns columns, Contact contact, Set<String> told, BaserowRow row) {
        var filling = new Filling(columns, row);
        String key = personKey(row).or(() -> keys(contact).stream().findFirst()).orElse(null);
        filling.put(
                table.phone(), false, phoneFor(columns, contact, personKey(row).orElse(null)));
        filling.put(table.name(ContactColumn.KEY), false, key);
        filling.put(table.name(ContactColumn.TENANT), false, tenant.value());
        filling.put(table.name(ContactColumn.NAME), told.contains("name"), contact.name());
        filling.put(table.name(ContactColumn.EMAIL), told.contains("email"), contact.email());
        boolean tick = contact.optedOut() || told.contains("opted_out");
        filling.put(table.name(ContactColumn.OPTED_OUT), tick, tick ? contact.optedOut() : null);
        table.customFields()
                .forEach((field, column) -> filling.put(
                        column,
                        told.contains(CopyState.field(field)),
                        contact.customFields().get(field)));
        var left = new LinkedHashSet<String>();
        putJson(filling, contact, told, left);
        filling.refused.forEach(column -> left.addAll(partsIn(column, told)));
        return new Cells(filling.cells, left);
    }

    /** Which of the parts stand in that column. */
    Set<String> partsIn(String column, Set<String> parts) {
        return parts.stream()
                .filter(part -> column.equals(columnOf(part)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private @Nullable String columnOf(String part) {
        return switch (part) {
            case "name" -> table.name(ContactColumn.NAME);
            case "email" -> table.name(ContactColumn.EMAIL);
            case "opted_out" -> table.name(ContactColumn.OPTED_OUT);
            default ->
                table.customFields().entrySet().stream()
                        .filter(field -> CopyState.field(field.getKey()).equals(part))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(table.name(ContactColumn.CUSTOM_FIELDS));
        };
    }

    /** Of somebody with several numbers each row keeps to its own. */
    private @Nullable String phoneFor(Columns columns, Contact contact, @Nullable String keyOfRow) {
        String e164 = contact.phone();
        if (e164 == null || !e164.startsWith("+")) {
            return null;
        }
        boolean another = keyOfRow != null
                && phones.read(e164)
                        .filter(phone -> !phone.personKey().equals(keyOfRow))
                        .isPresent();
        if (another) {
            return null;
        }
        return columns.get(table.phone()).type().equals("number") ? e164.substring(1) : e164;
    }

    private void putJson(Filling filling, Contact contact, Set<String> told, Set<String> left) {
        String column = table.name(ContactColumn.CUSTOM_FIELDS);
        if (column == null) {
            return;
        }
        Map<String, String> present = jsonFields(filling.row).orElse(null);
        if (present == null) {
            left.addAll(partsIn(column, told));
            return;
        }
        var all = new LinkedHashMap<String, String>(present);
        all.keySet().removeIf(field -> told.contains(CopyState.field(field)));
        contact.customFields().forEach(all::putIfAbsent);
        all.keySet().removeAll(table.customFields().keySet());
        if (!all.equals(present)) {
            filling.put(column, true, all.isEmpty() ? null : PlainJson.text(all));
        }
    }

    /** Cells of one row on the way. */
    private static final class Filling {

        private final Columns columns;
        private final BaserowRow row;
        private final Map<String, @Nullable Object> cells = new LinkedHashMap<>();
        private final Set<String> refused = new LinkedHashSet<>();

        Filling(Columns columns, BaserowRow row) {
            this.columns = columns;
            this.row = row;
        }

        /** One cell: what was told in any case, also that there is nothing; else what is known into an empty one. */
        void put(@Nullable String column, boolean told, @Nullable Object value) {
            if (column == null || !told && (value == null || !row.text(column).isEmpty())) {
                return;
            }
            try {
                // Exactly, because what the row says is taken over: a number that was rounded would be so here, too.
                cells.put(column, CellWriter.encodeExactly(columns.get(column), value, false));
            } catch (UnwritableException e) {
                // One value that the table has no room for must not keep the others out.
                LOG.warn("column {} of the contacts table cannot hold a value: {}", column, e.reason());
                refused.add(column);
            }
        }
    }
}
