package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Care for a database file that is in use. */
final class SqliteBackup {

    private SqliteBackup() {}

    /** Copies the last committed state beside the running writer; the target appears when it is complete. */
    static void copy(Path database, Path target) {
        if (Files.exists(target)) {
            throw new IllegalArgumentException(target + " is there already");
        }
        Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
        try {
            Files.deleteIfExists(unfinished);
            SqliteFile.createPrivate(unfinished);
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                    var statement = connection.prepareStatement("vacuum into ?")) {
                statement.setString(1, unfinished.toString());
                statement.execute();
            }
            try (var file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | SQLException e) {
            throw new FlowException(StorageError.UNAVAILABLE, "cannot back up to " + target, e);
        }
    }

    /** Brings the write-ahead log into the file; waits a little for those who read from it. */
    static void checkpoint(Path database) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = 2000");
            try (var result = statement.executeQuery("pragma wal_checkpoint(truncate)")) {
                if (result.next() && result.getInt(1) != 0) {
                    throw new FlowException(StorageError.UNAVAILABLE, "the write-ahead log is in use", null);
                }
            }
        } catch (SQLException e) {
            throw new FlowException(StorageError.UNAVAILABLE, "cannot empty the write-ahead log", e);
        }
    }

    /** Reads all of a copy. */
    static void check(Path copy) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + copy + "?mode=ro");
                var statement = connection.createStatement()) {
            try (var result = statement.executeQuery("pragma integrity_check(1)")) {
                if (!result.next() || !"ok".equals(result.getString(1))) {
                    throw new FlowException(StorageError.DAMAGED, copy + " is damaged", null);
                }
            }
            try (var result = statement.executeQuery("select count(*) from schema_history where success = 1")) {
                if (!result.next() || result.getInt(1) == 0) {
                    throw new FlowException(StorageError.INCOMPATIBLE, copy + " is not one of ours", null);
                }
            }
        } catch (SQLException e) {
            throw new FlowException(StorageError.DAMAGED, copy + " cannot be read", e);
        }
    }
}
