package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said about PostgreSQL without one. */
class PostgresDialectTest {

    private static final String NOBODY_THERE = "postgresql://wppflow@127.0.0.1:1/wppflow";

    @Test
    void a_url_is_written_as_for_libpq() {
        PostgresUrl url = PostgresUrl.parse("postgresql://an%40a:se%3Acret+1@db.example:6432/flow?sslmode=verify-full");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db.example:6432/flow?sslmode=verify-full");
        assertThat(url.user()).isEqualTo("an@a");
        assertThat(url.password()).isEqualTo("se:cret+1");
        assertThat(url).hasToString("PostgresUrl[jdbc:postgresql://db.example:6432/flow]");
    }

    @Test
    void a_url_may_leave_out_port_user_and_password() {
        assertThat(PostgresUrl.parse("postgresql://db/flow"))
                .isEqualTo(new PostgresUrl("jdbc:postgresql://db/flow", null, null));
        assertThat(PostgresUrl.parse("postgresql://ana@db/flow").password()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql:flow", "postgresql://db", "postgresql://db/", "postgresql:///flow"})
    void a_url_names_host_and_database(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> PostgresUrl.parse(url));
    }

    @ParameterizedTest
    @CsvSource({
        "40P01, TRANSACTION, UNAVAILABLE, UNAVAILABLE",
        "40001, TRANSACTION, UNAVAILABLE, UNAVAILABLE",
        "23505, TRANSACTION, UNAVAILABLE, UNAVAILABLE",
        "08006, CONNECTION, UNAVAILABLE, UNCLEAR",
        "57P01, CONNECTION, UNAVAILABLE, UNCLEAR",
        "25006, CONNECTION, UNAVAILABLE, UNCLEAR",
        "57014, STORE, UNAVAILABLE, UNAVAILABLE",
        "53100, STORE, UNAVAILABLE, UNAVAILABLE",
        "55P03, STATEMENT, UNAVAILABLE, UNAVAILABLE",
        "XX001, STORE, DAMAGED, DAMAGED",
        "42601, STATEMENT, STATEMENT, STATEMENT",
        ", CONNECTION, UNAVAILABLE, UNCLEAR",
    })
    void a_failure_reaches_as_far_as_its_state_says(
            String state, Dialect.Damage damage, StorageError writing, StorageError committing) {
        var failure = new SQLException("x", state);
        try (var dialect = new PostgresDialect(PostgresUrl.parse(NOBODY_THERE), DatabaseOptions.DEFAULT)) {
            assertThat(dialect.damageOf(failure)).isEqualTo(damage);
            assertThat(dialect.errorOf(failure, false)).isEqualTo(writing);
            assertThat(dialect.errorOf(failure, true)).isEqualTo(committing);
        }
    }

    @Test
    void a_server_that_is_not_there_is_told() {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> Database.open(NOBODY_THERE))
                .extracting(FlowException::code)
                .isEqualTo(StorageError.UNAVAILABLE);
    }
}
