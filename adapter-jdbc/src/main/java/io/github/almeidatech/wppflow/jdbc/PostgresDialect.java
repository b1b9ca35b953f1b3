package io.github.almeidatech.wppflow.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** PostgreSQL: any number of processes, each with one writer. */
final class PostgresDialect implements Dialect {

    /**
     * Reading by an index costs about as much as reading in a row, with what is used in memory or on an SSD. A plan is the same
     * whatever the arguments: PostgreSQL would plan what looks for a few rows each time, which takes longer than running it.
     */
    private static final String PLANS = " -c random_page_cost=1.1 -c jit=off -c plan_cache_mode=force_generic_plan";

    private static final String BY_ARGUMENTS = "set local plan_cache_mode = force_custom_plan";

    /**
     * Plans are kept, but not for long: one that was made while the tables were small would stay until they are analysed. A new
     * one goes by their present size. Where they grow fastest, {@link Session#plansAreOlderThan} lets plans last shorter.
     */
    private static final Duration PLANS_LAST = Duration.ofSeconds(5);

    /** Limits that make a hanging or frozen process let go of its locks; deadlocks are found within a second, before. */
    private static final String LIMITS = "-c statement_timeout=10s -c lock_timeout=1500ms"
            + " -c idle_in_transaction_session_timeout=5s"
            + " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
            + PLANS;

    private static final String WRITING = LIMITS + " -c synchronous_commit=on -c wppflow.tenant=*";
    private static final String READING = LIMITS + " -c default_transaction_read_only=on";
    /** A migration may have to wait for another process that migrates, and may take its time. */
    private static final String MIGRATING = "-c wppflow.tenant=*";

    /** Held in shared mode by every process, so that one can find out whether it is alone. */
    private static final long PRESENCE = 0x777070666c6f77L;

    private final PostgresUrl url;
    private final HikariDataSource readers;
    private final PostgresSignals signals;

    PostgresDialect(PostgresUrl url, DatabaseOptions options) {
        this.url = url;
        readers = new HikariDataSource(readerPool(options));
        signals = new PostgresSignals(url.dataSource(""), UUID.randomUUID().toString());
    }

    private HikariConfig readerPool(DatabaseOptions options) {
        var pool = new HikariConfig();
        pool.setPoolName("wppflow-readers");
        pool.setDataSource(url.dataSource(READING));
        pool.setMaximumPoolSize(options.readers());
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(Math.max(250, options.maxWait().toMillis() / 2));
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    @Override
    public Connection openWriter(boolean first) throws SQLException {
        Connection connection = url.dataSource(WRITING).getConnection();
        if (first) {
            try (var statement = connection.createStatement()) {
                statement.execute("select pg_advisory_lock_shared(" + PRESENCE + ")");
            }
        }
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public HikariDataSource readers() {
        return readers;
    }

    @Override
    public String restriction() {
        return "select set_config('wppflow.tenant', ?, false)";
    }

    @Override
    public DataSource migrations() {
        var source = url.dataSource(MIGRATING);
        source.setSocketTimeout(0);
        return source;
    }

    /** The driver begins with the first statement. */
    @Override
    public void begin(Session session) throws SQLException {
        beginReading(session);
    }

    @Override
    public void beginReading(Session session) throws SQLException {
        if (session.plansAreOlderThan(PLANS_LAST)) {
            session.execute("discard plans");
        }
    }

    @Override
    public void planByArguments(Session session) throws SQLException {
        session.execute(BY_ARGUMENTS);
    }

    @Override
    public void commit(Session session, boolean work) throws SQLException {
        if (work) {
            session.execute(signals.sending() + "; commit"); // in one exchange
        }
        session.connection().commit();
    }

    @Override
    public void rollback(Session session) throws SQLException {
        session.connection().rollback();
    }

    @Override
    public Damage damageOf(SQLException failure) {
        String state = stateOf(failure);
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "40" -> Damage.TRANSACTION; // deadlock, serialization
            case "23" -> Damage.TRANSACTION; // another process was first: look again
            case "08", "57" -> state.equals("57014") ? Damage.STORE : Damage.CONNECTION; // 57014: statement timeout
            case "25" -> Damage.CONNECTION; // became read-only, or idle for too long
            case "53", "58", "XX" -> Damage.STORE; // full, broken
            case "55" -> Damage.STATEMENT; // a row is locked for too long: others have other rows
            default -> Damage.STATEMENT;
        };
    }

    @Override
    public StorageError errorOf(SQLException failure, boolean committing) {
        String state = stateOf(failure);
        if (state.startsWith("XX")) {
            return StorageError.DAMAGED;
        }
        return switch (damageOf(failure)) {
            case STATEMENT -> state.startsWith("55") ? StorageError.UNAVAILABLE : StorageError.STATEMENT;
            case CONNECTION -> committing ? StorageError.UNCLEAR : StorageError.UNAVAILABLE;
            case TRANSACTION, STORE -> StorageError.UNAVAILABLE;
        };
    }

    private static String stateOf(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "08000" : state;
    }

    @Override
    public String lockNumbers() {
        return "select pg_advisory_xact_lock(k) from (values %s) as numbers (k)";
    }

    @Override
    public String forUpdate() {
        return " for update";
    }

    @Override
    public boolean lateral() {
        return true;
    }

    @Override
    public String forUpdateSkippingLocked() {
        return " for update skip locked";
    }

    @Override
    public Map<String, String> migrationWords() {
        return Map.of(
                "key", "text collate \"C\"",
                "id", "bigint generated by default as identity primary key",
                "bytes", "bytea",
                "double", "double precision",
                "concurrently", "concurrently",
                "clustered", "");
    }

    @Override
    public String[] migrationFolders() {
        return new String[] {"migration", "migration_postgresql"};
    }

    /** Who migrates holds no transaction open: an index that is built beside other work would wait for its end for ever. */
    @Override
    public void prepare(FluentConfiguration migrations) {
        migrations
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
    }

    @Override
    public List<Long> newIds(Session session, String table, int number) throws SQLException {
        return session.list(
                "select nextval(pg_get_serial_sequence(?, 'id')) from generate_series(1, ?)",
                row -> row.getLong(1),
                table,
                number);
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public void continueIds(Tx tx, String table) throws SQLException {
        tx.first(
                "select setval(pg_get_serial_sequence('" + table + "', 'id'), coalesce(max(id), 0) + 1, false) from "
                        + table,
                row -> true);
    }

    @Override
    public Optional<Instant> now(Session session) throws SQLException {
        return session.first(
                "select (extract(epoch from clock_timestamp()) * 1000)::bigint as now",
                row -> Session.instant(row, "now"));
    }

    @Override
    public boolean isUnrestricted(Session session) throws SQLException {
        return session.first(
                        "select rolsuper or rolbypassrls from pg_roles where rolname = current_user",
                        row -> row.getBoolean(1))
                .orElse(false);
    }

    @Override
    public boolean isAlone(Session writer) throws SQLException {
        return writer.first("select pg_try_advisory_xact_lock(" + PRESENCE + ")", row -> row.getBoolean(1))
                .orElse(false);
    }

    @Override
    public void onWork(Runnable wake) {
        signals.add(wake);
    }

    @Override
    public void closing(Session writer) throws SQLException {
        writer.first("select pg_advisory_unlock_shared(" + PRESENCE + ")", row -> row.getBoolean(1));
        writer.connection().commit();
    }

    @Override
    public void close() {
        signals.close();
        readers.close();
    }
}
