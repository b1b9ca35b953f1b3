package io.github.almeidatech.wppflow.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final String HOOK = "tenants.hotel.webhooks.agent_bot_secrets[0]";
    private static final String BOT = "tenants.hotel.chatwoot.bot_token";

    @TempDir
    private Path folder;

    private Config config;
    private SecretFiles files;

    @BeforeEach
    void twoTenantsWithSecretsInFiles() throws IOException {
        write("bot", "a-bot-token-of-chatwoot\n");
        write("hook", "a-webhook-secret-of-chatwoot");
        write("other", "the-webhook-secret-of-a-school");
        write("api", "an-api-token-that-is-long-enough");
        Path yaml = Files.writeString(folder.resolve("wppflow.yaml"), """
            tenants:
              hotel:
                name: Hotel
                chatwoot: {base_url: "https://chat.example.com", account_id: 1, bot_token: "${file:DIR/bot}",
                  user_token: "${env:USER_TOKEN}"}
                webhooks: {agent_bot_secrets: ["${file:DIR/hook}"]}
              escola:
                name: Escola
                chatwoot: {base_url: "https://chat.example.com", account_id: 2, bot_token: "${env:USER_TOKEN}"}
                webhooks: {agent_bot_secrets: ["${file:DIR/other}"]}
            api:
              tokens: [{name: all, token: "${file:DIR/api}", scopes: [read]}]
            """.replace("DIR", folder.toString()));
        config = new ConfigReader(Map.of("USER_TOKEN", "a-user-token-of-chatwoot")).read(yaml);
        files = new SecretFiles(config);
    }

    @Test
    void what_is_written_into_a_file_counts_when_two_looks_have_found_the_same() throws IOException {
        assertThat(files.look(NOW)).isEmpty();

        write("bot", "another-bot-tok");
        assertThat(files.look(NOW)).isEmpty();
        write("bot", "another-bot-token-of-chatwoot\n");
        assertThat(files.look(NOW)).as("it was still being written").isEmpty();
        assertThat(bot().reveal()).isEqualTo("a-bot-token-of-chatwoot");

        assertThat(files.look(NOW)).containsExactly(BOT);
        assertThat(bot().reveal()).isEqualTo("another-bot-token-of-chatwoot");
        assertThat(bot().former()).contains(new Secret.Former("a-bot-token-of-chatwoot", NOW));
        assertThat(bot().former().toString()).doesNotContain("a-bot-token");
        assertThat(files.values()).contains("another-bot-token-of-chatwoot");
        assertThat(files.look(NOW)).isEmpty();
    }

    @Test
    void what_could_not_be_a_secret_is_left_aside_and_named_until_it_is_mended() throws IOException {
        for (var wrong : Map.of(
                        "", "holds no secret",
                        "two words", "holds no secret",
                        "changeme", "placeholder",
                        "too-short", "at least 24 characters",
                        "the-webhook-secret-of-a-school", "another tenant has the same")
                .entrySet()) {
            write("hook", wrong.getKey());
            files.look(NOW);
            assertThat(files.look(NOW)).isEmpty();

            assertThat(files.refused()).containsOnlyKeys(HOOK);
            assertThat(files.refused().get(HOOK)).contains(wrong.getValue()).doesNotContain("school");
        }
        Files.delete(folder.resolve("hook"));
        files.look(NOW);
        assertThat(files.refused().get(HOOK)).contains("cannot be read");
        assertThat(hook().reveal()).isEqualTo("a-webhook-secret-of-chatwoot");

        write("hook", "a-new-webhook-secret-of-chatwoot");
        files.look(NOW);
        assertThat(files.look(NOW)).containsExactly(HOOK);
        assertThat(files.refused()).isEmpty();
    }

    @Test
    void a_token_of_the_api_counts_from_the_next_start_on_and_that_is_said() throws IOException {
        write("api", "another-api-token-that-is-long");
        files.look(NOW);

        assertThat(files.look(NOW)).isEmpty();
        assertThat(files.refused()).containsOnlyKeys("api.tokens[0].token");
        assertThat(config.api().tokens().get(0).token().reveal()).startsWith("an-api-token");
    }

    @Test
    void how_long_a_secret_has_been_the_same_is_told_by_its_file() throws IOException {
        Files.setLastModifiedTime(folder.resolve("bot"), FileTime.from(NOW.minus(Duration.ofDays(200))));
        files.look(NOW);

        assertThat(files.ages(NOW)).containsEntry(BOT, Duration.ofDays(200)).containsKey(HOOK);
        assertThat(files.ages(NOW)).doesNotContainKey("tenants.hotel.chatwoot.user_token");
    }

    private Secret bot() {
        return config.tenants().get("hotel").chatwoot().botToken();
    }

    private Secret hook() {
        return config.tenants().get("hotel").webhooks().agentBotSecrets().get(0);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
