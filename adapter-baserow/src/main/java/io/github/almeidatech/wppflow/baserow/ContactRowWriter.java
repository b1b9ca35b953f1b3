package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.CopyState.Copied;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One try to write one contact into its rows. For one thread. */
final class ContactRowWriter {

    private final BaserowClient client;
    private final ContactTable table;
    private final ContactRows rows;
    private final RowWriter writer;
    private final Columns columns;
    private final Contact contact;
    private final Set<String> told;
    private final Set<String> left = new LinkedHashSet<>();
    private boolean creating;
    private @Nullable BaserowRow created;

    /** @param notAfter nothing is written from this instant on */
    ContactRowWriter(BaserowClient client, ContactTable table, ContactRows rows, Copied behind, Instant notAfter) {
        this.client = client;
        this.table = table;
        this.rows = rows;
        this.writer = new RowWriter(client, notAfter);
        this.columns = writer.columns(table.id(), Set.copyOf(table.allNames()));
        this.contact = behind.contact();
        this.told = behind.state().parts();
    }

    /**
     * Writes all rows of the contact, or makes one.
     *
     * @return the rows' numbers
     * @throws UnwritableException for somebody nobody could find again
     */
    List<Long> write() {
        List<BaserowRow> present = rowsOfContact();
        if (present.isEmpty()) {
            BaserowRow made = create();
            return List.of(made.id());
        }
        present.forEach(this::update);
        return present.stream().map(BaserowRow::id).toList();
    }

    /** Whether a failure may have left a row that nobody knows of. */
    boolean wasCreating() {
        return creating;
    }

    /** Parts that the table has no room for. */
    Set<String> left() {
        return Set.copyOf(left);
    }

    private List<BaserowRow> rowsOfContact() {
        var known = new ArrayList<BaserowRow>();
        for (long number : rows.knownRows(contact)) {
            BaserowRow row = writer.get(table.id(), number);
            if (row != null && rows.mayBe(row, contact)) {
                known.add(row);
            }
        }
        if (!known.isEmpty()) {
            return known;
        }
        return rows
                .lookFor(columns, contact)
                .map(filter -> writer.find(table.id(), filter, row -> rows.isOf(row, contact), table.allNames()))
                .orElse(List.of())
                .stream()
                .limit(1)
                .toList();
    }

    private BaserowRow create() {
        ContactRows.Cells wanted = rows.newCells(columns, contact, told);
        left.addAll(wanted.left());
        try {
            return create(wanted.cells());
        } catch (BaserowException e) {
            if (e.error() == BaserowError.NOT_UNIQUE) {
                // Somebody else was quicker, or an earlier try of ours arrived late.
                BaserowRow row = rowsOfContact().stream().findFirst().orElseThrow(() -> e);
                update(row);
                return row;
            }
            Map<String, @Nullable Object> least = rows.identifying(wanted.cells());
            if (e.error() != BaserowError.INVALID_REQUEST || least.equals(wanted.cells())) {
                throw e;
            }
            BaserowRow row = create(least);
            update(row);
            return row;
        }
    }

    private BaserowRow create(Map<String, @Nullable Object> cells) {
        creating = true;
        BaserowRow made = writer.create(table.id(), columns, cells, Set.of());
        creating = false;
        created = made;
        return made;
    }

    /** What one cell refuses must not keep the others out. */
    private void update(BaserowRow row) {
        creating = false;
        ContactRows.Cells wanted = rows.changes(columns, contact, told, row);
        left.addAll(wanted.left());
        try {
            writer.update(table.id(), columns, row, wanted.cells());
        } catch (BaserowException e) {
            if (e.error() != BaserowError.INVALID_REQUEST || wanted.cells().size() < 2) {
                throw e;
            }
            wanted.cells().forEach((column, value) -> updateAlone(row, column, value));
        }
    }

    private void updateAlone(BaserowRow row, String column, @Nullable Object value) {
        var cell = new LinkedHashMap<String, @Nullable Object>();
        cell.put(column, value);
        try {
            writer.update(table.id(), columns, row, cell);
        } catch (BaserowException e) {
            if (e.error() != BaserowError.INVALID_REQUEST) {
                throw e;
            }
            left.addAll(rows.partsIn(column, told));
        }
    }

    /** Takes back what was made for somebody who is not there any more. */
    void takeBack() {
        if (created != null) {
            client.delete(table.id(), created.id());
        }
    }
}
