package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database file, locked for this process, and the file beside it that tells how it was left: {@code open} or
 * {@code closed}. So a missing database or a missing write-ahead log is noticed instead of being taken for an empty or a
 * complete one.
 */
final class SqliteFile {

    private static final Logger log = LoggerFactory.getLogger(SqliteFile.class);
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    /** Beyond this, a file that was closed properly is taken as it is: reading it all would take too long. */
    private static final long CHECKED_ALWAYS_BYTES = 1L << 30;

    /** How the database was left. */
    private enum State {
        NEW,
        OPEN,
        /** Left open, and its log was whole. SQLite may have brought it over and removed it since. */
        RECOVERING,
        CLOSED
    }

    private final Path path;
    private final FileChannel lock;

    private SqliteFile(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    Path path() {
        return path;
    }

    /** @throws FlowException when another process has it */
    static SqliteFile lock(Path given) {
        Path path = given.toAbsolutePath().normalize();
        try {
            Path folder = path.getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder, onlyOwner("rwx------"));
            }
            Path lockPath = lockOf(path);
            createPrivate(lockPath);
            FileChannel lock = FileChannel.open(lockPath, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!isLocked(lock)) {
                lock.close();
                throw new FlowException(
                        StorageError.IN_USE, path + " is used by another process; one file serves one process", null);
            }
            return new SqliteFile(path, lock);
        } catch (IOException e) {
            throw new FlowException(StorageError.UNAVAILABLE, "cannot use " + path, e);
        }
    }

    /** Whether there is a database, or there has been one. */
    static boolean exists(Path path) {
        return Files.exists(path) || Files.exists(lockOf(path));
    }

    /**
     * Whether another process has it; when none has, it is looked at as a start does.
     *
     * @throws FlowException when a start would refuse it
     */
    static boolean isInUse(Path path) {
        if (!exists(path)) {
            return false;
        }
        SqliteFile file;
        try {
            file = lock(path);
        } catch (FlowException e) {
            if (e.code() == StorageError.IN_USE) {
                return true;
            }
            throw e;
        }
        try {
            file.check();
            return false;
        } finally {
            file.release();
        }
    }

    private static Path lockOf(Path path) {
        return path.resolveSibling(path.getFileName() + ".lock");
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /**
     * Makes the file when there has never been one, and looks whether an existing one is whole.
     *
     * @throws FlowException when it is not: a person has to decide
     */
    void check() {
        try {
            State left = state();
            boolean there = Files.exists(path) && Files.size(path) > 0;
            if (left != State.NEW && !there) {
                throw damaged("is missing or empty, and there has been one. To begin anew, remove " + path + ".lock");
            }
            var writeAhead = new SqliteLog(path);
            if (left == State.OPEN || left == State.RECOVERING && Files.exists(writeAhead.path())) {
                checkLog(writeAhead);
                write(State.RECOVERING);
            }
            createPrivate(path);
            if (there && (left != State.CLOSED || Files.size(path) <= CHECKED_ALWAYS_BYTES)) {
                checkPages();
            }
        } catch (IOException e) {
            throw new FlowException(StorageError.UNAVAILABLE, "cannot use " + path, e);
        }
    }

    private void checkLog(SqliteLog writeAhead) throws IOException {
        Optional<String> problem = writeAhead.problem();
        if (problem.isPresent()) {
            throw damaged("was not closed, and its write-ahead log " + writeAhead.path() + " " + problem.get());
        }
    }

    private void checkPages() {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                var statement = connection.createStatement();
                var result = statement.executeQuery("pragma quick_check(1)")) {
            if (!result.next() || !"ok".equals(result.getString(1))) {
                throw damaged("is damaged");
            }
        } catch (SQLException e) {
            throw damaged("cannot be read", e);
        }
    }

    private FlowException damaged(String how) {
        return damaged(how, null);
    }

    private FlowException damaged(String how, @Nullable Throwable cause) {
        return new FlowException(
                StorageError.DAMAGED,
                "the database " + path + " " + how + ". Stop here, keep the files, and put back the latest backup",
                cause);
    }

    /** From now on a missing write-ahead log means loss; there is one. */
    void opened() {
        write(State.OPEN);
    }

    /** Everything is in the database file itself. */
    void closed() {
        write(State.CLOSED);
    }

    private void write(State state) {
        try {
            lock.truncate(0);
            lock.write(ByteBuffer.wrap(state.name().getBytes(StandardCharsets.US_ASCII)), 0);
            lock.force(true);
        } catch (IOException e) {
            throw new FlowException(StorageError.UNAVAILABLE, "cannot write " + path + ".lock", e);
        }
    }

    private State state() throws IOException {
        var bytes = ByteBuffer.allocate(16);
        int length = lock.read(bytes, 0);
        String word = length <= 0 ? "" : new String(bytes.array(), 0, length, StandardCharsets.US_ASCII);
        return switch (word) {
            case "OPEN" -> State.OPEN;
            case "RECOVERING" -> State.RECOVERING;
            case "CLOSED" -> State.CLOSED;
            default -> State.NEW;
        };
    }

    /** Lets another process have it. */
    void release() {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("cannot release {}.lock", path, e);
        }
    }

    private static FileAttribute<?>[] onlyOwner(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Makes an empty file only its owner can read. */
    static void createPrivate(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, onlyOwner("rw-------"));
        }
    }
}
