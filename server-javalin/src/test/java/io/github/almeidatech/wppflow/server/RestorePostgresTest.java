package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On PostgreSQL, whose backups are not ours: a database of before an erasure is made to forget again. */
class RestorePostgresTest {

    private static final String WRITTEN = "meu gato se chama Xodozinho";

    @TempDir
    private Path data;

    @Test
    void who_was_erased_since_the_backup_is_erased_again_by_the_journal_or_by_receipts() throws Exception {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        try (LocalPostgres postgres = LocalPostgres.startWithoutFsync()) {
            String url = postgres.newDatabase();
            try (TestServer server = start(url, "erasures.jsonl")) {
                long conversation = server.chatwoot()
                        .customer("+5511987770055", "Joana Exemplo")
                        .writes("quanto custa a diária do gato? " + WRITTEN)
                        .conversation();
                server.awaitReplies(conversation, 1);
                server.awaitEvents(conversation, "command.done", 1);
                assertThat(exported(server).toString()).contains(WRITTEN);
            }
            String before = postgres.copyOf(url);
            String alsoBefore = postgres.copyOf(url);
            JsonNode receipt;
            try (TestServer server = start(url, "erasures.jsonl")) {
                receipt = server.post("/api/v1/lgpd/erase", "{\"phone\":\"11 98777-0055\"}")
                        .data();
                assertThat(receipt.path("state").asText()).isEqualTo("done");
                isForgotten(server);
                JsonNode next = server.get("/api/v1/lgpd/erasures?cursor="
                                + receipt.path("id").asText())
                        .data();
                assertThat(next.path("erasures").isArray()).isTrue();
                assertThat(next.path("erasures")).as("nobody was erased before").isEmpty();
            }
            assertThat(Files.readString(data.resolve("erasures.jsonl")))
                    .contains(
                            receipt.path("id").asText(), receipt.path("person").asText())
                    .doesNotContain("987770055", "Joana");

            try (TestServer server = start(before, "erasures.jsonl")) {
                isForgotten(server);
                assertThat(erased(server, receipt).path("messages").asInt()).isEqualTo(1);
                assertThat(erased(server, receipt).path("events").asInt()).isPositive();
            }
            try (TestServer server = start(before, "erasures.jsonl")) {
                assertThat(server.get("/api/v1/events?event_type=operator.person_erased")
                                .data()
                                .path("events"))
                        .as("once")
                        .hasSize(1);
            }

            try (TestServer server = start(alsoBefore, "lost.jsonl")) {
                assertThat(exported(server).toString()).contains(WRITTEN);
                String repeat = "{\"erasures\":[{\"id\":\"" + receipt.path("id").asText() + "\",\"person\":\""
                        + receipt.path("person").asText() + "\",\"requested_by\":\"console\",\"requested_at\":\""
                        + receipt.path("requested_at").asText() + "\"}]}";
                assertThat(server.post("/api/v1/lgpd/erasures/repeat", repeat).status())
                        .isEqualTo(202);
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(
                                        erased(server, receipt).path("state").asText())
                                .isEqualTo("done"));
                isForgotten(server);
            }
        }
    }

    @Test
    void a_database_that_was_put_back_and_marked_answers_nobody_twice() throws Exception {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        try (LocalPostgres postgres = LocalPostgres.startWithoutFsync()) {
            String url = postgres.newDatabase();
            try (TestServer server = start(url, "erasures.jsonl")) {
                server.chatwoot().customer("+5511987770056", "Ivo Exemplo").writes("oi");
            }
            String before = postgres.copyOf(url);
            long answered;
            try (TestServer server = start(url, "erasures.jsonl")) {
                answered = server.chatwoot()
                        .customer("+5511987770057", "Lara Exemplo")
                        .writes("quanto custa a diária do gato?")
                        .conversation();
                server.awaitReplies(answered, 1);
                assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(20))).isTrue();
            }
            try (Database database = Database.open(before)) {
                assertThat(database.restoration()).isEmpty();
                assertThat(database.markRestored(Instant.now()).knownUntil()).isAfter(Instant.EPOCH);
            }

            try (TestServer server = start(before, "erasures.jsonl")) {
                assertThat(server.awaitEvents(answered, "turn.completed", 1)
                                .get(0)
                                .at("/payload/reason")
                                .asText())
                        .isEqualTo("answered_before_restore");
                assertThat(server.chatwoot().messagesIn(answered)).hasSize(1);
            }
        }
    }

    private TestServer start(String url, String journal) throws Exception {
        return TestServer.start(
                data,
                Map.of(
                        "WPPFLOW_STORAGE__URL",
                        url,
                        "WPPFLOW_STORAGE__ERASURE_JOURNAL",
                        data.resolve(journal).toString(),
                        "WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__CATCH_UP_EVERY",
                        "PT10M")); // what Chatwoot still has would be found again
    }

    private static void isForgotten(TestServer server) {
        assertThat(server.get("/api/v1/contacts/pet-hotel/11987770055").status())
                .isEqualTo(404);
        assertThat(exported(server).toString()).doesNotContain(WRITTEN).doesNotContain("Joana");
        assertThat(server.get("/api/v1/events/verify").data().path("intact").asBoolean())
                .isTrue();
    }

    private static JsonNode exported(TestServer server) {
        return server.post("/api/v1/lgpd/export", "{\"phone\":\"11987770055\"}").data();
    }

    private static JsonNode erased(TestServer server, JsonNode receipt) {
        return server.get("/api/v1/lgpd/erasures/" + receipt.path("id").asText())
                .data();
    }
}
