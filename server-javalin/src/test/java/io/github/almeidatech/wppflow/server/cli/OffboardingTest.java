package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A business that leaves. */
class OffboardingTest {

    private static final String OPERATOR = "operator-token-of-the-test-suite-0001";
    private static final TenantId GONE = new TenantId("clinica");

    @TempDir
    private Path data;

    @Test
    void it_takes_all_along_and_nothing_stays_and_the_receipt_says_so() throws Exception {
        start().close(); // makes the database
        try (Database database = Database.open("sqlite:" + data.resolve("wppflow.db"))) { // when it was configured
            database.eventLog().append(List.of(event("Bidu")));
        }
        Path token = data.resolve("operator");
        Files.writeString(token, OPERATOR);
        try (TestServer server = start()) {
            var tenant = new CommandLineOf(server, data.resolve("api-token"));
            var operator = new CommandLineOf(server, token);
            long conversation = server.chatwoot()
                    .customer("+5511990040001", "Nina Exemplo")
                    .writes("oi, meu gato se chama Bolota")
                    .conversation();
            server.awaitReplies(conversation, 1);
            Path file = data.resolve("out.jsonl");

            assertThat(tenant.run("tenant", "export", "pet-hotel", "--out", file.toString()))
                    .as(tenant.err())
                    .isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as("nobody else reads personal data")
                    .isEqualTo("rw-------");
            List<JsonNode> lines = lines(Files.readAllLines(file));
            assertThat(lines).extracting(line -> line.path("table").asText()).contains("contact", "event", "inbox");
            assertThat(lines.get(lines.size() - 1).path("rows").asInt()).isEqualTo(lines.size() - 1);
            assertThat(Files.readString(file))
                    .contains("Bolota", "operator.tenant_exported", "Nina Exemplo")
                    .doesNotContain("Bidu", server.sandbox().token());
            assertThat(tenant.run("tenant", "export", "pet-hotel", "--out", file.toString()))
                    .isEqualTo(1);
            assertThat(tenant.err()).contains("out.jsonl is there already");
            assertThat(tenant.run("tenant", "export", "clinica")).isEqualTo(2);

            assertThat(operator.run("tenant", "erase", "clinica")).isEqualTo(2);
            assertThat(tenant.run("tenant", "erase", "pet-hotel", "--yes")).isEqualTo(2);
            assertThat(tenant.err()).contains("a token without a tenant");
            assertThat(operator.run("tenant", "erase", "pet-hotel", "--yes")).isEqualTo(1);
            assertThat(operator.err()).contains("still_configured");
            assertThat(operator.run("tenant", "erase", "No Such", "--yes")).isEqualTo(2);
            assertThat(operator.run("tenant", "export", "clinica")).isZero();
            assertThat(operator.out()).contains("Bidu");

            JsonNode receipt = operator.json("tenant", "erase", "clinica", "--yes");

            assertThat(receipt.at("/erased/event").asInt()).isEqualTo(2); // the export was written down, too
            assertThat(receipt.path("by").asText()).isEqualTo("operator");
            assertThat(receipt.path("not_erased").toString()).contains("backups", "chatwoot");
            assertThat(operator.json("tenant", "erase", "clinica", "--yes"))
                    .as("the receipt stays, and is shown again")
                    .isEqualTo(receipt);
            assertThat(operator.run("tenant", "export", "clinica")).isEqualTo(2);
            assertThat(server.events(conversation, "message.received")).isNotEmpty();
        }
        try (var files = Files.list(data)) {
            for (Path each :
                    files.filter(path -> path.toString().contains("wppflow.db")).toList()) {
                assertThat(new String(Files.readAllBytes(each), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(each.toString())
                        .doesNotContain("Bidu");
            }
        }
    }

    @Test
    void who_wants_to_be_forgotten_before_a_business_is_erased_is_known_again_when_it_comes_back() throws Exception {
        try (TestServer server = start()) {
            server.awaitReplies(
                    server.chatwoot()
                            .customer("+5511990040002", "Nina Exemplo")
                            .writes("oi")
                            .conversation(),
                    1);
            assertThat(server.post("/api/v1/lgpd/erase", "{\"phone\":\"11990040002\"}")
                            .data()
                            .path("state")
                            .asText())
                    .isEqualTo("done");
        }
        try (Database database = Database.open("sqlite:" + data.resolve("wppflow.db"))) { // while it is not configured
            var tenant = new TenantId("pet-hotel");
            var erasure = database.erasedTenants().begin(tenant, "operator", Instant.now());
            database.eraseTenant(tenant);
            database.erasedTenants().end(erasure, Instant.now());
        }
        try (TestServer server = start()) {
            long conversation = server.chatwoot()
                    .customer("+5511990040002", "Nina Exemplo")
                    .writes("oi, quanto custa a diária?")
                    .conversation();
            server.awaitEvents(conversation, "turn.completed", 1);
        }

        try (TestServer server = start()) {
            assertThat(server.get("/api/v1/contacts/pet-hotel/11990040002").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_export_that_fails_before_it_begins_to_flow_is_an_error_alone_and_leaves_no_file() throws Exception {
        start().close();
        try (Database database = Database.open("sqlite:" + data.resolve("wppflow.db"))) {
            for (int i = 1; i <= 30; i++) { // more than a page
                database.eventLog().append(List.of(event("e-" + i, "Bidu")));
            }
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("wppflow.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate("update event set payload = '{' where tenant = 'clinica' and position = 30");
        }
        Path token = data.resolve("operator");
        Files.writeString(token, OPERATOR);
        try (TestServer server = start()) {
            var operator = new CommandLineOf(server, token);
            Path file = data.resolve("out.jsonl");

            assertThat(operator.run("tenant", "export", "clinica", "--out", file.toString()))
                    .isEqualTo(1);

            try (var files = Files.list(data)) {
                assertThat(files.map(path -> path.getFileName().toString()))
                        .noneMatch(name -> name.startsWith("out.jsonl"));
            }
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.uri("/api/v1/tenants/clinica/export"))
                                    .header("Authorization", "Bearer " + OPERATOR)
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("ERR_INTERNAL").doesNotContain("Bidu", "\"table\"");
        }
    }

    private TestServer start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("OPERATOR", OPERATOR);
        settings.put(
                "WPPFLOW_API__TOKENS",
                "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [read, write, admin]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin, read, write]}]");
        return TestServer.start(data, settings);
    }

    private static Event event(String name) {
        return event("e-1", name);
    }

    private static Event event(String id, String name) {
        return new Event(
                id,
                GONE,
                null,
                null,
                "pet.registered",
                1,
                Map.of("name", name),
                Event.Source.SYSTEM,
                null,
                null,
                0,
                Instant.parse("2026-03-01T12:00:00Z"));
    }

    private static List<JsonNode> lines(List<String> lines) throws Exception {
        var all = new ArrayList<JsonNode>();
        for (String line : lines) {
            all.add(JsonLines.MAPPER.readTree(line));
        }
        return all;
    }
}
