package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.app.Application;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.FreePort;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an empty folder to a bot that answers. */
class TenantCommandTest {

    @TempDir
    private Path folder;

    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder().start();
    private String said = "";

    @AfterEach
    void stop() {
        chatwoot.close();
    }

    @Test
    void a_new_file_and_a_connected_inbox_are_enough_to_serve_customers() throws Exception {
        int port = FreePort.find();
        assertThat(run("init", "--config", file())).isZero();
        assertThat(add("hotel", "http://127.0.0.1:" + port)).as(said).isZero();

        assertThat(run("tenant", "list", "--config", file())).isZero();
        assertThat(said).isEqualToIgnoringNewLines("hotel");
        assertThat(secrets())
                .isNotEmpty()
                .allSatisfy(secret -> assertThat(Files.getPosixFilePermissions(secret))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        var config = new ConfigReader(Map.of(
                        "PORT", String.valueOf(port), "WPPFLOW_STORAGE__URL", "sqlite:" + folder.resolve("own.db")))
                .read(folder.resolve("wppflow.yaml"));
        try (Application application = Application.start(config)) {
            long conversation = chatwoot.customer("+5511990000009", "Iara Exemplo")
                    .writes("oi!")
                    .conversation();

            assertThat(chatwoot.await(conversation, messages -> messages.size() >= 2, Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(application.port()).isEqualTo(port);
            assertThat(run("tenant", "check", "hotel", "--config", file(), "--json"))
                    .isBetween(0, 1);
            assertThat(said).contains("\"tenant\":\"hotel\"", "bot token: may write messages");
            assertThat(run("tenant", "check", "motel", "--config", file())).isEqualTo(2);
            assertThat(run("tenant", "list", "--json", "--config", file())).isZero();
            assertThat(said.strip()).isEqualTo("{\"tenants\":[\"hotel\"]}");
        }
    }

    @Test
    void programs_are_told_what_was_made_and_no_secret_of_it() throws Exception {
        assertThat(run("init", "--config", file(), "--json")).isZero();
        assertThat(JsonLines.MAPPER.readTree(said).path("config").asText()).isEqualTo(file());

        assertThat(add(chatwoot, "hotel", "https://flow.example.com", "WhatsApp", "--json"))
                .as(said)
                .isZero();

        var added = JsonLines.MAPPER.readTree(said);
        assertThat(added.path("tenant").asText()).isEqualTo("hotel");
        assertThat(added.path("bot").asLong()).isPositive();
        assertThat(added.path("inbox").asLong()).isPositive();
        assertThat(added.path("webhooks").asText()).isEqualTo("signature");
        for (Path secret : secrets()) {
            assertThat(said).doesNotContain(Files.readString(secret).strip());
        }
    }

    @Test
    void a_token_that_is_no_administrators_is_said_and_nothing_is_written() throws Exception {
        assertThat(run("init", "--config", file())).isZero();
        String before = Files.readString(folder.resolve("wppflow.yaml"));
        chatwoot.faults().always(request -> true, Fault.status(401));

        assertThat(add("hotel", "https://flow.example.com")).isEqualTo(1);

        assertThat(said).contains("--admin-token-file", "administrator");
        assertThat(Files.readString(folder.resolve("wppflow.yaml"))).isEqualTo(before);
    }

    @Test
    void what_cannot_be_written_is_refused_before_the_inbox_gets_another_bot() throws Exception {
        assertThat(run("init", "--config", file())).isZero();
        assertThat(refused("Pet-Hotel2")).isEqualTo(2);
        assertThat(said).contains("a tenant id is 1 to 63 of a-z 0-9 _ -");

        Path secret = Files.writeString(folder.resolve("clinica"), "a secret of an invented clinic");
        Files.writeString(folder.resolve("wppflow.yaml"), """
                tenants:
                    clinica:
                        name: indented otherwise
                        chatwoot: {base_url: "https://chat.example.com", account_id: 7, bot_token: "${file:%s}"}
                        webhooks: {agent_bot_secrets: ["${file:%s}"]}
                """.formatted(secret, secret));
        assertThat(refused("hotel")).isEqualTo(2);

        Files.writeString(folder.resolve("wppflow.yaml"), "server: {port: 3100}\n");
        Files.createDirectories(folder.resolve("wppflow.yaml.new/full"));
        assertThat(refused("hotel")).isEqualTo(1);
        Files.delete(folder.resolve("wppflow.yaml.new/full"));
        Files.delete(folder.resolve("wppflow.yaml.new"));

        Files.deleteIfExists(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets"), "no folder");
        assertThat(refused("hotel")).isEqualTo(1);
        Files.delete(folder.resolve("secrets"));

        assertThat(add("hotel", "https://flow.example.com")).as(said).isZero();
        assertThat(secrets())
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrder("hotel-bot-token", "hotel-user-token", "hotel-webhook-secret");
    }

    /** Adds a tenant in vain: the exit code, when the file, the secrets and Chatwoot are as they were. */
    private int refused(String id) throws IOException {
        String before = Files.readString(folder.resolve("wppflow.yaml"));
        int code = add(id, "https://flow.example.com");

        assertThat(chatwoot.requests())
                .as(said)
                .allMatch(request -> request.method().equals("GET"));
        assertThat(Files.readString(folder.resolve("wppflow.yaml"))).isEqualTo(before);
        if (Files.isDirectory(folder.resolve("secrets"))) {
            assertThat(secrets()).isEmpty();
        }
        return code;
    }

    @Test
    void what_people_wrote_into_the_file_stays_and_a_second_tenant_joins_the_first() throws Exception {
        Files.writeString(folder.resolve("wppflow.yaml"), "# meu arquivo\nserver: {port: 3100}\ntenants:\n");
        assertThat(add("hotel", "https://flow.example.com")).as(said).isZero();
        assertThat(add("clinica", "https://flow.example.com")).as(said).isZero();

        assertThat(run("tenant", "list", "--config", file())).isZero();
        assertThat(said).isEqualToIgnoringNewLines("clinicahotel");
        assertThat(Files.readString(folder.resolve("wppflow.yaml")))
                .startsWith("# meu arquivo\nserver: {port: 3100}\n");
        assertThat(add("hotel", "https://flow.example.com")).isEqualTo(2);
        assertThat(said).contains("already");
    }

    @Test
    void a_chatwoot_that_does_not_sign_gets_a_secret_into_its_address() throws Exception {
        try (var old = SimulatedChatwoot.builder().version("4.11.0").start()) {
            assertThat(run("init", "--config", file())).isZero();
            assertThat(add(old, "hotel", "https://flow.example.com", String.valueOf(old.inboxId())))
                    .as(said)
                    .isZero();
        }

        assertThat(Files.readString(folder.resolve("wppflow.yaml"))).contains("mode: path_secret");
    }

    @Test
    void an_inbox_that_is_not_there_is_answered_with_those_that_are_and_init_never_overwrites() throws Exception {
        assertThat(run("init", "--config", file())).isZero();

        assertThat(add("hotel", "https://flow.example.com", "Telegram")).isEqualTo(2);
        assertThat(said).contains("there are: ");
        assertThat(run("init", "--config", file())).isEqualTo(1);
        assertThat(run("tenant")).isEqualTo(2);
    }

    private int add(String id, String url) throws IOException {
        return add(id, url, String.valueOf(chatwoot.inboxId()));
    }

    private int add(String id, String url, String inbox) throws IOException {
        return add(chatwoot, id, url, inbox);
    }

    private int add(SimulatedChatwoot chatwoot, String id, String url, String inbox, String... more)
            throws IOException {
        Path token = folder.resolve("admin-token");
        Files.writeString(token, chatwoot.userToken());
        var arguments = new ArrayList<>(List.of(
                "tenant",
                "add",
                id,
                "--name",
                "Hotel \"Patinhas\"",
                "--chatwoot",
                chatwoot.baseUrl().toString(),
                "--account",
                String.valueOf(chatwoot.accountId()),
                "--inbox",
                inbox,
                "--url",
                url,
                "--admin-token-file",
                token.toString(),
                "--user-token-file",
                token.toString(),
                "--private-network",
                "--config",
                file()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private String file() {
        return folder.resolve("wppflow.yaml").toString();
    }

    private List<Path> secrets() throws IOException {
        try (var files = Files.list(folder.resolve("secrets"))) {
            return files.toList();
        }
    }

    private int run(String... arguments) {
        var out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
        said = out.toString();
        return code;
    }
}
