package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Care for a database file that is in use. */
final class SqliteBackup {

    private static final Logger log = LoggerFactory.getLogger(SqliteBackup.class);

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

    /** Copies, marks, and only then moves into the place of the database. */
    static Optional<Path> restore(Path backup, Path database, Instant now) {
        check(backup);
        SqliteFile inPlace = SqliteFile.lock(database);
        try {
            Path fresh = database.resolveSibling(database.getFileName() + ".restored");
            Files.deleteIfExists(fresh);
            SqliteFile.createPrivate(fresh);
            Files.copy(backup, fresh, StandardCopyOption.REPLACE_EXISTING);
            mark(fresh, now);
            try (var file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            giveToOwnerOfFolder(fresh);
            giveToOwnerOfFolder(database.resolveSibling(database.getFileName() + ".lock"));
            Optional<Path> kept = keep(database, now);
            inPlace.closed();
            Files.move(fresh, database, StandardCopyOption.ATOMIC_MOVE);
            return kept;
        } catch (IOException | SQLException e) {
            throw new FlowException(StorageError.UNAVAILABLE, "cannot restore " + database, e);
        } finally {
            inPlace.release();
        }
    }

    /** Whoever restores, often root: the server, whose the folder is, must be able to open it. Else it stays as it is. */
    private static void giveToOwnerOfFolder(Path file) throws IOException {
        var owner = Files.getOwner(file.toAbsolutePath().getParent());
        try {
            if (!Files.getOwner(file).equals(owner)) {
                Files.setOwner(file, owner);
            }
        } catch (FileSystemException notAllowed) {
            log.warn("{} stays {}'s: the server must be able to open it", file.getFileName(), Files.getOwner(file));
        }
    }

    private static void mark(Path copy, Instant now) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                var statement = connection.createStatement()) {
            for (String step : Restoration.marking(now)) {
                statement.executeUpdate(step);
            }
        }
    }

    private static Optional<Path> keep(Path database, Instant now) throws IOException {
        Path kept = database.resolveSibling(database.getFileName() + ".before-" + now.toEpochMilli());
        boolean there = Files.exists(database) && Files.size(database) > 0;
        for (String part : List.of("-wal", "-shm")) {
            Path beside = database.resolveSibling(database.getFileName() + part);
            if (there && Files.exists(beside)) {
                Files.move(beside, kept.resolveSibling(kept.getFileName() + part));
            } else {
                Files.deleteIfExists(beside);
            }
        }
        if (!there) {
            return Optional.empty();
        }
        Files.move(database, kept);
        return Optional.of(kept);
    }
}
