package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeakSettingsTest {

    private static final Instant NOW = Instant.parse("2026-11-28T00:00:00Z");

    private static final Map<String, String> ONE_TENANT = Map.of(
            "TENANT_ID", "hotel",
            "CHATWOOT_BASE_URL", "https://chat.example.com",
            "CHATWOOT_ACCOUNT_ID", "1",
            "CHATWOOT_API_TOKEN", "a-bot-token-of-chatwoot",
            "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot");

    @Test
    void nothing_is_weak_by_default() {
        assertThat(WeakSettings.of(read(Map.of()), "wppflow", false, NOW)).isEmpty();
    }

    @Test
    void each_weaker_setting_is_named_with_its_tenant() {
        Config config = read(Map.of(
                "WPPFLOW_SERVER__HOST", "0.0.0.0",
                "WPPFLOW_SERVER__PAGES", "everybody",
                "WPPFLOW_SERVER__TRUSTED_PROXIES", "[0.0.0.0/0]",
                "CHATWOOT_BASE_URL", "http://10.0.0.5",
                "WPPFLOW_TENANTS__HOTEL__CHATWOOT__ALLOW_PRIVATE_NETWORK", "true",
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__MODE", "path_secret",
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__PATH_SECRET", "${env:CHATWOOT_WEBHOOK_SECRET}",
                "WPPFLOW_TENANTS__HOTEL__MODELS__MASK_PERSONAL_NUMBERS", "false"));

        assertThat(WeakSettings.of(config, "root", true, NOW))
                .hasSize(9)
                .contains("hotel: webhooks.mode path_secret proves the sender only, without an end (path_secret_until)")
                .anyMatch(each -> each.startsWith("server.host"))
                .anyMatch(each -> each.contains("is a superuser"))
                .contains("the server runs as root", "hotel: chatwoot.base_url without TLS");
    }

    @Test
    void a_path_secret_reminds_of_its_end() {
        Config config = read(Map.of(
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__MODE", "path_secret",
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__PATH_SECRET", "${env:CHATWOOT_WEBHOOK_SECRET}",
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__PATH_SECRET_UNTIL", "2026-11-28T00:00:01Z"));

        assertThat(WeakSettings.of(config, "wppflow", false, NOW))
                .containsExactly("hotel: webhooks.mode path_secret proves the sender only, until 2026-11-28T00:00:01Z");
        assertThat(WeakSettings.of(config, "wppflow", false, NOW.plusSeconds(1)))
                .containsExactly(
                        "hotel: webhooks.mode path_secret was to end 2026-11-28T00:00:01Z: change to signatures");
    }

    @Test
    void limits_that_were_raised_are_named() {
        Config config = read(Map.of(
                "WPPFLOW_SERVER__WEBHOOKS_PER_SECOND", "51",
                "WPPFLOW_SERVER__API_CALLS_PER_SECOND", "11",
                "WPPFLOW_MEDIA__MAX_PIXELS", "40000001",
                "WPPFLOW_MEDIA__OFFICE_FILES", "true"));

        assertThat(WeakSettings.of(config, "wppflow", false, NOW))
                .hasSize(4)
                .allMatch(each -> each.startsWith("server.") || each.startsWith("media."));
    }

    @Test
    void two_secrets_at_a_time_want_an_end() {
        String two = "[\"${env:CHATWOOT_WEBHOOK_SECRET}\", \"${env:PREVIOUS}\"]";
        Map<String, String> open = Map.of(
                "PREVIOUS", "the-webhook-secret-before-it", "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__ACCOUNT_SECRETS", two);
        Map<String, String> ending = new HashMap<>(open);
        ending.put("WPPFLOW_TENANTS__HOTEL__WEBHOOKS__PREVIOUS_UNTIL", "2026-12-03T00:00:00Z");

        assertThat(WeakSettings.of(read(open), "wppflow", false, NOW))
                .containsExactly("hotel: webhooks: two secrets at a time without previous_until");
        assertThat(WeakSettings.of(read(ending), "wppflow", false, NOW)).isEmpty();
    }

    @Test
    void one_bot_for_two_tenants_is_named(@TempDir Path folder) throws IOException {
        String tenant = """
                  %s:
                    name: %s
                    chatwoot: {base_url: "https://chat.example.com", account_id: 1, bot_token: "${env:BOT}"}
                    webhooks: {agent_bot_secrets: ["${env:%s}"]}
                """;
        Path file = Files.writeString(
                folder.resolve("wppflow.yaml"),
                "tenants:\n" + tenant.formatted("hotel", "Hotel", "HOTEL")
                        + tenant.formatted("clinic", "Clínica", "CLINIC"));
        Config two = new ConfigReader(Map.of(
                        "BOT", "a-bot-token-of-chatwoot",
                        "HOTEL", "a-webhook-secret-of-the-hotel",
                        "CLINIC", "a-webhook-secret-of-the-clinic"))
                .read(file);

        assertThat(WeakSettings.of(two, "wppflow", false, NOW))
                .singleElement()
                .asString()
                .contains("chatwoot.bot_token", "hotel", "clinic")
                .doesNotContain("a-bot-token");
    }

    @Test
    void the_secret_before_ends_within_a_week() {
        String two = "[\"${env:CHATWOOT_WEBHOOK_SECRET}\", \"${env:PREVIOUS}\"]";
        Map<String, String> late = Map.of(
                "PREVIOUS", "the-webhook-secret-before-it",
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__ACCOUNT_SECRETS", two,
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__PREVIOUS_UNTIL", "2026-12-05T00:00:01Z");

        assertThat(WeakSettings.of(read(late), "wppflow", false, NOW))
                .containsExactly("hotel: webhooks.previous_until is more than 7 days away");
        assertThat(WeakSettings.of(read(late), "wppflow", false, NOW.plusSeconds(1)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ", api.tokens: n8n never expires",
        "2027-12-01T00:00:00Z, api.tokens: n8n expires in more than a year",
        "2027-11-01T00:00:00Z,"
    })
    void a_token_of_the_configuration_wants_an_end(String expires, String named) {
        String end = expires == null ? "" : ", expires: \"" + expires + "\"";
        Config config = read(Map.of(
                "TOKEN",
                "an-api-token-that-is-long-enough",
                "WPPFLOW_API__TOKENS",
                "[{name: n8n, token: \"${env:TOKEN}\", scopes: [read]" + end + "}]"));

        assertThat(WeakSettings.of(config, "wppflow", false, NOW))
                .isEqualTo(named == null ? List.of() : List.of(named));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://flow:secret@db.internal/flow, true",
        "postgresql://flow:secret@db.internal/flow?sslmode=prefer, true",
        "postgresql://flow:secret@db.internal/flow?ApplicationName=a&sslmode=verify-full, false",
        "postgresql://flow:secret@127.0.0.1:5432/flow, false",
        "postgresql://flow:secret@[::1]:5432/flow, false",
        "postgresql://flow:secret@[2001:db8::5]/flow, true"
    })
    void a_database_on_another_machine_wants_tls(String url, boolean weak) {
        assertThat(WeakSettings.of(read(Map.of("WPPFLOW_STORAGE__URL", url)), "wppflow", false, NOW))
                .hasSize(weak ? 1 : 0)
                .allMatch(each -> each.startsWith("storage.url") && !each.contains("secret"));
    }

    private static Config read(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(ONE_TENANT);
        environment.putAll(more);
        return new ConfigReader(environment).read(null);
    }
}
