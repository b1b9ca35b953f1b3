package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.baserow.SyncReport.RowProblem;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a tenant's contacts and a Baserow table alike. Our own store is what answers are written from, so nobody who waits
 * for an answer waits for Baserow: {@link #pull} brings what people typed into the table, and commands carried out by
 * {@link BaserowCommandSender} bring what was learned in conversations: an {@link OutboundCommand.UpdateContact} that changes
 * nothing still makes the person's row, if there is none.
 *
 * <p>Which side wins: what a row says replaces what we have, except that an empty cell empties nothing, the number a
 * message came from stays, and a tick against automatic messages is never taken back by the table, only in a conversation
 * or through the API. A command sets its own values in the row and fills its empty cells; whatever else people have typed
 * stays. A person is recognised by the key column or the phone in any spelling, never by the row alone: correcting a number
 * does not make two people one.
 *
 * <p>Thread-safe; blocks; owns no threads. What has been read is remembered as long as this object lives: a new one reads
 * the whole table once.
 */
public final class BaserowContactMirror {

    private static final Logger LOG = LoggerFactory.getLogger(BaserowContactMirror.class);

    private final BaserowClient client;
    private final TenantId tenant;
    private final ContactTable table;
    private final Contacts contacts;
    private final ContactRows rows;
    private final boolean mergeDuplicates;
    private final InstantSource clock;
    private final TableReader reader;
    private final Map<Long, String> personByRow = new ConcurrentHashMap<>();
    private final Set<Long> erased = ConcurrentHashMap.newKeySet();

    private BaserowContactMirror(Builder settings) {
        this.client = settings.client;
        this.tenant = settings.tenant;
        this.table = settings.table;
        this.contacts = settings.contacts;
        this.rows = new ContactRows(tenant, table, settings.phones);
        this.mergeDuplicates = settings.mergeDuplicates;
        this.clock = settings.clock;
        this.reader = new TableReader(
                client,
                table.id(),
                table.allNames(),
                rows.scope(),
                rows::inScope,
                table.name(ContactColumn.LAST_MODIFIED),
                settings.fullEvery,
                clock);
    }

    /** A mirror still to be set up. */
    public static Builder builder(
            BaserowClient client, TenantId tenant, ContactTable table, Contacts contacts, ContactPhone.Reader phones) {
        return new Builder(client, tenant, table, contacts, phones);
    }

    /** What the table must have, for {@link SchemaCheck}. */
    public TableExpectation expectation() {
        return table.expectation();
    }

    // From the table

    /**
     * Takes over what has changed in the table since the last time, and makes one of rows that are about one person.
     * Repeating it is harmless; nothing happens while another thread does it.
     *
     * @throws BaserowException when Baserow does not answer; what was read until then stays, and the next call goes on
     */
    public SyncReport pull() {
        var problems = new ArrayList<RowProblem>();
        var touched = new HashSet<String>();
        TableReader.Outcome outcome = reader.read(
                changed -> changed.forEach(row -> take(row, touched, problems)),
                removed -> removed.forEach(personByRow::remove));
        int merged = mergeDuplicates(outcome.whole() ? null : touched, problems);
        return new SyncReport(
                outcome.rowsRead(), outcome.changed(), outcome.removed() + merged, outcome.whole(), problems);
    }

    private void take(BaserowRow row, Set<String> touched, List<RowProblem> problems) {
        Optional<String> person = rows.personKey(row);
        if (person.isEmpty()) {
            personByRow.remove(row.id());
            boolean blank = table.allNames().stream()
                    .allMatch(column ->
                            row.text(column).isEmpty() || row.text(column).equals("false"));
            if (!blank) {
                problems.add(new RowProblem(row.id(), "nobody_to_recognise"));
            }
            return;
        }
        if (erased.contains(row.id())) {
            return;
        }
        personByRow.put(row.id(), person.get());
        touched.add(person.get());
        Contact present = contacts.findPerson(tenant, person.get()).orElse(null);
        ContactUpdate update = update(row, person.get(), present);
        if (present == null || saysSomethingNew(update, present)) {
            contacts.upsert(tenant, update, clock.instant());
        }
    }

    private ContactUpdate update(BaserowRow row, String person, @Nullable Contact present) {
        var identities = new LinkedHashSet<Identity>(List.of(Identity.person(person)));
        if (rowIsFreeFor(row.id(), present)) {
            identities.add(identity(row.id()));
        }
        boolean phoneWanted = present == null || present.phone() == null;
        return new ContactUpdate(
                identities,
                phoneWanted ? rows.phone(row).map(ContactPhone::e164).orElse(null) : null,
                orNull(row.text(table.name(ContactColumn.NAME))),
                orNull(row.text(table.name(ContactColumn.EMAIL))),
                rows.customFields(row),
                row.truth(table.name(ContactColumn.OPTED_OUT)) ? Boolean.TRUE : null);
    }

    /** The row's number as an identity would join two people when the row was another person's before. */
    private boolean rowIsFreeFor(long row, @Nullable Contact present) {
        Optional<Contact> owner = contacts.find(tenant, identity(row));
        return owner.isEmpty() || present != null && owner.get().id().equals(present.id());
    }

    private Identity identity(long row) {
        return Identity.baserow(String.valueOf(table.id()), row);
    }

    private static boolean saysSomethingNew(ContactUpdate update, Contact present) {
        return !present.identities().containsAll(update.identities())
                || update.phone() != null
                || update.name() != null && !update.name().equals(present.name())
                || update.email() != null && !update.email().equals(present.email())
                || update.optedOut() != null && !present.optedOut()
                || !present.customFields()
                        .entrySet()
                        .containsAll(update.customFields().entrySet());
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** @param touched the people to look at, or null for all */
    private int mergeDuplicates(@Nullable Set<String> touched, List<RowProblem> problems) {
        Map<String, Set<Long>> byPerson = personByRow.entrySet().stream()
                .filter(entry -> touched == null || touched.contains(entry.getValue()))
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toCollection(TreeSet::new))));
        var merger = new DuplicateRows(client, table);
        int removed = 0;
        for (Set<Long> same : byPerson.values()) {
            if (same.size() < 2) {
                continue;
            }
            Set<Long> left = same;
            if (mergeDuplicates) {
                DuplicateRows.Merged merged = merger.merge(same);
                merged.removed().forEach(personByRow::remove);
                removed += merged.removed().size();
                left = Set.copyOf(merged.left());
            }
            left.stream().sorted().forEach(row -> problems.add(new RowProblem(row, "duplicate")));
        }
        if (removed > 0) {
            LOG.info(
                    "{} rows of table {} were about people with a row already, and are in the trash",
                    removed,
                    table.id());
        }
        return removed;
    }

    // To the table

    /** Changes our own contact at once, then its row. Somebody who is not stored (any more) is left alone. */
    CommandResult update(RowCommands commands, CommandAttempt attempt, OutboundCommand.UpdateContact command) {
        if (!attempt.conversation().tenant().equals(tenant)) {
            return new Refused("other_tenant");
        }
        Contact contact = contacts.findPerson(tenant, command.personKey())
                .flatMap(known -> contacts.patch(tenant, known.id(), patch(command), clock.instant()))
                .orElse(null);
        if (contact == null) {
            return new Done(null);
        }
        var change = ContactRows.Change.of(command);
        return commands.alone(List.of(table.id(), contact.id()), attempt, writer -> {
            Columns columns = writer.columns(table.id(), Set.copyOf(table.allNames()));
            List<BaserowRow> found = rowsOf(writer, columns, contact);
            if (!found.isEmpty()) {
                return change(writer, columns, contact, change, found.get(0));
            }
            CommandResult wait = commands.stillSettling(attempt);
            return wait != null ? wait : create(writer, columns, contact, change);
        });
    }

    private static ContactPatch patch(OutboundCommand.UpdateContact command) {
        ContactPatch.Builder patch = ContactPatch.builder();
        if (command.name() != null) {
            patch.name(command.name());
        }
        if (command.email() != null) {
            patch.email(command.email());
        }
        if (command.optedOut() != null) {
            patch.optedOut(command.optedOut());
        }
        command.customFields().forEach(patch::customField);
        return patch.build();
    }

    private List<BaserowRow> rowsOf(RowWriter writer, Columns columns, Contact contact) {
        for (long number : rows.knownRows(contact)) {
            BaserowRow row = writer.get(table.id(), number);
            if (row != null && rows.mayBe(row, contact)) {
                return List.of(row);
            }
        }
        return rows.lookFor(columns, contact)
                .map(filter -> writer.find(table.id(), filter, row -> rows.isOf(row, contact)))
                .orElse(List.of());
    }

    private CommandResult change(
            RowWriter writer, Columns columns, Contact contact, ContactRows.Change change, BaserowRow row) {
        writer.update(table.id(), columns, row, rows.changes(columns, contact, change, row));
        return linked(contact, row);
    }

    private CommandResult create(RowWriter writer, Columns columns, Contact contact, ContactRows.Change change) {
        Map<String, @Nullable Object> cells = rows.newCells(columns, contact);
        try {
            return linked(contact, writer.create(table.id(), columns, cells, Set.of()));
        } catch (BaserowException e) {
            if (e.error() != BaserowError.NOT_UNIQUE) {
                throw e;
            }
            List<BaserowRow> found = rowsOf(writer, columns, contact);
            if (found.isEmpty()) {
                return new Refused(e.error().word());
            }
            return change(writer, columns, contact, change, found.get(0));
        }
    }

    private CommandResult linked(Contact contact, BaserowRow row) {
        Identity identity = identity(row.id());
        if (!contact.identities().contains(identity)
                && contacts.find(tenant, identity).isEmpty()) {
            Identity known = contact.identities().stream()
                    .min(Comparator.comparing(Identity::kind).thenComparing(Identity::value))
                    .orElseThrow();
            var update = new ContactUpdate(Set.of(known, identity), null, null, null, Map.of(), null);
            contacts.upsert(tenant, update, clock.instant());
        }
        return new Done(String.valueOf(row.id()));
    }

    /**
     * Moves all rows of a person to Baserow's trash, and never takes them over again. To be called before the contact is
     * erased in our own store, and after a {@link #pull} when numbers in the table may be spelled in unusual ways.
     * Repeating it is harmless.
     *
     * @return how many rows there were
     * @throws BaserowException when Baserow does not answer; then it has to be repeated
     */
    public int erase(Contact contact) {
        var numbers = new TreeSet<>(rows.knownRows(contact));
        contact.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .forEach(identity -> personByRow.forEach((row, person) -> {
                    if (person.equals(identity.value())) {
                        numbers.add(row);
                    }
                }));
        Columns columns = client.columns(table.id(), table.allNames());
        var writer = new RowWriter(client, null);
        rows.lookFor(columns, contact)
                .ifPresent(filter -> writer.find(table.id(), filter, row -> rows.isOf(row, contact))
                        .forEach(row -> numbers.add(row.id())));
        int gone = 0;
        for (long number : numbers) {
            Optional<BaserowRow> row = client.get(table.id(), number);
            if (row.isPresent() && rows.mayBe(row.get(), contact)) {
                erased.add(number);
                gone += client.delete(table.id(), number) ? 1 : 0;
            }
            personByRow.remove(number);
        }
        return gone;
    }

    /** What a mirror is made of; every setting has a default. */
    public static final class Builder {

        private final BaserowClient client;
        private final TenantId tenant;
        private final ContactTable table;
        private final Contacts contacts;
        private final ContactPhone.Reader phones;
        private Duration fullEvery = Duration.ofHours(1);
        private boolean mergeDuplicates = true;
        private InstantSource clock = InstantSource.system();

        private Builder(
                BaserowClient client,
                TenantId tenant,
                ContactTable table,
                Contacts contacts,
                ContactPhone.Reader phones) {
            this.client = client;
            this.tenant = tenant;
            this.table = table;
            this.contacts = contacts;
            this.phones = phones;
        }

        /** How often the whole table is read although a "last modified" column tells what is new. Default: hourly. */
        public Builder fullEvery(Duration time) {
            this.fullEvery = time;
            return this;
        }

        /** Whether rows about one person are made one, if nothing is lost by it, or only reported. Default: made one. */
        public Builder mergeDuplicates(boolean merge) {
            this.mergeDuplicates = merge;
            return this;
        }

        /** The clock. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The mirror. */
        public BaserowContactMirror build() {
            return new BaserowContactMirror(this);
        }
    }
}
