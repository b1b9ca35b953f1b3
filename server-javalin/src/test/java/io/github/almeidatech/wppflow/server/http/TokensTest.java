package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.Secret;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

    @TempDir
    private Path folder;

    @Test
    void a_configured_token_is_refused_from_its_end_on() {
        var clock = new SettableClock(Instant.parse("2026-05-31T23:59:00Z"));
        var configured = new Config.Token(
                "n8n",
                "hotel",
                new Secret("an-api-token-that-is-long-enough"),
                List.of("read"),
                "2026-06-01T00:00:00Z");
        try (Database database = Database.open("sqlite:" + folder.resolve("wppflow.db"))) {
            var tokens = new Tokens(List.of(configured), database.apiTokens(), clock);

            assertThat(tokens.authenticate("Bearer an-api-token-that-is-long-enough"))
                    .isPresent();
            clock.advance(Duration.ofMinutes(1));
            assertThat(tokens.authenticate("Bearer an-api-token-that-is-long-enough"))
                    .isEmpty();
        }
    }
}
