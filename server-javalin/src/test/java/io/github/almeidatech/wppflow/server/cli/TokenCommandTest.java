package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token's life, from being told once to opening nothing. */
class TokenCommandTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static CommandLineOf cli;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
        cli = new CommandLineOf(server, data.resolve("api-token"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_new_token_may_do_what_its_scopes_say_until_it_is_revoked() throws Exception {
        JsonNode created = cli.json("token", "create", "--name", "n8n da loja", "--scope", "read", "--days", "30");
        String token = created.path("token").asText();
        String id = created.path("id").asText();

        assertThat(status("/api/v1/events", token)).isEqualTo(200);
        assertThat(status("/metrics", token)).isEqualTo(403);
        assertThat(cli.run("token", "list")).isZero();
        assertThat(cli.out())
                .contains(id, "n8n da loja", "pet-hotel", "last used")
                .doesNotContain(token);

        assertThat(cli.run("token", "revoke", id)).isZero();

        assertThat(status("/api/v1/events", token)).isEqualTo(401);
        assertThat(cli.run("token", "list")).isZero();
        assertThat(cli.out()).contains("revoked");
        assertThat(cli.run("token", "revoke", "wfc_00000000")).isEqualTo(1);
        assertThat(cli.err()).contains("ERR_NOT_FOUND: there is no token ", "'wppflow token list'");
        assertThat(server.get("/api/v1/events?event_type=operator.*").data().path("events"))
                .extracting(event -> event.path("event_type").asText())
                .contains("operator.token_created", "operator.token_revoked");
    }

    @Test
    void wrong_wishes_are_named() {
        assertThat(cli.run("token", "create", "--name", "x", "--scope", "everything"))
                .isEqualTo(2);
        assertThat(cli.err()).contains("ERR_VALIDATION", "scopes[]: read, write or admin wanted");
        assertThat(cli.run("token", "create", "--name", "x", "--days", "1000")).isEqualTo(2);
        assertThat(cli.run("token", "create", "--name", "x", "--tenant", "other"))
                .isEqualTo(2);
        assertThat(cli.err()).contains("ERR_INVALID_TENANT");
        assertThat(cli.run("token")).isEqualTo(2);
    }

    @Test
    void the_first_token_is_made_without_a_server(@TempDir Path folder) throws Exception {
        Path config = folder.resolve("wppflow.yaml");
        Files.writeString(config, "storage: {url: 'sqlite:%s'}%n".formatted(folder.resolve("own.db")));

        assertThat(run("token", "create", "--name", "ops", "--scope", "admin", "--config", config.toString()))
                .matches("(?s)0 wfc_[0-9a-f]{64}\\s+");
        assertThat(run("token", "create", "--name", "ops", "--json", "--config", config.toString()))
                .startsWith("0 {")
                .contains("\"scopes\" : [ \"read\", \"write\" ]", "\"token\" : \"wfc_");
        assertThat(run("token", "create", "--name", "ops", "--days", "0", "--config", config.toString()))
                .startsWith("2 ");
        assertThat(run("token", "create", "--name", "x", "--tenant", "none", "--config", config.toString()))
                .startsWith("2 ");
    }

    private static String run(String... arguments) {
        var out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter(), true))
                .execute(arguments);
        return code + " " + out;
    }

    private static int status(String path, String token) {
        return server.send(HttpRequest.newBuilder(server.uri(path))
                        .header("Authorization", "Bearer " + token)
                        .GET())
                .status();
    }
}
