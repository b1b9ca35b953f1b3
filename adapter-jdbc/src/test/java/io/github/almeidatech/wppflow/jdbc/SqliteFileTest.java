package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk, and how a start notices that something is wrong with it. */
class SqliteFileTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("data").resolve("wppflow.db");
    }

    private Database open() {
        return Database.open("sqlite:" + file());
    }

    @Test
    void only_the_owner_can_read_it() throws IOException {
        try (Database database = open()) {
            accept(database, 1);

            for (String each : new String[] {"wppflow.db", "wppflow.db-wal", "wppflow.db.lock"}) {
                assertThat(permissions(file().resolveSibling(each))).as(each).isEqualTo("rw-------");
            }
            assertThat(permissions(file().getParent())).isEqualTo("rwx------");
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void it_commits_to_a_synchronised_log() throws SQLException {
        try (Database database = open();
                var connection =
                        new SqliteDialect(lockedElsewhere(database), DatabaseOptions.DEFAULT).openWriter(true);
                var statement = connection.createStatement()) {
            assertThat(pragma(statement, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(statement, "synchronous")).isEqualTo("2");
            assertThat(pragma(statement, "foreign_keys")).isEqualTo("1");
            assertThat(pragma(statement, "secure_delete")).isEqualTo("1");
            assertThat(pragma(statement, "busy_timeout")).isEqualTo("1500");
        }
    }

    private static SqliteFile lockedElsewhere(Database database) {
        return database.file().orElseThrow();
    }

    private static String pragma(java.sql.Statement statement, String name) throws SQLException {
        try (var result = statement.executeQuery("pragma " + name)) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void one_file_serves_one_process() {
        try (Database database = open()) {
            assertThat(database.shared()).isFalse();
            assertRefused(StorageError.IN_USE, "used by another process");
        }
        open().close();
    }

    @Test
    void what_was_closed_opens_again() {
        try (Database database = open()) {
            accept(database, 1);
        }

        try (Database database = open()) {
            assertThat(database.flowStore().stats(NOW).waitingMessages()).isEqualTo(1);
        }
        assertThat(file().resolveSibling("wppflow.db-wal")).doesNotExist();
    }

    @Test
    void a_missing_file_is_not_taken_for_a_new_one() throws IOException {
        open().close();
        Files.delete(file());

        assertRefused(StorageError.DAMAGED, "is missing or empty");

        Files.delete(file().resolveSibling("wppflow.db.lock"));
        open().close();
    }

    @Test
    void an_emptied_file_is_not_taken_for_a_new_one() throws IOException {
        open().close();
        Files.write(file(), new byte[0]);

        assertRefused(StorageError.DAMAGED, "is missing or empty");
    }

    @Test
    void a_missing_write_ahead_log_is_noticed_after_a_crash() throws IOException {
        crashed();
        open().close();
        crashed();
        Files.delete(file().resolveSibling("wppflow.db-wal"));

        assertRefused(StorageError.DAMAGED, "write-ahead log");
    }

    /** Found by the kill loop: looking at the pages brings the log over and removes it. */
    @Test
    void a_start_that_is_killed_while_it_looks_at_a_crashed_database_can_be_repeated() throws IOException {
        crashed();
        SqliteFile killed = SqliteFile.lock(file());
        killed.check();
        killed.release();
        assertThat(file().resolveSibling("wppflow.db-wal")).doesNotExist();

        try (Database database = open()) {
            assertThat(database.flowStore().stats(NOW).waitingMessages()).isEqualTo(1);
        }
    }

    @Test
    void a_crash_loses_nothing() throws IOException {
        crashed();

        try (Database database = open()) {
            assertThat(database.flowStore().stats(NOW).waitingMessages()).isEqualTo(1);
        }
    }

    @Test
    void a_torn_end_of_the_log_is_what_a_crash_leaves() throws IOException {
        crashed();
        byte[] log = Files.readAllBytes(wal());
        Files.write(wal(), Arrays.copyOfRange(log, log.length / 2, log.length / 2 + 2_000), StandardOpenOption.APPEND);

        try (Database database = open()) {
            assertThat(database.flowStore().stats(NOW).waitingMessages()).isEqualTo(1);
        }
    }

    @Test
    void a_flipped_byte_in_the_log_is_noticed_wherever_it_is() throws IOException {
        crashed();
        byte[] log = Files.readAllBytes(wal());
        var random = new Random(1);
        for (int i = 0; i < 40; i++) {
            int position = i < 20 ? i : random.nextInt(log.length / 2);
            byte[] damaged = log.clone();
            damaged[position] ^= 0x10;
            Files.write(wal(), damaged);

            assertThat(new SqliteLog(file()).problem())
                    .as("byte %d of %d", position, log.length)
                    .isPresent();
        }
        assertRefused(StorageError.DAMAGED, "write-ahead log");
        Files.write(wal(), log);
        open().close();
    }

    @Test
    void a_log_cut_short_is_noticed() throws IOException {
        crashed();
        byte[] log = Files.readAllBytes(wal());
        for (int length : new int[] {0, 20, 32, 5_000, log.length / 2, log.length - 100}) {
            Files.write(wal(), Arrays.copyOf(log, length));

            assertThat(new SqliteLog(file()).problem())
                    .as("%d of %d", length, log.length)
                    .isPresent();
        }
        Files.write(wal(), log);
        assertThat(new SqliteLog(file()).problem()).isEmpty();
    }

    @Test
    void a_log_without_its_index_is_enough() throws IOException {
        crashed();
        Files.delete(file().resolveSibling("wppflow.db-shm"));

        assertThat(new SqliteLog(file()).problem()).isEmpty();
        Files.write(file().resolveSibling("wppflow.db-shm"), new byte[10]);
        assertThat(new SqliteLog(file()).problem()).isEmpty();
    }

    private Path wal() {
        return file().resolveSibling("wppflow.db-wal");
    }

    /** Leaves the files as a killed process would: copied while the database is open, and nothing brought over yet. */
    private void crashed() throws IOException {
        Path killed = folder.resolve("killed");
        Files.createDirectories(killed);
        String[] names = {"wppflow.db", "wppflow.db-wal", "wppflow.db-shm", "wppflow.db.lock"};
        try (Database database = open()) {
            accept(database, 1);
            for (String each : names) {
                Files.copy(file().resolveSibling(each), killed.resolve(each), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        for (String each : names) {
            Files.copy(killed.resolve(each), file().resolveSibling(each), StandardCopyOption.REPLACE_EXISTING);
        }
        try (var index = FileChannel.open(file().resolveSibling("wppflow.db-shm"), StandardOpenOption.WRITE)) {
            index.write(ByteBuffer.allocate(4), 96);
        }
    }

    @Test
    void a_damaged_page_is_noticed() throws IOException {
        try (Database database = open()) {
            for (int i = 1; i <= 50; i++) {
                accept(database, i);
            }
        }
        overwrite(Files.size(file()) / 2, 20_000);

        assertRefused(StorageError.DAMAGED, "the latest backup");
    }

    @Test
    void something_else_is_not_a_database() throws IOException {
        open().close();
        overwrite(0, 4_096);

        assertRefused(StorageError.DAMAGED, "cannot be read");
    }

    @Test
    void a_cut_file_is_noticed() throws IOException {
        open().close();
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file()) / 2 / 4_096 * 4_096);
        }

        assertRefused(StorageError.DAMAGED, "");
    }

    private void overwrite(long position, int bytes) throws IOException {
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("\u0001garbage".repeat(bytes / 8).getBytes()), position);
        }
    }

    @Test
    void a_newer_version_only_adds_so_an_older_one_still_opens() throws SQLException {
        open().close();
        change("insert into schema_history select 99, '99', 'from the future', 'SQL', 'V99__x.sql', 1, 'nobody',"
                + " installed_on, 1, 1 from schema_history limit 1");

        open().close();
    }

    @Test
    void tables_that_are_not_what_we_made_are_refused() throws SQLException {
        open().close();
        change("update schema_history set checksum = 1 where version = '1'");

        assertRefused(StorageError.INCOMPATIBLE, "");
    }

    private void change(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_storage_url_begins_with_the_kind_of_database() {
        assertThatIllegalArgumentException().isThrownBy(() -> Database.open("jdbc:h2:mem:x"));
    }

    private void assertRefused(StorageError error, String message) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(this::open)
                .withMessageContaining(message)
                .extracting(FlowException::code)
                .isEqualTo(error);
    }

    private static void accept(Database database, long messageId) {
        database.flowStore().accept(message(conversation(messageId), messageId, "p:1", "oi"), AT_ONCE, NOW);
    }
}
