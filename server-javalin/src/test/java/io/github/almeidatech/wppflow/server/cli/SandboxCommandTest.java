package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the environment counts in the sandbox. */
class SandboxCommandTest {

    private static final String FILE = """
            tenants:
              pet-hotel:
                name: Hotel Patinhas
                outgoing_webhooks:
                  n8n: {url: "https://n8n.example.com/webhook/x", secret: "${env:N8N_SECRET}"}
            """;

    @Test
    void the_model_and_the_settings_of_serve_count_and_what_leads_elsewhere_does_not() {
        var environment = new HashMap<>(Map.of(
                "LLM_PROVIDER", "openai",
                "LLM_MODEL", "gpt-4.1",
                "LLM_TEMPERATURE", "0.2",
                "OPENAI_API_KEY", "k1",
                "ANTHROPIC_API_KEY", "k2",
                "WPPFLOW_MEDIA__FFMPEG", "none"));
        var settings = Map.copyOf(environment);
        environment.put("CHATWOOT_BASE_URL", "https://chat.example.com");
        environment.put("TENANT_ID", "shop");
        environment.put("BASEROW_TABLE_CONTACTS", "7");
        environment.put("WPPFLOW_API_TOKEN", "of-the-shop");
        environment.put("PATH", "/bin");

        assertThat(SandboxCommand.overrides(environment)).isEqualTo(settings);
    }

    @Test
    void a_file_may_refer_to_any_variable_and_the_sandbox_stays_with_its_own_chatwoot(@TempDir Path data)
            throws Exception {
        Path file = Files.writeString(data.resolve("wppflow.yaml"), FILE);
        var environment = Map.of(
                "N8N_SECRET",
                "a-secret-of-the-workflows",
                "CHATWOOT_BASE_URL",
                "https://chat.example.com",
                "PORT",
                "1");

        try (Sandbox sandbox = Sandbox.start(0, data, SandboxCommand.overrides(environment), environment, file)) {
            assertThat(sandbox.server()).isNotEqualTo(URI.create("http://127.0.0.1:1"));
            sandbox.chatwoot().customer("+5511990000077", "Joana").writes("oi");
            assertThat(sandbox.chatwoot().conversations()).hasSize(1);
        }
    }

    @Test
    void a_variable_that_is_not_there_is_named(@TempDir Path data) throws Exception {
        Path file = Files.writeString(data.resolve("wppflow.yaml"), FILE);

        assertThatThrownBy(() -> Sandbox.start(0, data, Map.of(), Map.of(), file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("env N8N_SECRET is not there or empty");
    }
}
