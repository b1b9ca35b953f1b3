package io.github.almeidatech.wppflow.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/** SQLite: one file, one process, one writer. */
final class SqliteDialect implements Dialect {

    /** The log does not grow beyond this: then the writer empties it itself. */
    private static final int WAL_BYTES = 64 << 20;

    private static final String WAL_PAGES = String.valueOf(WAL_BYTES / 4_096);

    private static final int WRITING_CACHE_KIB = 8_000;
    /** Of each connection, which forgets all of it with every commit; the system's cache has the pages anyway. */
    private static final int READING_CACHE_KIB = 500;
    /** Copies whole pages, and keeps none. */
    private static final int CHECKPOINT_CACHE_KIB = 500;

    private final SqliteFile file;
    private final DatabaseOptions options;
    private final HikariDataSource readers;
    private final SqliteCheckpoints checkpoints;

    SqliteDialect(SqliteFile file, DatabaseOptions options) {
        this.file = file;
        this.options = options;
        SQLiteConfig reading = config(READING_CACHE_KIB);
        reading.setReadOnly(true);
        readers = new HikariDataSource(readerPool(reading));
        checkpoints = new SqliteCheckpoints(dataSource(config(CHECKPOINT_CACHE_KIB)));
    }

    private HikariConfig readerPool(SQLiteConfig reading) {
        var pool = new HikariConfig();
        pool.setPoolName("wppflow-readers");
        pool.setDataSource(dataSource(reading));
        pool.setReadOnly(true);
        pool.setMaximumPoolSize(options.readers());
        pool.setMinimumIdle(1);
        pool.setMaxLifetime(0); // a file does not go away
        pool.setConnectionTimeout(Math.max(250, options.maxWait().toMillis() / 2));
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    private SQLiteConfig config(int cacheKib) {
        var config = new SQLiteConfig();
        config.setOpenMode(SQLiteOpenMode.NOMUTEX); // each connection is one thread's at a time
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout((int) (options.maxWait().toMillis() * 3 / 4));
        config.enforceForeignKeys(true);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "on");
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setCacheSize(-cacheKib);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, WAL_PAGES);
        config.setJournalSizeLimit(WAL_BYTES);
        return config;
    }

    private SQLiteDataSource dataSource(SQLiteConfig config) {
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.path());
        return source;
    }

    @Override
    public DataSource migrations() {
        return dataSource(config(WRITING_CACHE_KIB));
    }

    @Override
    public Connection openWriter(boolean first) throws SQLException {
        return dataSource(config(WRITING_CACHE_KIB)).getConnection();
    }

    @Override
    public HikariDataSource readers() {
        return readers;
    }

    @Override
    public void begin(Session session) throws SQLException {
        session.update("begin immediate");
    }

    @Override
    public void commit(Session session, boolean work) throws SQLException {
        session.update("commit");
        checkpoints.committed();
    }

    @Override
    public void rollback(Session session) throws SQLException {
        try {
            session.execute("rollback");
        } catch (SQLException e) {
            // SQLite has rolled back by itself after some failures, and says so by refusing
            if (codeOf(e) != SQLiteErrorCode.SQLITE_ERROR) {
                throw e;
            }
        }
    }

    @Override
    public Damage damageOf(SQLException failure) {
        return switch (codeOf(failure).code & 0xFF) {
            case 5, 6, 8, 10, 13, 14, 23 -> Damage.STORE; // busy, locked, read-only, I/O, full, cannot open, auth
            case 11, 26 -> Damage.STORE; // corrupt, not a database
            default -> Damage.STATEMENT;
        };
    }

    @Override
    public StorageError errorOf(SQLException failure, boolean committing) {
        int primary = codeOf(failure).code & 0xFF;
        return switch (primary) {
            case 11, 26 -> StorageError.DAMAGED;
            case 10 -> committing ? StorageError.UNCLEAR : StorageError.UNAVAILABLE;
            case 5, 6, 8, 13, 14, 23 -> StorageError.UNAVAILABLE;
            default -> StorageError.STATEMENT;
        };
    }

    private static SQLiteErrorCode codeOf(SQLException failure) {
        return failure instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    @Override
    public String forUpdate() {
        return "";
    }

    @Override
    public String forUpdateSkippingLocked() {
        return "";
    }

    @Override
    public String indexedBy(String index) {
        return " indexed by " + index;
    }

    @Override
    public Map<String, String> migrationWords() {
        return Map.of(
                "key", "text",
                "id", "integer primary key autoincrement",
                "bytes", "blob",
                "double", "real",
                "concurrently", "",
                "clustered", "without rowid");
    }

    /** Continues what SQLite remembers of a table with ids of its own, which it does when rows are inserted with others, too. */
    @Override
    public List<Long> newIds(Session session, String table, int number) throws SQLException {
        long last = session.first("select seq from sqlite_sequence where name = ?", row -> row.getLong(1), table)
                .orElse(0L);
        return LongStream.rangeClosed(last + 1, last + number).boxed().toList();
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void closing(Session writer) throws SQLException {
        int busy = writer.first("pragma wal_checkpoint(truncate)", row -> row.getInt(1))
                .orElse(1);
        if (busy == 0) {
            file.closed();
        }
    }

    @Override
    public void close() {
        checkpoints.close();
        readers.close();
    }
}
