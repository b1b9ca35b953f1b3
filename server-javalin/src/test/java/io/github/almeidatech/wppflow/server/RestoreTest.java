package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill: a backup while the server works, loss of the database, a restore, and nobody is answered twice. */
class RestoreTest {

    private static final String OPERATOR = "operator-token-of-the-restore-drill";

    @TempDir
    private Path data;

    @Test
    void after_a_restore_what_was_answered_since_the_backup_is_left_alone_and_the_rest_is_answered() throws Exception {
        Path backup;
        long answered;
        try (TestServer server = start()) {
            long before = server.chatwoot()
                    .customer("+5511990000051", "Iara Exemplo")
                    .writes("oi")
                    .conversation();
            server.awaitReplies(before, 1);
            Answer made = backUp(server, OPERATOR);
            assertThat(made.status()).as(made.body().toString()).isEqualTo(200);
            backup = Path.of(made.data().path("file").asText());
            answered = server.chatwoot()
                    .customer("+5511990000052", "Caio Exemplo")
                    .writes("quanto custa a diária do gato?")
                    .conversation();
            server.awaitReplies(answered, 1);
            assertThat(backUp(server, server.sandbox().token()).status()).isEqualTo(403);
            assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
        String url = "sqlite:" + data.resolve("wppflow.db");
        assertThat(Database.restore(backup, url, Instant.now())).isPresent();

        try (TestServer server = start()) {
            server.awaitEvents(answered, "turn.completed", 1);
            long next = server.chatwoot()
                    .customer("+5511990000053", "Lia Exemplo")
                    .writes("quanto custa a diária do gato?")
                    .conversation();
            server.awaitReplies(next, 1);

            assertThat(server.events(answered, "turn.completed")
                            .get(0)
                            .at("/payload/reason")
                            .asText())
                    .isEqualTo("answered_before_restore");
            assertThat(server.chatwoot().messagesIn(answered)).hasSize(1);
            assertThat(server.chatwoot().conversation(answered).status()).isEqualTo("pending");
        }
    }

    @Test
    void who_was_erased_since_the_backup_is_erased_again_before_anything_else_and_once() throws Exception {
        Path backup;
        String receipt;
        try (TestServer server = start()) {
            long conversation = server.chatwoot()
                    .customer("+5511990000054", "Rosa Exemplo")
                    .writes("oi, sou a Rosa")
                    .conversation();
            server.awaitReplies(conversation, 1);
            server.awaitEvents(conversation, "command.done", 1);
            backup = Path.of(backUp(server, OPERATOR).data().path("file").asText());
            receipt = server.post("/api/v1/lgpd/erase", "{\"phone\":\"11990000054\"}")
                    .data()
                    .path("id")
                    .asText();
        }
        assertThat(Files.readString(data.resolve("backup/erasures.jsonl")))
                .contains(receipt)
                .doesNotContain("990000054", "Rosa");
        Database.restore(backup, "sqlite:" + data.resolve("wppflow.db"), Instant.now());
        assertThat(Files.readString(data.resolve("wppflow.db"), StandardCharsets.ISO_8859_1))
                .contains("sou a Rosa");

        try (TestServer server = start()) {
            Answer again = server.get("/api/v1/lgpd/erasures/" + receipt);
            assertThat(again.data().path("state").asText()).isEqualTo("done");
            assertThat(again.data().path("contacts").asInt()).isEqualTo(1);
            assertThat(again.data().path("events").asInt()).isPositive();
            assertThat(server.post("/api/v1/lgpd/export", "{\"phone\":\"11990000054\"}")
                            .data()
                            .path("events"))
                    .isEmpty();
            assertThat(server.get("/api/v1/events/verify").data().path("intact").asBoolean())
                    .isTrue();
        }
        assertThat(Files.readString(data.resolve("wppflow.db"), StandardCharsets.ISO_8859_1))
                .doesNotContain("sou a Rosa");
        try (TestServer server = start()) {
            assertThat(server.get("/api/v1/events?event_type=operator.person_erased")
                            .data()
                            .path("events"))
                    .as("a known request is not repeated at the next start")
                    .hasSize(1);
        }
    }

    @Test
    void only_the_newest_backups_are_kept() throws Exception {
        try (TestServer server = start()) {
            for (int i = 0; i < 4; i++) {
                assertThat(backUp(server, OPERATOR).status()).isEqualTo(200);
            }
        }

        try (var kept = Files.list(data.resolve("backup"))) {
            assertThat(kept).hasSize(2);
        }
    }

    private TestServer start() throws Exception {
        return TestServer.start(
                data,
                Map.of(
                        "OPERATOR",
                        OPERATOR,
                        "WPPFLOW_STORAGE__BACKUP_FOLDER",
                        data.resolve("backup").toString(),
                        "WPPFLOW_STORAGE__BACKUPS_KEPT",
                        "2",
                        "WPPFLOW_API__TOKENS",
                        "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [admin, read, write]},"
                                + " {name: operator, token: '${env:OPERATOR}', scopes: [admin]}]"));
    }

    private static Answer backUp(TestServer server, String token) {
        return server.send(HttpRequest.newBuilder(server.uri("/api/v1/backups"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    }
}
