package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Policies of a file checked without a server. */
class PoliciesLintTest {

    private static final String TENANT = """
            %s:
                name: Hotel Patinhas
                chatwoot:
                  base_url: https://chat.example.com
                  account_id: 1
                  bot_token: ${env:BOT}
                  file_origins: ["https://%s.example.com"]
                webhooks:
                  agent_bot_secrets: ["${env:HOOK}"]
            """;

    @TempDir
    private Path folder;

    private Path policies;
    private String told = "";

    @BeforeEach
    void policies() throws IOException {
        policies = Files.writeString(folder.resolve("policies.yaml"), """
                - {id: a, event: a.b, then: [{send_attachment: "https://files.example.com/{{id}}.pdf"}]}
                - {id: b, event: a.b, then: [{send_message: Oi}, {send_attachment: "https://chat.example.com/b.pdf"}]}
                """);
    }

    private int lint(String... more) {
        var out = new StringWriter();
        var all = new String[more.length + 1];
        all[0] = policies.toString();
        System.arraycopy(more, 0, all, 1, more.length);
        int code = new CommandLine(new PoliciesCommand.Lint(Map.of(
                        "BOT",
                        "a-bot-token-of-chatwoot",
                        "HOOK",
                        "a-webhook-secret-of-chatwoot",
                        "OTHER_HOOK",
                        "another-webhook-secret-of-chatwoot")))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .setExecutionExceptionHandler(new Failures())
                .execute(all);
        told = out.toString();
        return code;
    }

    private String config(String... tenants) throws IOException {
        return Files.writeString(folder.resolve("wppflow.yaml"), "tenants:\n  " + String.join("  ", tenants))
                .toString();
    }

    @Test
    void without_a_configuration_files_may_be_anywhere() {
        assertThat(lint()).isZero();
        assertThat(told).contains("2 policies, 0 problems");
    }

    @Test
    void with_a_configuration_a_file_from_elsewhere_is_told_with_its_place() throws IOException {
        String ours = config(TENANT.formatted("pet-hotel", "files"));
        assertThat(lint("--config", ours)).isZero();

        String others = config(TENANT.formatted("pet-hotel", "other"));

        assertThat(lint("--config", others)).isEqualTo(1);
        assertThat(told)
                .contains("policies.yaml", "[0].then[0].send_attachment.url", "file_origins", "2 policies, 1 problem");
        assertThat(lint("--config", others, "--json")).isEqualTo(1);
        JsonNode problem = JsonLines.MAPPER.readTree(told).at("/problems/0");
        assertThat(problem.path("kind").asText()).isEqualTo("out_of_range");
    }

    @Test
    void of_several_tenants_one_is_named() throws IOException {
        String both = config(
                TENANT.formatted("pet-hotel", "files"),
                TENANT.formatted("clinic", "other")
                        .replace("account_id: 1", "account_id: 2")
                        .replace("HOOK", "OTHER_HOOK"));

        assertThat(lint("--config", both, "--tenant", "pet-hotel")).isZero();
        assertThat(lint("--config", both, "--tenant", "clinic")).isEqualTo(1);
        assertThat(lint("--config", both)).isEqualTo(2);
        assertThat(told).contains("--tenant", "pet-hotel", "clinic");
        assertThat(lint("--config", both, "--tenant", "nobody")).isEqualTo(2);
    }
}
