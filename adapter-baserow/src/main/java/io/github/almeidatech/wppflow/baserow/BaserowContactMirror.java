package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.baserow.SyncReport.RowProblem;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.CopyState.Copied;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a tenant's contacts and a Baserow table alike. Our own store is what answers are written from, so nobody who waits
 * for an answer waits for Baserow: {@link #pull} brings what people typed into the table, and {@link #push} brings what has
 * changed here, wherever that came from. The contacts' store has to note changes for this tenant
 * ({@link io.github.almeidatech.wppflow.contacts.ContactStore}): a contact waits there, with what its row does not say yet,
 * until the row says it.
 *
 * <p>Which side wins: what a row says replaces what we have, except that an empty cell empties nothing, the number a
 * message came from stays, a tick against automatic messages is never taken back by the table, and nothing is replaced that
 * was changed here and is not in the row yet. What was changed here is written over what the row says, everything else only
 * into its empty cells. A person is recognised by the key column or the phone in any spelling, never by the row alone:
 * correcting a number does not make two people one. A contact made of two has two rows, which say the same.
 *
 * <p>Thread-safe; blocks; owns no threads. What has been read is remembered as long as this object lives: a new one reads
 * the whole table once.
 */
public final class BaserowContactMirror {

    private static final Logger LOG = LoggerFactory.getLogger(BaserowContactMirror.class);
    private static final int MOST_AT_ONCE = 100;
    private static final Duration WRITING = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final BaserowClient client;
    private final TenantId tenant;
    private final ContactTable table;
    private final Contacts contacts;
    private final ContactRows rows;
    private final boolean mergeDuplicates;
    private final Duration settleTime;
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
        this.settleTime = settings.settleTime;
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
        var old = new HashSet<Long>();
        TableReader.Outcome outcome = reader.read(
                changed -> changed.forEach(row -> {
                    if (!take(row, touched, problems)) {
                        old.add(row.id());
                    }
                }),
                removed -> removed.forEach(personByRow::remove));
        old.forEach(reader::handOverAgain);
        int merged = mergeDuplicates(outcome.whole() ? null : touched, problems);
        return new SyncReport(
                outcome.rowsRead(), outcome.changed(), outcome.removed() + merged, outcome.whole(), problems);
    }

    /** False for a row that was written while it was read. */
    private boolean take(BaserowRow row, Set<String> touched, List<RowProblem> problems) {
        Optional<String> person = rows.personKey(row);
        if (person.isEmpty()) {
            personByRow.remove(row.id());
            boolean blank = table.allNames().stream()
                    .allMatch(column ->
                            row.text(column).isEmpty() || row.text(column).equals("false"));
            if (!blank) {
                problems.add(new RowProblem(row.id(), "nobody_to_recognise"));
            }
            return true;
        }
        if (erased.contains(row.id())) {
            return true;
        }
        personByRow.put(row.id(), person.get());
        touched.add(person.get());
        Contact present = contacts.findPerson(tenant, person.get()).orElse(null);
        ContactUpdate update = update(row, person.get(), present);
        return present != null && !saysSomethingNew(update, present)
                || contacts.takeOver(tenant, update, reader.pageAskedAt(), clock.instant())
                        .isPresent();
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

    /** After that, a row whose making was begun is there, or never will be. */
    public static Duration longestWriting(Duration settleTime) {
        return WRITING.plus(settleTime);
    }

    /**
     * Writes the contacts whose rows are behind, the longest first, until none is due or {@value #MOST_AT_ONCE} were tried.
     * One that fails is tried again later, by anybody; after an unclear result not before the settling time has passed, so
     * that no row is made twice. Somebody who cannot be found again by any column gets no row. Several processes may do this
     * at once: each contact is written by one of them.
     *
     * @throws BaserowException when Baserow does not answer, or refuses everything; the next call goes on
     */
    public PushReport push() {
        int written = 0;
        var refused = new TreeMap<String, Integer>();
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Instant now = clock.instant();
            Optional<Copied> behind = contacts.claimCopy(tenant, now, longestWriting(settleTime));
            if (behind.isEmpty()) {
                break;
            }
            String problem = write(behind.get(), now.plus(WRITING));
            if (problem.isEmpty()) {
                written++;
            } else {
                refused.merge(problem, 1, Integer::sum);
            }
        }
        return new PushReport(written, refused);
    }

    /** Empty, or why not. */
    private String write(Copied behind, Instant notAfter) {
        Contact contact = behind.contact();
        ContactRowWriter writer = null;
        try {
            writer = new ContactRowWriter(client, table, rows, behind, notAfter);
            List<Long> written = writer.write();
            Set<Identity> places = written.stream().map(this::identity).collect(Collectors.toSet());
            if (!contacts.copied(tenant, contact, writer.left(), places, clock.instant())) {
                writer.takeBack();
            } else if (!writer.left().isEmpty()) {
                contacts.notCopied(tenant, contact.id(), again(behind, Duration.ZERO));
                return "value_not_held";
            }
            return "";
        } catch (UnwritableException e) {
            if (e.reason().equals(ContactRows.NOBODY_TO_FIND)) { // such a person has no row
                contacts.copied(tenant, contact, Set.of(), Set.of(), clock.instant());
                return "";
            }
            contacts.notCopied(tenant, contact.id(), again(behind, Duration.ZERO));
            return e.reason();
        } catch (BaserowException e) {
            boolean mayBeMade =
                    writer != null && writer.wasCreating() && e.error().unclear();
            Duration least = mayBeMade ? settleTime : e.retryAfter().orElse(Duration.ZERO);
            contacts.notCopied(tenant, contact.id(), again(behind, least));
            if (concernsOne(e.error())) {
                return e.error().word();
            }
            throw e;
        }
    }

    /** As long again as it has been waiting, up to {@link #LONGEST_PAUSE}. */
    private Instant again(Copied behind, Duration least) {
        Instant now = clock.instant();
        Instant since = behind.state().since();
        Duration waited = since == null ? FIRST_PAUSE : Duration.between(since, now);
        Duration pause = waited.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : waited;
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        return now.plus(pause.compareTo(least) < 0 ? least : pause);
    }

    /** Whether others may be written all the same. */
    private static boolean concernsOne(BaserowError error) {
        return switch (error) {
            case INVALID_REQUEST, NOT_UNIQUE, ROW_NOT_FOUND, TOO_LARGE, CONFLICT, COLUMNS_CHANGED -> true;
            case UNREACHABLE,
                    CIRCUIT_OPEN,
                    BUSY,
                    TIMED_OUT,
                    BROKEN,
                    SERVER_ERROR,
                    UNREADABLE_ANSWER,
                    RATE_LIMITED,
                    UNAUTHORIZED,
                    REDIRECTED,
                    FORBIDDEN,
                    TABLE_NOT_FOUND -> false;
        };
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
        Set<Long> theirs = found(contact);
        for (long number : known(contact)) {
            if (!theirs.contains(number)
                    && client.get(table.id(), number)
                            .filter(row -> rows.mayBe(row, contact))
                            .isPresent()) {
                theirs.add(number);
            }
        }
        int gone = 0;
        for (long number : theirs) {
            erased.add(number);
            gone += client.delete(table.id(), number) ? 1 : 0;
            personByRow.remove(number);
        }
        return gone;
    }

    /**
     * All rows of a person as they are now, known ones and those with one of the person's numbers; for the person's right to
     * see them.
     *
     * @throws BaserowException when Baserow does not answer
     */
    public List<BaserowRow> rowsOf(Contact contact) {
        Set<Long> numbers = known(contact);
        numbers.addAll(found(contact));
        return numbers.stream()
                .flatMap(number -> client.get(table.id(), number).stream())
                .filter(row -> rows.mayBe(row, contact))
                .toList();
    }

    /** The numbers of rows that were a person's when they were last read. */
    private Set<Long> known(Contact contact) {
        var numbers = new TreeSet<>(rows.knownRows(contact));
        contact.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .forEach(identity -> personByRow.forEach((row, person) -> {
                    if (person.equals(identity.value())) {
                        numbers.add(row);
                    }
                }));
        return numbers;
    }

    /** The numbers of rows that are a person's by what they say now. */
    private Set<Long> found(Contact contact) {
        Columns columns = client.columns(table.id(), table.allNames());
        return rows
                .lookFor(columns, contact)
                .map(filter -> RowPages.of(client, table.id(), filter, rows.identifying())
                        .all())
                .orElse(List.of())
                .stream()
                .filter(row -> rows.isOf(row, contact))
                .map(BaserowRow::id)
                .collect(Collectors.toCollection(TreeSet::new));
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
        private Duration settleTime = Duration.ofSeconds(60);
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

        /** How long a row may take to appear after a try with an unclear result. Default: 60 seconds. */
        public Builder settleTime(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("a duration that is not negative wanted, got " + time);
            }
            this.settleTime = time;
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
