package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moving house; from SQLite to PostgreSQL it is tried with whole servers in benchmarks. */
class MigrateStorageCommandTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");

    @TempDir
    private Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config;

    @BeforeEach
    void aDatabaseWithAnEvent() throws Exception {
        Path secret = Files.writeString(data.resolve("secret"), "a secret of an invented hotel");
        config = Files.writeString(data.resolve("wppflow.yaml"), """
                storage: {url: "sqlite:%s"}
                tenants:
                  pet-hotel:
                    name: Hotel Patinhas do Vale
                    chatwoot: {base_url: "https://chat.example.com", account_id: 1, bot_token: "${file:%s}"}
                    webhooks: {agent_bot_secrets: ["${file:%s}"]}
                """.formatted(data.resolve("old.db"), secret, secret));
        try (Database old = Database.open("sqlite:" + data.resolve("old.db"))) {
            old.eventLog().append(List.of(event("a"), event("b")));
        }
    }

    private static Event event(String id) {
        return new Event(
                id,
                HOTEL,
                null,
                null,
                "visit.noted",
                1,
                Map.of("n", 1),
                Event.Source.SYSTEM,
                null,
                null,
                0,
                Instant.EPOCH);
    }

    private int migrate(String to) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("migrate-storage", "--to", to, "--config", config.toString());
    }

    @Test
    void everything_is_in_the_new_database_counted_and_verified() {
        String to = "sqlite:" + data.resolve("new.db");

        assertThat(migrate(to)).as(err.toString()).isZero();

        assertThat(out.toString()).containsPattern("event +2 rows").contains("events of pet-hotel: 2, chain intact");
        try (Database fresh = Database.open(to)) {
            assertThat(fresh.eventLog().query(EventQuery.of(HOTEL, 10)).events())
                    .extracting(Event::id)
                    .containsExactly("b", "a");
        }
    }

    @Test
    void nothing_is_copied_over_something() {
        String to = "sqlite:" + data.resolve("new.db");
        migrate(to);

        assertThat(migrate(to)).isEqualTo(1);
        assertThat(err.toString()).contains("not empty");
    }

    @Test
    void a_database_that_is_not_there_is_neither_made_nor_copied() throws Exception {
        Path elsewhere = data.resolve("elsewhere.db");
        Files.writeString(config, Files.readString(config).replace("old.db", "elsewhere.db"));

        assertThat(migrate("sqlite:" + data.resolve("new.db"))).isEqualTo(1);

        assertThat(err.toString()).contains("there is no database " + elsewhere, "storage.url");
        assertThat(out.toString()).isEmpty();
        try (var files = Files.list(data)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("new.db") || name.startsWith("elsewhere.db"));
        }
    }

    @Test
    void a_database_in_use_is_left_alone() {
        try (Database running = Database.open("sqlite:" + data.resolve("old.db"))) {
            assertThat(running.isWritable()).isTrue();

            assertThat(migrate("sqlite:" + data.resolve("new.db"))).isEqualTo(1);
        }
        assertThat(err.toString()).contains("used by another process");
    }
}
