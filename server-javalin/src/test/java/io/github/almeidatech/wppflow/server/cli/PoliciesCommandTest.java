package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies of a file rehearsed over what has really happened, and watched before they act. */
class PoliciesCommandTest {

    private static final String PRESENT =
            "- {id: preco, event: turn.completed, then: [{labels: {add: [preco]}}, {emit_event: {type: price.asked}}]}\n";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static CommandLineOf cli;
    private static Path file;
    private static long conversation;

    @BeforeAll
    static void start() throws Exception {
        file = Files.writeString(data.resolve("policies.yaml"), PRESENT);
        server = TestServer.start(
                data.resolve("server"),
                Map.of(
                        "WPPFLOW_TENANTS__PET_HOTEL__POLICIES__FILE",
                        file.toString(),
                        "WPPFLOW_TENANTS__PET_HOTEL__POLICIES__RELOAD_EVERY",
                        "PT0.1S"));
        cli = new CommandLineOf(server, data.resolve("server/api-token"));
        conversation = server.chatwoot()
                .customer("+5511990000061", "Ivo Exemplo")
                .writes("quanto custa a diária do gato?")
                .conversation();
        server.awaitEvents(conversation, "policy.fired", 1);
        server.awaitEvents(conversation, "command.done", 2);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_rehearsal_tells_what_would_fire_what_would_differ_and_what_goes_in_circles() throws Exception {
        Path proposed = Files.writeString(data.resolve("proposed.yaml"), """
                - {id: preco, event: turn.completed, then: [{labels: {add: [preco]}}, {emit_event: {type: price.asked}}]}
                - {id: chegou, event: message.received, then: [{labels: {add: [chegou]}}]}
                - {id: ida, event: a.b, then: [{emit_event: {type: b.a}}]}
                - {id: volta, event: b.a, then: [{emit_event: {type: a.b}}]}
                """);
        int said = server.chatwoot().messagesIn(conversation).size();

        JsonNode report = cli.json("policies", "dry-run", proposed.toString());

        assertThat(report.at("/policies/chegou/fired").asInt()).isEqualTo(1);
        assertThat(report.at("/policies/preco/fired").asInt()).isEqualTo(1);
        assertThat(report.path("differing").asInt()).isEqualTo(1);
        assertThat(report.at("/differences/0/event_type").asText()).isEqualTo("message.received");
        assertThat(report.path("cycles").toString()).contains("ida", "volta");
        assertThat(cli.run("policies", "dry-run", proposed.toString())).isZero();
        assertThat(cli.out())
                .contains(
                        "1 would lead to something else than now",
                        "chegou",
                        "fired 1",
                        "a circle: ",
                        "message.received");
        assertThat(server.chatwoot().messagesIn(conversation)).hasSize(said);
        assertThat(server.chatwoot().conversation(conversation).labels()).doesNotContain("chegou");
    }

    @Test
    void a_rehearsal_covers_the_time_that_is_asked_for() throws Exception {
        String same = file.toString();

        assertThat(cli.json("policies", "dry-run", same, "--days", "1")
                        .path("events")
                        .asInt())
                .isPositive();
        assertThat(cli.json("policies", "dry-run", same, "--to", "2020-01-01T00:00:00Z")
                        .path("events")
                        .asInt())
                .isZero();
        assertThat(cli.run("policies", "dry-run", same, "--from", "yesterday")).isEqualTo(2);
        assertThat(cli.err()).contains("--from");
    }

    @Test
    void mistakes_are_told_with_their_place() throws Exception {
        Path broken = Files.writeString(data.resolve("broken.yaml"), "- {id: x, event: a.b, then: [{explode: 1}]}");
        Path yaml = Files.writeString(data.resolve("no.yaml"), "- {id: x");

        assertThat(cli.run("policies", "dry-run", broken.toString())).isEqualTo(2);
        assertThat(cli.err()).contains("policies[0].then[0]", "explode");
        assertThat(cli.run("policies", "dry-run", yaml.toString())).isEqualTo(2);
        assertThat(cli.err()).contains("no.yaml");
        assertThat(cli.run("policies")).isEqualTo(2);
    }
}
