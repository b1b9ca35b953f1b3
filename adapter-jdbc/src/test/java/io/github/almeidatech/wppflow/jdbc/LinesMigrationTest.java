package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of the time when a conversation's commands stood in one line. */
class LinesMigrationTest {

    @TempDir
    Path folder;

    @Test
    void what_waited_in_one_line_waits_in_two() throws SQLException {
        Path path = folder.resolve("old.db");
        oldDatabase(path);

        try (Database database = Database.open("sqlite:" + path)) {
            FlowStore store = database.flowStore();
            store.recover(NOW);

            CommandAttempt record = store.claimCommands(Line.RECORDS, FreeWorkers.of(5), NOW, LEASE)
                    .get(0);
            CommandAttempt reply = store.claimCommands(Line.REPLIES, FreeWorkers.of(5), NOW, LEASE)
                    .get(0);

            assertThat(record.command()).isEqualTo(new CallWebhook("w", Map.of()));
            assertThat(reply.command()).isEqualTo(new SendMessage("a", null, Purpose.ANSWER));
        }
    }

    private static void oldDatabase(Path path) throws SQLException {
        String url = "jdbc:sqlite:" + path;
        SqliteFile file = SqliteFile.lock(path);
        Map<String, String> words = new SqliteDialect(file, DatabaseOptions.DEFAULT).migrationWords();
        file.release();
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(url, null, null)
                .locations("classpath:io/github/almeidatech/wppflow/jdbc/migration")
                .placeholders(words)
                .table("schema_history")
                .loggers("slf4j")
                .target("7")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url)) {
            var session = new Session(connection);
            session.update("""
                    insert into conversation (tenant, conversation, owner, owner_at, owner_reason, fence, fence_reason,
                      inbox, answered, waiting, urgent, quiet_ms, max_wait_ms, max_messages, turn_attempts,
                      turn_supersedes, command_due)
                    values ('hotel', '7/1', 'bot', 0, '', 0, '', 1, 1, 0, 0, 0, 0, 20, 0, 0, ?)
                    """, NOW);
            for (OutboundCommand command :
                    List.of(new CallWebhook("w", Map.of()), new SendMessage("a", null, Purpose.ANSWER))) {
                session.update(
                        """
                        insert into outbox (tenant, conversation, turn_id, key, fence, type, version, body, state,
                          attempts, due, created_at)
                        values ('hotel', '7/1', 't', ?, 0, ?, ?, ?, 'waiting', 0, ?, ?)
                        """,
                        "t-" + CommandJson.type(command),
                        CommandJson.type(command),
                        CommandJson.VERSION,
                        CommandJson.write(command),
                        NOW,
                        NOW);
            }
        }
    }
}
