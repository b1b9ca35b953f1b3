package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.ContactLists;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.VectorStore;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One database and all stores on it. Thread-safe; closed once, after everything that uses the stores.
 *
 * <p>Each writing call returns when its effect has survived: SQLite and PostgreSQL synchronise the disk first. Calls wait
 * a bounded time ({@link DatabaseOptions#maxWait()}) and then fail with a {@link StorageError}.
 */
public final class Database implements AutoCloseable {

    private final Dialect dialect;
    private final @Nullable SqliteFile file;
    private final Writer writer;
    private final Reader reader;
    private final SeenKeys seenKeys;
    private volatile @Nullable SteadyClock clock;

    private Database(Dialect dialect, @Nullable SqliteFile file, DatabaseOptions options) {
        this.dialect = dialect;
        this.file = file;
        writer = Writer.start(dialect, options);
        reader = new Reader(dialect);
        seenKeys = new SeenKeys(secret("seen"));
    }

    /** Opens with {@link DatabaseOptions#DEFAULT}. */
    public static Database open(String url) {
        return open(url, DatabaseOptions.DEFAULT);
    }

    /**
     * Opens a database, making it when there is none, and brings its tables to this version.
     *
     * @param url {@code sqlite:} and a path: one file on a local disk, used by this process alone. Or
     *     {@code postgresql://user:password@host:port/database}, for any number of processes; parameters of the JDBC driver
     *     may follow. Not through a pooler that shares sessions
     */
    public static Database open(String url, DatabaseOptions options) {
        if (url.startsWith("postgresql:")) {
            return open(new PostgresDialect(PostgresUrl.parse(url), options), null, options);
        }
        SqliteFile file = SqliteFile.lock(pathOf(url));
        try {
            file.check();
            Database database = open(new SqliteDialect(file, options), file, options);
            file.opened();
            return database;
        } catch (RuntimeException e) {
            file.release();
            throw e;
        }
    }

    /**
     * Looks whether {@link #open} would work, and makes no table and no file: for a person who wants to know. A SQLite file
     * that nobody uses is read as a start reads it.
     *
     * @throws io.github.almeidatech.wppflow.model.FlowException as a start would, except for {@link StorageError#IN_USE}, which is no trouble here
     */
    public static DatabaseState look(String url, InstantSource clock) {
        if (url.startsWith("postgresql:")) {
            var dialect = new PostgresDialect(PostgresUrl.parse(url), DatabaseOptions.DEFAULT);
            try {
                Duration ahead = new Reader(dialect)
                        .readAll(dialect::now)
                        .map(now -> Duration.between(now, clock.instant()))
                        .orElse(Duration.ZERO);
                boolean unrestricted = new Reader(dialect).readAll(dialect::isUnrestricted);
                return new DatabaseState(true, false, ahead, unrestricted);
            } finally {
                dialect.close();
            }
        }
        Path path = pathOf(url);
        return new DatabaseState(SqliteFile.exists(path), SqliteFile.isInUse(path), Duration.ZERO, false);
    }

    private static Path pathOf(String url) {
        if (!url.startsWith("sqlite:")) {
            throw new IllegalArgumentException("a storage url begins with sqlite: or postgresql:");
        }
        return Path.of(url.substring("sqlite:".length()));
    }

    static Database open(Dialect dialect, @Nullable SqliteFile file, DatabaseOptions options) {
        try {
            Schema.migrate(dialect);
            return new Database(dialect, file, options);
        } catch (RuntimeException e) {
            dialect.close();
            throw e;
        }
    }

    /** 32 random bytes of this database for a purpose, made when first asked for and the same ever after. */
    public byte[] secret(String purpose) {
        String name = purpose + "_secret";
        var fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        String secret = writer.write(tx -> {
            tx.update(
                    "insert into meta (name, value) values (?, ?) on conflict do nothing",
                    name,
                    HexFormat.of().formatHex(fresh));
            return tx.first("select value from meta where name = ?", row -> row.getString(1), name)
                    .orElseThrow();
        });
        return HexFormat.of().parseHex(secret);
    }

    /** The durable inbox, turns and outbox. */
    public FlowStore flowStore() {
        return new JdbcFlowStore(this, writer, reader, seenKeys);
    }

    /** The events of all tenants. */
    public EventLog eventLog() {
        return new JdbcEventLog(writer, reader);
    }

    /** The same events, as a chain. */
    public EventArchive eventArchive() {
        return new JdbcEventLog(writer, reader);
    }

    /** The policies written through the API. */
    public PolicyStore policyStore() {
        return new JdbcPolicyStore(writer, reader);
    }

    /** Bearer tokens of the API that were made at run time. */
    public ApiTokens apiTokens() {
        return new ApiTokens(writer, reader);
    }

    /** The people who write. */
    public ContactStore contactStore() {
        return contactStore(tenant -> false);
    }

    /**
     * The people who write.
     *
     * @param copied the tenants whose contacts have a copy outside, such as a row in a table
     */
    public ContactStore contactStore(Predicate<TenantId> copied) {
        return new JdbcContactStore(writer, reader, copied);
    }

    /** The tenants' lists of people. */
    public ContactLists contactLists() {
        return new JdbcContactLists(writer, reader);
    }

    /** The documents to answer from. */
    public DocumentStore documentStore() {
        return new JdbcDocumentStore(writer, reader);
    }

    /** The vectors of their passages. */
    public VectorStore vectorStore() {
        return new JdbcVectorStore(writer, reader);
    }

    /** What was read of files, for all processes on this database together. */
    public MediaTextStore mediaTexts() {
        return new JdbcMediaTextStore(writer, reader);
    }

    /** What tenants have spent, in all processes on this database together. */
    public SpendLedger spendLedger() {
        return new JdbcSpendLedger(writer, reader);
    }

    /** The requests of people to be forgotten. */
    public ErasureRequests erasureRequests() {
        return new ErasureRequests(writer, reader);
    }

    /** How far events are written down elsewhere. */
    public EventMirrors eventMirrors() {
        return new EventMirrors(writer, reader);
    }

    /** Receipts of tenants that were erased. */
    public ErasedTenants erasedTenants() {
        return new ErasedTenants(writer, reader);
    }

    /** For whom automatic replies are switched off. */
    public BotSwitches botSwitches() {
        return new BotSwitches(writer, reader);
    }

    /** Conversations of people who had opted out when they were erased. */
    public ErasedConversations erasedConversations() {
        return new ErasedConversations(writer, reader);
    }

    /** What was ignored, and why. */
    public IgnoredDeliveries ignoredDeliveries() {
        return new IgnoredDeliveries(writer, reader);
    }

    /** Work that one of all instances does from time to time. */
    public Jobs jobs() {
        return new Jobs(writer, reader);
    }

    /** Whether other processes may work on the same database. */
    public boolean shared() {
        return dialect.shared();
    }

    /**
     * Whether row-level security does not bind the user whom this database was opened with: PostgreSQL's superusers, and those with
     * {@code bypassrls}. Never on SQLite, which has none.
     */
    public boolean isUnrestricted() {
        return reader.readAll(dialect::isUnrestricted);
    }

    /** Whether something can be written at present; for readiness. Waits as long as a write may. */
    public boolean isWritable() {
        try {
            return writer.write(tx -> tx.update("insert into meta (name, value) values ('probe', '') on conflict (name)"
                            + " do update set value = excluded.value")
                    == 1);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * Removes everything about a person: messages, raw bodies, commands (those that wait are not carried out any more),
     * the content of events, and the contact. Done in many small transactions beside other work; idempotent: repeating it
     * does what an interruption has left, and stops what was queued meanwhile. The bytes leave the file with the next
     * {@link #checkpoint()}; on PostgreSQL with its vacuum.
     *
     * @param personKey one canonical key; call it for each key of the person
     */
    public Erased erase(TenantId tenant, String personKey, Instant now) {
        return personalData().erase(tenant, personKey, now);
    }

    /**
     * What is stored of a person beside events and contact: {@code messages} as they arrived and {@code commands} for them,
     * as plain data.
     */
    public Map<String, Object> export(TenantId tenant, String personKey) {
        return personalData().export(tenant, personKey);
    }

    /** Who wrote last in a conversation; empty when nobody known did, or the person was erased since. */
    public Optional<String> personIn(ConversationId conversation) {
        return personalData().personIn(conversation);
    }

    /** Whether anything of a conversation has ever been stored: true for good, also when all of it was erased or has expired. */
    public boolean knows(ConversationId conversation) {
        return personalData().knows(conversation);
    }

    /**
     * Whether a command in a conversation has this key, done or waiting; also of one that was erased, as long as it has not
     * expired. Reads all commands of the tenant.
     */
    public boolean isCommand(ConversationId conversation, String key) {
        return personalData().isCommand(conversation, key);
    }

    /** The conversations in which something of a person is stored. */
    public List<ConversationId> conversationsOf(TenantId tenant, String personKey) {
        return personalData().conversationsOf(tenant, personKey);
    }

    /** The keys of all people of a tenant of whom something is stored, each once. Reads all of the tenant's rows. */
    public List<String> people(TenantId tenant) {
        return personalData().people(tenant);
    }

    /** Removes what is older than it may be. Done in many small transactions beside other work; may be interrupted. */
    public Expired expire(TenantId tenant, Retention retention, Instant now) {
        return personalData().expire(tenant, retention, now);
    }

    /** All tenants of whom something is stored. A few quick looks into the indexes, however many rows there are. */
    public Set<TenantId> tenants() {
        return personalData().tenants();
    }

    /**
     * Removes everything of a tenant, its event chain too. Done in many small transactions; repeating it does what an
     * interruption has left. Nothing of the tenant may be accepted meanwhile.
     *
     * @return how many rows were removed of each table that had any
     */
    public Map<String, Long> eraseTenant(TenantId tenant) {
        return eraseTenant(tenant, (table, count) -> {});
    }

    /** The same; is told of each table when it is done. */
    public Map<String, Long> eraseTenant(TenantId tenant, BiConsumer<String, Long> each) {
        return personalData().eraseTenant(tenant, each);
    }

    /**
     * Shows everything that is stored of a tenant: the name of a table and one of its rows, column by column, JSON as maps and
     * lists. Left out is what says nothing to anybody else, such as keyed hashes and vectors. Read page by page beside other
     * work: what is written meanwhile may be there or not.
     */
    public void exportTenant(TenantId tenant, BiConsumer<String, Map<String, Object>> each) {
        new TenantArchive(reader).forEach(tenant, each);
    }

    private PersonalData personalData() {
        return new PersonalData(writer, reader, new JdbcEventLog(writer, reader));
    }

    /** Brings everything into the database file and empties the write-ahead log; nothing on PostgreSQL, which does so itself. */
    public void checkpoint() {
        if (file != null) {
            SqliteBackup.checkpoint(file.path());
        }
    }

    /**
     * Reads all of the file and its indexes and throws when something does not fit: for once a week. A start looks more
     * briefly. Nothing on PostgreSQL.
     */
    public void checkIntegrity() {
        if (file != null) {
            SqliteBackup.check(file.path());
        }
    }

    /**
     * Copies the database while it is used. SQLite only: PostgreSQL has {@code pg_dump} and its archive.
     *
     * @param target a file that is not there yet, on any file system; it appears when it is complete
     */
    public void backup(Path target) {
        if (file == null) {
            throw new IllegalStateException("backed up with PostgreSQL's own tools");
        }
        SqliteBackup.copy(file.path(), target);
    }

    /** Reads all of a backup and throws when it is damaged or not one of ours. */
    public static void checkBackup(Path backup) {
        SqliteBackup.check(backup);
    }

    /**
     * Puts a backup in the place of a database that nobody uses, and marks it so that what has happened since it was made
     * is looked for: {@link #restoration()} tells, and every waiting command is looked for before it is carried out. What
     * was in the place before is kept beside it. A crash leaves the one or the other; repeating it is safe.
     *
     * @param url of SQLite
     * @return where the database that was there is kept now; empty when there was none
     * @throws io.github.almeidatech.wppflow.model.FlowException when the backup is damaged, or a process uses the database
     */
    public static Optional<Path> restore(Path backup, String url, Instant now) {
        if (!url.startsWith("sqlite:")) {
            throw new IllegalArgumentException("restored with PostgreSQL's own tools");
        }
        return SqliteBackup.restore(backup, Path.of(url.substring("sqlite:".length())), now);
    }

    /** What was {@link #note(String, String) noted} under a name. */
    public Optional<String> note(String name) {
        return reader.readAll(session ->
                session.first("select value from meta where name = ?", row -> row.getString(1), "note/" + name));
    }

    /** Keeps a text under a name, in the place of the one before; an empty one removes it. */
    public void note(String name, String text) {
        writer.write(tx -> text.isEmpty()
                ? tx.update("delete from meta where name = ?", "note/" + name)
                : tx.update(
                        "insert into meta (name, value) values (?, ?)"
                                + " on conflict (name) do update set value = excluded.value",
                        "note/" + name,
                        text));
    }

    /** From what this database was restored, the last time; empty when it never was. */
    public Optional<Restoration> restoration() {
        return reader.readAll(session -> session.first(Restoration.READ, Restoration::of));
    }

    /**
     * Marks this database as {@link #restore} does, where it was put back by other tools, such as PostgreSQL's own or a
     * snapshot of a disk. To be called before a server works on it.
     */
    public Restoration markRestored(Instant now) {
        writer.write(tx -> {
            tx.forgetConversations();
            int changed = 0;
            for (String step : Restoration.marking(now)) {
                changed += tx.update(step);
            }
            return changed;
        });
        return restoration().orElseThrow();
    }

    /**
     * Copies everything into another database, of any kind and without any rows yet: how one moves from SQLite to
     * PostgreSQL. Nobody else may use the two meanwhile, and the other one is closed and opened anew afterwards.
     *
     * @return the number of rows by table, counted on both sides
     * @throws IllegalStateException when the other one is not empty, as after an interruption: begin with a new one; or when
     *     not all rows have arrived
     */
    public Map<String, Long> copyInto(Database target) {
        return new Transfer(dialect, target.dialect, target.writer).copyAll();
    }

    /**
     * The clock to go by for everything that is stored: the database's when processes share it, so that no wrong clock of a
     * machine ends a lease of another; {@code own} without its jumps on SQLite. One that lasts a minute is followed, and what
     * waits is moved along; as it is here and now when {@code own} is behind what it was when the database was last used.
     * Closed with the database.
     *
     * @param own the machine's
     * @throws io.github.almeidatech.wppflow.model.FlowException when the database cannot be asked for its time, or not be written
     */
    public synchronized InstantSource clock(InstantSource own) {
        if (clock == null) {
            SteadyClock steady = dialect.shared()
                    ? new DatabaseClock(() -> reader.readAll(dialect::now).orElseThrow(), System::nanoTime)
                    : new MachineClock(own, System::nanoTime, new DueTimes(writer));
            goBy(steady);
            steady.start();
            return steady;
        }
        return clock;
    }

    /** From now on nothing is claimed while this clock is being set. */
    void goBy(SteadyClock steady) {
        clock = steady;
    }

    /** Whether nothing may be claimed at that time, because the clock is being set. */
    boolean keepsFromClaiming(Instant at) {
        return clock instanceof MachineClock machine && machine.keepsFromClaiming(at);
    }

    /** How many writing calls have returned since it was opened. */
    public long writes() {
        return writer.writes();
    }

    /** How many commits they took, each with the disk synchronised: calls at the same time share one. */
    public long commits() {
        return writer.commits();
    }

    /** How many of the connections that read are in use; beyond {@link #connectionsAtMost()} readers wait. */
    public int connectionsInUse() {
        return dialect.readers().getHikariPoolMXBean().getActiveConnections();
    }

    /** How many connections may read at the same time. */
    public int connectionsAtMost() {
        return dialect.readers().getMaximumPoolSize();
    }

    void onWork(Runnable wake) {
        dialect.onWork(wake);
    }

    Writer writer() {
        return writer;
    }

    Reader reader() {
        return reader;
    }

    Optional<SqliteFile> file() {
        return Optional.ofNullable(file);
    }

    /** Finishes the writes that wait, then lets go of the database. Later calls fail. */
    @Override
    public synchronized void close() {
        if (clock != null) {
            clock.close();
        }
        dialect.close();
        writer.close();
        if (file != null) {
            file.release();
        }
    }
}
