package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that can be trusted. */
class BackupTest {

    @TempDir
    Path folder;

    @Test
    void a_copy_made_under_load_is_whole_and_opens() throws Exception {
        Path copy = folder.resolve("copy.db");
        var stored = new AtomicLong();
        long before;
        var stop = new AtomicBoolean();
        var pool = Executors.newSingleThreadExecutor();
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            var writing = pool.submit(() -> {
                while (!stop.get()) {
                    long id = stored.get() + 1;
                    database.flowStore().accept(message(conversation(id), id, "p:1", "oi"), AT_ONCE, NOW);
                    stored.incrementAndGet();
                }
            });
            while (stored.get() < 20) {
                Thread.onSpinWait();
            }
            before = stored.get();
            database.backup(copy);
            stop.set(true);
            writing.get();
        } finally {
            pool.shutdownNow();
        }

        Database.checkBackup(copy);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        try (Database restored = Database.open("sqlite:" + copy)) {
            assertThat(restored.flowStore().stats(NOW).waitingMessages()).isBetween(before, stored.get());
        }
    }

    @Test
    void a_file_that_is_there_is_not_overwritten() throws IOException {
        Path copy = Files.writeString(folder.resolve("copy.db"), "precious");
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> database.backup(copy));
        }
        assertThat(copy).hasContent("precious");
    }

    @Test
    void a_folder_that_is_not_there_is_told() {
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> database.backup(folder.resolve("no/copy.db")))
                    .extracting(FlowException::code)
                    .isEqualTo(StorageError.UNAVAILABLE);
        }
    }

    @Test
    void a_damaged_copy_is_noticed() throws IOException {
        Path copy = folder.resolve("copy.db");
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            database.backup(copy);
        }
        byte[] bytes = Files.readAllBytes(copy);
        java.util.Arrays.fill(bytes, 8_192, 30_000, (byte) 7);
        Files.write(copy, bytes);

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> Database.checkBackup(copy))
                .extracting(FlowException::code)
                .isEqualTo(StorageError.DAMAGED);
    }

    @Test
    void a_file_of_somebody_else_is_not_a_backup_of_ours() throws SQLException {
        Path other = folder.resolve("other.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + other);
                var statement = connection.createStatement()) {
            statement.execute("create table t (x int)");
        }

        assertThatExceptionOfType(FlowException.class).isThrownBy(() -> Database.checkBackup(other));
    }

    @Test
    void a_database_in_use_can_be_checked_as_a_whole() {
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            database.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);

            assertThatCode(database::checkIntegrity).doesNotThrowAnyException();
        }
    }

    @Test
    void the_log_is_emptied_on_demand() throws IOException {
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            database.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);
            assertThat(Files.size(folder.resolve("db.db-wal"))).isPositive();

            database.checkpoint();

            assertThat(Files.size(folder.resolve("db.db-wal"))).isZero();
        }
    }

    @Test
    void a_restore_puts_the_copy_in_place_keeps_what_was_there_and_is_remembered() {
        Path place = folder.resolve("db.db");
        String url = "sqlite:" + place;
        Path copy = folder.resolve("copy.db");
        try (Database database = Database.open(url)) {
            database.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);
            database.backup(copy);
            database.flowStore().accept(message(conversation(2), 2, "p:2", "oi"), AT_ONCE, NOW);
            assertThat(database.restoration()).isEmpty();
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> Database.restore(copy, url, NOW))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(StorageError.IN_USE));
        }

        Path kept = Database.restore(copy, url, NOW.plusSeconds(60)).orElseThrow();

        try (Database database = Database.open(url)) {
            assertThat(database.restoration()).contains(new Restoration(NOW, NOW.plusSeconds(60)));
            assertThat(database.flowStore().stats(NOW).waitingMessages()).isEqualTo(1);
        }
        try (Database before = Database.open("sqlite:" + kept)) {
            assertThat(before.flowStore().stats(NOW).waitingMessages()).isEqualTo(2);
        }
    }

    @Test
    void what_root_restores_belongs_to_the_owner_of_the_folder_who_must_open_it() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may give files away");
        Path copy = folder.resolve("copy.db");
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            database.backup(copy);
        }
        Path servers = Files.createDirectory(folder.resolve("servers"));
        Files.setAttribute(servers, "unix:uid", 10_001);

        Database.restore(copy, "sqlite:" + servers.resolve("db.db"), NOW);

        assertThat(Files.getAttribute(servers.resolve("db.db"), "unix:uid")).isEqualTo(10_001);
        assertThat(Files.getAttribute(servers.resolve("db.db.lock"), "unix:uid"))
                .isEqualTo(10_001);
    }

    @Test
    void a_restore_into_an_empty_place_and_a_second_one_work_too() {
        Path copy = folder.resolve("copy.db");
        try (Database database = Database.open("sqlite:" + folder.resolve("db.db"))) {
            database.backup(copy);
        }
        String url = "sqlite:" + folder.resolve("new").resolve("db.db");

        assertThat(Database.restore(copy, url, NOW)).isEmpty();
        assertThat(Database.restore(copy, url, NOW.plusSeconds(1))).isPresent();
        try (Database database = Database.open(url)) {
            assertThat(database.restoration()).map(Restoration::at).contains(NOW.plusSeconds(1));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Database.restore(copy, "postgresql://u:p@h/d", NOW));
    }
}
