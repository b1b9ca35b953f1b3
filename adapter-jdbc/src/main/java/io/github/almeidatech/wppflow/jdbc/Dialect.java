package io.github.almeidatech.wppflow.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** All in which the two databases differ. The rest of the SQL is the same text. Thread-safe. */
interface Dialect extends AutoCloseable {

    /** What a failed statement leaves behind. */
    enum Damage {
        /** The work is at fault; others would succeed. */
        STATEMENT,
        /** The transaction is lost, as by a deadlock, and may succeed when repeated. */
        TRANSACTION,
        /** The connection is lost; another one may do. */
        CONNECTION,
        /** The disk is full, the file locked: repeating at once is of no use. */
        STORE
    }

    /**
     * A connection for a writing thread alone.
     *
     * @param first of this process: the one by which others know that it works on the database
     */
    Connection openWriter(boolean first) throws SQLException;

    /** Where reading connections come from. */
    HikariDataSource readers();

    /**
     * What lets a reading session see one tenant's rows only, or all tenants' with {@code *}: a second line of defence. Empty
     * where there is none.
     */
    default String restriction() {
        return "";
    }

    /** Before a reading session is asked. */
    default void beginReading(Session session) throws SQLException {}

    /** Begins a transaction that may write. */
    void begin(Session session) throws SQLException;

    /** Has the rest of a transaction planned for the very values that are asked for, where it would not be. */
    default void planByArguments(Session session) throws SQLException {}

    /**
     * Makes what was written since {@link #begin} durable.
     *
     * @param work whether other processes shall hear that there may be work
     */
    void commit(Session session, boolean work) throws SQLException;

    void rollback(Session session) throws SQLException;

    /** How far a failure reaches. */
    Damage damageOf(SQLException failure);

    /** What the caller is told. */
    StorageError errorOf(SQLException failure, boolean committing);

    /** Locks each number {@code k} of {@code values %s} until the transaction ends; empty where one writer is all there is. */
    default String lockNumbers() {
        return "";
    }

    /** Added to a select whose rows this transaction will change. */
    String forUpdate();

    /** Whether one query can take so many rows of each of several tenants, by the index. SQLite would go through the table. */
    default boolean lateral() {
        return false;
    }

    /** Added to a select of rows others may be changing: those are left out. */
    String forUpdateSkippingLocked();

    /** Where connections for changing the tables come from. */
    DataSource migrations();

    /** Added to a table in a select: which index to use, where the planner does not know the tables. */
    default String indexedBy(String index) {
        return "";
    }

    /** The words of the migrations that differ. */
    Map<String, String> migrationWords();

    /** Where the migrations are, beside this class. */
    default String[] migrationFolders() {
        return new String[] {"migration"};
    }

    /** What migrations need besides. */
    default void prepare(FluentConfiguration migrations) {}

    /** Ids that nobody else is given, for rows of a table that are inserted with them before more are asked for. */
    List<Long> newIds(Session session, String table, int number) throws SQLException;

    /** After rows were inserted with ids: the next one given is larger. */
    default void continueIds(Tx tx, String table) throws SQLException {}

    /** The database's clock; empty when it is this machine's. */
    default Optional<Instant> now(Session session) throws SQLException {
        return Optional.empty();
    }

    /** Whether {@link #restriction} binds this user not at all: a superuser, or one who may pass row-level security by. */
    default boolean isUnrestricted(Session session) throws SQLException {
        return false;
    }

    /** Whether other processes may write too. */
    boolean shared();

    /** Whether no other process works on this database; none begins to before the transaction ends. */
    default boolean isAlone(Session writer) throws SQLException {
        return true;
    }

    /** Calls it when another process has announced work. */
    default void onWork(Runnable wake) {}

    /** After the last commit, before the writer's connection is closed. */
    void closing(Session writer) throws SQLException;

    /** Lets go of everything but the writer's connection. */
    @Override
    void close();
}
