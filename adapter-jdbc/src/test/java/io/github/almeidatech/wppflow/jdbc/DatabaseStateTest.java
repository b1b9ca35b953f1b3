package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at a database that a server may be using. */
class DatabaseStateTest {

    @TempDir
    private Path folder;

    private DatabaseState look() {
        return Database.look("sqlite:" + folder.resolve("a.db"), InstantSource.system());
    }

    @Test
    void where_there_is_none_none_is_made() {
        assertThat(look()).isEqualTo(new DatabaseState(false, false, Duration.ZERO, false));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void one_in_use_and_one_at_rest_are_told_apart_and_can_be_opened_afterwards() {
        try (var database = Database.open("sqlite:" + folder.resolve("a.db"))) {
            assertThat(look()).isEqualTo(new DatabaseState(true, true, Duration.ZERO, false));
            assertThat(database.isWritable()).isTrue();
        }

        assertThat(look()).isEqualTo(new DatabaseState(true, false, Duration.ZERO, false));
        Database.open("sqlite:" + folder.resolve("a.db")).close();
    }

    @Test
    void a_lost_one_is_told_as_a_start_would() throws Exception {
        Database.open("sqlite:" + folder.resolve("a.db")).close();
        Files.delete(folder.resolve("a.db"));

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(this::look)
                .satisfies(e -> assertThat(e.code()).isEqualTo(StorageError.DAMAGED));
    }

    @Test
    void the_clock_of_a_server_is_compared() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        String url = PostgresServer.shared().newDatabase();

        InstantSource fast = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(10));

        assertThat(Database.look(url, fast).clockAhead()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
        PostgresServer.shared().giveBack(url);
    }

    @Test
    void a_user_whom_row_level_security_does_not_bind_is_told() throws Exception {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        String bound = PostgresServer.shared().newDatabase();
        String superuser = bound.replaceFirst("//[^@]*@", "//admin@");

        assertThat(Database.look(bound, InstantSource.system()).unrestricted()).isFalse();
        assertThat(Database.look(superuser, InstantSource.system()).unrestricted())
                .isTrue();
        try (var database = Database.open(superuser)) {
            assertThat(database.isUnrestricted()).isTrue();
        }
        try (var database = Database.open(bound)) {
            assertThat(database.isUnrestricted()).isFalse();
        }
        PostgresServer.shared().giveBack(bound);
    }
}
