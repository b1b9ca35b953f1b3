package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the database beside it, each read through once when it is made, and encrypted if there is a key; the oldest ones
 * go. Nothing on PostgreSQL, which has its own. Thread-safe.
 */
public final class Backups implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Backups.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'wppflow-'uuuuMMdd-HHmmss-SSS'.db'").withZone(ZoneOffset.UTC);

    private static final String UNFINISHED = ".unfinished";

    private final Database database;
    private final Path folder;
    private final Config.Storage settings;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "wppflow-backup");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * One copy.
     *
     * @param file where it is
     * @param bytes how large
     */
    public record Backup(Path file, long bytes) {}

    public Backups(Database database, Config.Storage settings, InstantSource clock) {
        this.database = database;
        this.settings = settings;
        this.folder = Path.of(settings.backupFolder());
        this.clock = clock;
    }

    /** Begins to make one now and then, the first when the time has passed since the latest that is there. */
    public void start() {
        Duration every = settings.backupEvery();
        if (every.isZero() || database.shared()) {
            return;
        }
        thread.scheduleWithFixedDelay(
                this::makeAndGoOn, untilNext(every).toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration untilNext(Duration every) {
        try {
            List<Path> kept = kept();
            if (kept.isEmpty()) {
                return every;
            }
            Instant latest = Files.getLastModifiedTime(kept.get(0)).toInstant();
            Duration left = Duration.between(clock.instant(), latest.plus(every));
            return left.isNegative() ? Duration.ofMinutes(1) : left;
        } catch (IOException e) {
            return every;
        }
    }

    private void makeAndGoOn() {
        try {
            Backup made = make();
            log.info("backup {} made, {} bytes", made.file(), made.bytes());
        } catch (IOException | RuntimeException e) { // the next one must come
            log.error("no backup could be made", e);
        }
    }

    /**
     * Makes one now, while everything goes on, and removes the oldest beyond the configured number.
     *
     * @throws IllegalStateException on PostgreSQL
     */
    public synchronized Backup make() throws IOException {
        Files.createDirectories(folder);
        removeUnfinished();
        Path target = copy(NAME.format(clock.instant()));
        List<Path> kept = kept();
        for (Path old : kept.subList(Math.min(settings.backupsKept(), kept.size()), kept.size())) {
            Files.delete(old);
        }
        return new Backup(target, Files.size(target));
    }

    /** Has the name of a backup when it was read through, and not before. */
    private Path copy(String name) throws IOException {
        Path unfinished = folder.resolve(name + UNFINISHED);
        try {
            database.backup(unfinished);
            Database.checkBackup(unfinished);
            Secret key = settings.backupKey();
            if (key == null) {
                return Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
            Path encrypted = folder.resolve(name + ".enc");
            EncryptedFile.encrypt(unfinished, encrypted, key);
            return encrypted;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** What a crash has left: not read through, and not encrypted. */
    private void removeUnfinished() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path left : files.filter(file -> file.getFileName().toString().endsWith(UNFINISHED))
                    .toList()) {
                Files.delete(left);
            }
        }
    }

    /** Those in the folder, the newest first. */
    private List<Path> kept() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> file.getFileName().toString().matches("wppflow-\\d{8}-\\d{6}-\\d{3}\\.db(\\.enc)?"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("a backup did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
