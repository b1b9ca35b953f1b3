package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill: a backup while the server works, loss of the database, a restore, and nobody is answered twice. */
class RestoreTest {

    private static final String CATCH_UP_EVERY = "WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__CATCH_UP_EVERY";
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
    void of_a_turn_whose_first_message_was_answered_before_only_the_rest_is_answered() throws Exception {
        Path backup;
        long conversation;
        try (TestServer server = start(Map.of(CATCH_UP_EVERY, "PT10M"))) {
            before(server, "+5511990000055");
            backup = Path.of(backUp(server, OPERATOR).data().path("file").asText());
            var customer = server.chatwoot().customer("+5511990000056", "Nina Exemplo");
            conversation = customer.writes("quanto custa a diária do gato?").conversation();
            server.awaitReplies(conversation, 1);
            server.awaitEvents(conversation, "command.done", 2); // what Chatwoot remarks about labels is there
            server.chatwoot().connectAgentBot(server.uri("/webhooks/chatwoot/nobody/agent-bot"));
            customer.writes("vocês aceitam cartão?");
            assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
        Database.restore(backup, "sqlite:" + data.resolve("wppflow.db"), Instant.now());

        try (TestServer server = start()) {
            server.awaitReplies(conversation, 2);
            var turns = server.events(conversation, "turn.completed").stream()
                    .map(each -> each.path("payload"))
                    .toList();

            assertThat(server.chatwoot().messagesIn(conversation)).hasSize(2);
            assertThat(turns).hasSize(2);
            assertThat(turns)
                    .filteredOn(each -> each.path("reason").asText().equals("answered_before_restore"))
                    .singleElement()
                    .satisfies(known -> {
                        assertThat(known.path("message_ids")).hasSize(1);
                        assertThat(known.path("reply").asText())
                                .as("what Chatwoot shows as said is known again")
                                .isEqualTo(server.chatwoot()
                                        .messagesIn(conversation)
                                        .get(0));
                    });
            assertThat(turns)
                    .filteredOn(each -> each.path("outcome").asText().equals("answered"))
                    .singleElement()
                    .satisfies(answered ->
                            assertThat(answered.path("heard").asText()).isEqualTo("vocês aceitam cartão?"));
        }
    }

    @Test
    void chatwoot_is_looked_through_from_where_the_backup_ends_however_long_ago_and_policies_are_not_asked_again()
            throws Exception {
        Path backup;
        long answered;
        long missed;
        try (TestServer server = start(Map.of(CATCH_UP_EVERY, "PT10M"))) {
            assertThat(server.put(
                                    "/api/v1/policies/recebido",
                                    "{\"policy\":{\"event\":\"message.received\",\"then\":[{\"send_message\":\"Recebemos!\"}]}}")
                            .status())
                    .isEqualTo(200);
            before(server, "+5511990000057");
            backup = Path.of(backUp(server, OPERATOR).data().path("file").asText());
            answered = server.chatwoot()
                    .customer("+5511990000058", "Bruna Exemplo")
                    .writes("quanto custa a diária do gato?")
                    .conversation();
            server.awaitReplies(answered, 2);
            server.awaitEvents(answered, "command.done", 3);
            server.chatwoot().connectAgentBot(server.uri("/webhooks/chatwoot/nobody/agent-bot"));
            missed = server.chatwoot()
                    .customer("+5511990000059", "Otto Exemplo")
                    .writes("quanto custa a diária do gato?")
                    .conversation();
            assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(20))).isTrue();
        }
        Instant lost = Instant.now();
        Database.restore(backup, "sqlite:" + data.resolve("wppflow.db"), Instant.now());
        await().atMost(Duration.ofSeconds(20)).until(() -> Instant.now().isAfter(lost.plusSeconds(3)));

        try (TestServer server = start(Map.of("WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__CATCH_UP_REACH", "PT1S"))) {
            server.awaitReplies(missed, 1);
            server.awaitEvents(answered, "turn.completed", 1);

            assertThat(server.chatwoot().messagesIn(answered)).hasSize(2);
            assertThat(server.chatwoot().messagesIn(missed)).hasSize(1);
            JsonNode ended = server.get("/api/v1/events?event_type=operator.reconciled")
                    .data()
                    .path("events")
                    .path(0)
                    .path("payload");
            assertThat(ended.path("found").asInt()).isEqualTo(2);
            assertThat(server.get("/api/v1/events?event_type=operator.restored")
                            .data()
                            .path("events")
                            .path(0)
                            .path("payload")
                            .path("known_until"))
                    .isEqualTo(ended.path("known_until"));
            assertThat(server.get("/ready").body().toString()).contains("\"restore\":\"ok\"");
        }
        try (TestServer server = start()) {
            for (String type : List.of("operator.restored", "operator.reconciled")) {
                assertThat(server.get("/api/v1/events?event_type=" + type)
                                .data()
                                .path("events"))
                        .as("a restart does not begin again")
                        .hasSize(1);
            }
        }
    }

    @Test
    void without_a_token_to_read_with_it_is_said_that_nothing_is_looked_for() throws Exception {
        Path backup;
        try (TestServer server = start()) {
            backup = Path.of(backUp(server, OPERATOR).data().path("file").asText());
        }
        Database.restore(backup, "sqlite:" + data.resolve("wppflow.db"), Instant.now());

        try (TestServer server = start(Map.of(CATCH_UP_EVERY, "PT0S"))) {
            assertThat(server.get("/ready").body().toString())
                    .contains("cannot be looked through without user_token and catch_up_every: pet-hotel");
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

    /** Something the backup knows of. */
    private static void before(TestServer server, String phone) throws InterruptedException {
        long conversation =
                server.chatwoot().customer(phone, "Davi Exemplo").writes("oi").conversation();
        server.awaitReplies(conversation, 1);
    }

    private TestServer start() throws Exception {
        return start(Map.of());
    }

    private TestServer start(Map<String, String> more) throws Exception {
        var settings = new HashMap<>(Map.of(
                "OPERATOR",
                OPERATOR,
                "WPPFLOW_STORAGE__BACKUP_FOLDER",
                data.resolve("backup").toString(),
                "WPPFLOW_STORAGE__BACKUPS_KEPT",
                "2",
                "WPPFLOW_API__TOKENS",
                "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [admin, read, write]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin]}]"));
        settings.putAll(more);
        return TestServer.start(data, settings);
    }

    private static Answer backUp(TestServer server, String token) {
        return server.send(HttpRequest.newBuilder(server.uri("/api/v1/backups"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    }
}
