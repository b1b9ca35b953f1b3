package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.jdbc.Reads.PersonRef;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of the {@link Writer}, shared by the works in it. It remembers what was read, and collects what is to be
 * written: rows of a kind go to the database together, at the latest before something is read or committed. Only for the
 * writing thread.
 */
final class Tx {

    /** Numbers for this many commands are fetched at once. */
    private static final int COMMAND_IDS = 16;

    private final Session session;
    private final Dialect dialect;
    private final Map<String, List<@Nullable Object[]>> later = new LinkedHashMap<>();
    private final Map<ConversationId, ConversationRow> conversations = new LinkedHashMap<>();
    private final Map<SeenKey, Boolean> keys = new HashMap<>();
    private final Map<NewEvent.Ref, Boolean> events = new HashMap<>();
    /** Those that were made before the transaction began. */
    private final IdentityHashMap<Event, NewEvent> prepared = new IdentityHashMap<>();
    /** The contact ids of people, empty for nobody. */
    private final Map<PersonRef, String> owners = new HashMap<>();

    private final EventChains chains;
    /** Commands that are written before the rest, so that this may be about them. */
    private final List<OutboxRow> newCommands = new ArrayList<>();

    private final Deque<Long> commandIds = new ArrayDeque<>();
    private int batch;
    private boolean workAdded;

    Tx(Session session, Dialect dialect) {
        this.session = session;
        this.dialect = dialect;
        chains = new EventChains(this);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Whether no other process works on this database. */
    boolean isAlone() throws SQLException {
        return dialect.isAlone(session);
    }

    /** For what may find a few rows or nearly all, such as what is older than a time: is to be planned for that time. */
    void planByArguments() throws SQLException {
        dialect.planByArguments(session);
    }

    /** How many works share it. */
    int batch() {
        return batch;
    }

    /** Reads together what the works say they will look at. */
    void read(List<Task<?>> tasks) throws SQLException {
        batch = tasks.size();
        var wantedConversations = new ArrayList<ConversationId>();
        var withCommands = new EnumMap<Line, List<ConversationId>>(Line.class);
        var wantedKeys = new ArrayList<SeenKey>();
        var wantedEvents = new ArrayList<NewEvent.Ref>();
        var locks = new TreeSet<Long>();
        var wantedPeople = new ArrayList<PersonRef>();
        for (Task<?> task : tasks) {
            Reads reads = task.reads();
            wantedConversations.addAll(reads.conversations());
            for (Line line : reads.lines()) {
                withCommands.computeIfAbsent(line, key -> new ArrayList<>()).addAll(reads.conversations());
            }
            wantedKeys.addAll(reads.keys());
            for (NewEvent event : reads.events()) {
                prepared.put(event.given(), event);
                wantedEvents.add(event.ref());
            }
            locks.addAll(reads.locks());
            wantedPeople.addAll(reads.people());
        }
        readConversations(wantedConversations);
        if (!dialect.lockNumbers().isEmpty()) {
            readIn(dialect.lockNumbers(), locks, 1, number -> new Object[] {number}, row -> true);
        }
        for (var line : withCommands.entrySet()) {
            readCommands(line.getValue().stream().map(conversations::get).toList(), line.getKey());
        }
        readOwners(wantedPeople);
        readKeys(wantedKeys);
        readEvents(wantedEvents);
    }

    /** Puts a row that nothing in this transaction depends on into the queue of its kind. */
    void later(String sql, @Nullable Object... arguments) {
        later.computeIfAbsent(sql, key -> new ArrayList<>()).add(arguments);
    }

    int update(String sql, @Nullable Object... arguments) throws SQLException {
        writeLater();
        return session.update(sql, arguments);
    }

    <T> List<T> list(String sql, Session.Row<T> mapper, @Nullable Object... arguments) throws SQLException {
        writeLater();
        return session.list(sql, mapper, arguments);
    }

    <T> Optional<T> first(String sql, Session.Row<T> mapper, @Nullable Object... arguments) throws SQLException {
        writeLater();
        return session.first(sql, mapper, arguments);
    }

    /** Whether one of these keys was seen before; now all have been. */
    boolean see(List<SeenKey> wanted, Instant now) throws SQLException {
        readKeys(wanted);
        boolean known = false;
        for (SeenKey key : wanted) {
            if (Boolean.TRUE.equals(keys.put(key, true))) {
                known = true;
            } else {
                later(
                        "insert into seen (tenant, high, low, at) values (?, ?, ?, ?)",
                        key.tenant().value(),
                        key.high(),
                        key.low(),
                        now);
            }
        }
        return known;
    }

    /** Appends those events that the log does not have yet. */
    void append(List<Event> given) throws SQLException {
        append(given, false);
    }

    /** The same for events that policies have been asked about, or that come from them. */
    void appendDecided(List<Event> given) throws SQLException {
        append(given, true);
    }

    private void append(List<Event> given, boolean decided) throws SQLException {
        List<NewEvent> wanted = given.stream().map(this::prepared).toList();
        readEvents(wanted.stream().map(NewEvent::ref).toList());
        for (NewEvent event : wanted) {
            if (!Boolean.TRUE.equals(events.put(event.ref(), true))) {
                chains.append(event, decided);
            }
        }
    }

    private NewEvent prepared(Event event) {
        NewEvent known = prepared.get(event);
        return known == null ? NewEvent.of(event) : known;
    }

    /** Appends an event whose id was made just now, so that nobody can have it. */
    void appendNew(Event event) {
        chains.append(NewEvent.of(event), false);
    }

    ConversationRow conversation(ConversationId id) throws SQLException {
        readConversations(List.of(id));
        ConversationRow row = conversations.get(id);
        return Objects.requireNonNull(row);
    }

    /** With the waiting commands of a line. */
    ConversationRow withCommands(ConversationId id, Line line) throws SQLException {
        ConversationRow row = conversation(id);
        readCommands(List.of(row), line);
        return row;
    }

    /**
     * Conversations found by a query over all, such as those that are due; what was read before is taken from memory.
     *
     * @param condition follows {@code where}; may order and limit
     */
    List<ConversationRow> conversationsWhere(String condition, @Nullable Object... arguments) throws SQLException {
        return conversationsOfEach(condition, Collections.singletonList(arguments));
    }

    /** The same for several tenants, one after the other. */
    List<ConversationRow> conversationsOfEach(String condition, List<@Nullable Object[]> each) throws SQLException {
        saveConversations();
        String sql = ConversationRow.SELECT + " where " + condition + dialect.forUpdateSkippingLocked();
        var found = new ArrayList<ConversationRow>();
        for (@Nullable Object[] arguments : each) {
            found.addAll(list(sql, ConversationRow::read, arguments));
        }
        return known(found);
    }

    /**
     * The same for several tenants at once.
     *
     * @param from what follows the columns, with a place for the shares and one for the lock
     * @param shares how many are wanted of each
     */
    List<ConversationRow> conversationsOf(String from, Map<TenantId, Integer> shares, Instant until)
            throws SQLException {
        saveConversations();
        String sql = ConversationRow.COLUMNS + from.formatted("%s", dialect.forUpdateSkippingLocked());
        return known(readIn(
                sql,
                shares.entrySet(),
                3,
                share -> new Object[] {share.getKey().value(), until, share.getValue()},
                ConversationRow::read));
    }

    private List<ConversationRow> known(List<ConversationRow> found) {
        var rows = new LinkedHashSet<ConversationRow>();
        for (ConversationRow row : found) {
            ConversationRow known = conversations.putIfAbsent(row.id, row);
            rows.add(known == null ? row : known);
        }
        return List.copyOf(rows);
    }

    /** Writes the conversations and reads them anew from now on: before they are changed past this. */
    void forgetConversations() throws SQLException {
        saveConversations();
        conversations.clear();
    }

    /** The contact whom an identity belongs to. */
    Optional<String> owner(PersonRef person) throws SQLException {
        readOwners(List.of(person));
        return Optional.ofNullable(owners.get(person)).filter(id -> !id.isEmpty());
    }

    /** Gives an identity that is nobody's to a contact. */
    void own(PersonRef person, String contactId) {
        later(
                "insert into contact_identity (tenant, kind, value, contact_id) values (?, ?, ?, ?)",
                person.tenant().value(),
                person.kind(),
                person.value(),
                contactId);
        owners.put(person, contactId);
    }

    /** Reads anew whom identities belong to: after they were taken away from somebody. */
    void forgetOwners() {
        owners.clear();
    }

    private void readOwners(Collection<PersonRef> wanted) throws SQLException {
        Set<PersonRef> missing = new HashSet<>(wanted);
        missing.removeAll(owners.keySet());
        missing.forEach(person -> owners.put(person, ""));
        readIn(
                "select tenant, kind, value, contact_id from contact_identity"
                        + " where (tenant, kind, value) in (values %s)",
                missing,
                3,
                person -> new Object[] {person.tenant().value(), person.kind(), person.value()},
                row -> ""
                        .equals(owners.put(
                                new PersonRef(new TenantId(row.getString(1)), row.getString(2), row.getString(3)),
                                row.getString(4))));
    }

    void readCommands(Collection<ConversationRow> rows, Line line) throws SQLException {
        var missing = new LinkedHashMap<ConversationId, ConversationRow>();
        for (ConversationRow row : rows) {
            if (!row.line(line).isRead) {
                missing.put(row.id, row);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        saveConversations();
        String waiting = " where state = 'waiting' and line = '" + CommandLine.word(line) + "' and ";
        // "offset 0": conversation by conversation through the index; without statistics all that waits would be read
        String sql = dialect.lateral()
                ? OutboxRow.COLUMNS
                        + " from (select distinct * from (values %s) as given (whose, which)) as wanted cross join lateral"
                        + " (select * from outbox" + waiting
                        + "tenant = whose and conversation = which order by id offset 0) as outbox order by id"
                : OutboxRow.SELECT + waiting + "(tenant, conversation) in (values %s) order by id";
        for (OutboxRow command : listIn(sql, missing.keySet(), OutboxRow::read)) {
            Objects.requireNonNull(missing.get(command.conversation))
                    .line(line)
                    .commands
                    .add(command);
        }
        missing.values().forEach(row -> row.line(line).isRead = true);
    }

    /** A query with {@code in (values %s)} over conversations. */
    <T> List<T> listIn(String sql, Collection<ConversationId> wanted, Session.Row<T> mapper) throws SQLException {
        return readIn(sql, wanted, 2, id -> new Object[] {id.tenant().value(), id.key()}, mapper);
    }

    /** The number of a command that is added now to a conversation which has been read before. */
    long nextCommandId() throws SQLException {
        if (commandIds.isEmpty()) {
            writeCommands();
            commandIds.addAll(dialect.newIds(session, "outbox", COMMAND_IDS));
        }
        return commandIds.remove();
    }

    /** Writes it with the next that is written. */
    void insert(OutboxRow command) {
        newCommands.add(command);
    }

    /** Something can be claimed that could not before. */
    void workAdded() {
        workAdded = true;
    }

    boolean hasAddedWork() {
        return workAdded;
    }

    /** Writes everything that is still in memory. */
    void flush() throws SQLException {
        saveConversations();
        writeLater();
        chains.flush();
        writeLater();
    }

    /** Writes the conversations as they are by now, so that queries over all see it. */
    void saveConversations() throws SQLException {
        insertConversations();
        conversations.values().forEach(row -> row.save(this));
        writeLater();
    }

    /**
     * Before all that belongs to them, and in one order: another process that takes in the same at the same time waits here,
     * or is waited for, and then finds what the first one has written.
     */
    private void insertConversations() throws SQLException {
        List<@Nullable Object[]> added = conversations.values().stream()
                .filter(ConversationRow::isNew)
                .sorted(Comparator.comparing(row -> row.id, ConversationRow.ORDER))
                .map(ConversationRow::inserted)
                .toList();
        if (!added.isEmpty()) {
            session.updateAll(ConversationRow.INSERT, added);
        }
    }

    private void writeCommands() throws SQLException {
        if (!newCommands.isEmpty()) {
            insertConversations();
            session.updateAll(
                    OutboxRow.INSERT,
                    newCommands.stream().map(OutboxRow::inserted).toList());
            newCommands.clear();
        }
    }

    private void writeLater() throws SQLException {
        insertConversations();
        writeCommands();
        for (var rows : later.entrySet()) {
            session.updateAll(rows.getKey(), rows.getValue());
        }
        later.clear();
    }

    private void readConversations(List<ConversationId> wanted) throws SQLException {
        var missing = new TreeSet<>(ConversationRow.ORDER);
        wanted.stream().filter(id -> !conversations.containsKey(id)).forEach(missing::add);
        String sql = ConversationRow.SELECT + " where (tenant, conversation) in (values %s)"
                + " order by tenant, conversation" + dialect.forUpdate();
        listIn(sql, missing, ConversationRow::read).forEach(row -> conversations.put(row.id, row));
        missing.forEach(id -> conversations.computeIfAbsent(id, ConversationRow::added));
    }

    private void readKeys(List<SeenKey> wanted) throws SQLException {
        readKnown(
                keys,
                wanted,
                "select tenant, high, low from seen where (tenant, high, low) in (values %s)",
                3,
                key -> new Object[] {key.tenant().value(), key.high(), key.low()},
                row -> new SeenKey(new TenantId(row.getString(1)), row.getLong(2), row.getLong(3)));
    }

    private void readEvents(List<NewEvent.Ref> wanted) throws SQLException {
        readKnown(
                events,
                wanted,
                "select tenant, event_id from event where (tenant, event_id) in (values %s)",
                2,
                ref -> new Object[] {ref.tenant().value(), ref.id()},
                row -> new NewEvent.Ref(new TenantId(row.getString(1)), row.getString(2)));
    }

    private <K> void readKnown(
            Map<K, Boolean> known,
            List<K> wanted,
            String sql,
            int columns,
            Function<K, Object[]> arguments,
            Session.Row<K> mapper)
            throws SQLException {
        Set<K> missing = new HashSet<>(wanted);
        missing.removeAll(known.keySet());
        missing.forEach(key -> known.put(key, false));
        readIn(sql, missing, columns, arguments, mapper).forEach(key -> known.put(key, true));
    }

    /** Runs a query with {@code in (values …)} for any number of keys: few different texts, so they stay prepared. */
    <K, T> List<T> readIn(
            String sql, Collection<K> wanted, int columns, Function<K, Object[]> arguments, Session.Row<T> mapper)
            throws SQLException {
        var found = new ArrayList<T>();
        var rest = List.copyOf(wanted);
        while (!rest.isEmpty()) {
            int size = Math.min(rest.size(), 256);
            int slots = size == 1 ? 1 : Integer.highestOneBit(size - 1) * 2;
            var values = new ArrayList<@Nullable Object>(slots * columns);
            for (int i = 0; i < slots; i++) {
                values.addAll(List.of(arguments.apply(rest.get(Math.min(i, size - 1)))));
            }
            String row = "(" + "?, ".repeat(columns - 1) + "?)";
            String text = sql.formatted((row + ", ").repeat(slots - 1) + row);
            found.addAll(list(text, mapper, values.toArray()));
            rest = rest.subList(size, rest.size());
        }
        return found;
    }
}
