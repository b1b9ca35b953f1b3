package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationChangesTest {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final Map<String, String> ONE_TENANT = Map.of(
            "TENANT_ID", "hotel",
            "CHATWOOT_BASE_URL", "https://chat.example.com",
            "CHATWOOT_ACCOUNT_ID", "1",
            "CHATWOOT_API_TOKEN", "a-bot-token-of-chatwoot",
            "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot");

    @TempDir
    private Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("wppflow.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_was_configured_first_is_no_change_nor_is_the_same_again() {
        start(Map.of());
        start(Map.of());

        assertThat(noted()).isEmpty();
    }

    @Test
    void a_downgrade_of_the_webhooks_mode_leaves_an_event_with_both_modes() {
        start(Map.of());
        start(Map.of(
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__MODE", "path_secret",
                "WPPFLOW_TENANTS__HOTEL__WEBHOOKS__PATH_SECRET", "${env:CHATWOOT_WEBHOOK_SECRET}"));

        assertThat(noted())
                .singleElement()
                .satisfies(event -> assertThat(event.payload())
                        .containsEntry("changed", List.of("tenant.webhooks", "webhooks.mode"))
                        .containsEntry("webhooks_mode_before", "signature")
                        .containsEntry("webhooks_mode", "path_secret")
                        .containsEntry("by", "configuration"));
    }

    @Test
    void a_changed_secret_is_a_change_of_its_section_and_stands_nowhere() {
        start(Map.of());
        start(Map.of("CHATWOOT_WEBHOOK_SECRET", "another-webhook-secret-of-it"));
        start(Map.of("WPPFLOW_API_TOKEN", "an-api-token-that-is-long-enough"));

        assertThat(noted())
                .extracting(event -> event.payload().get("changed"))
                .containsExactly(List.of("api", "tenant.webhooks"), List.of("tenant.webhooks"));
        assertThat(noted() + database.note(ConfigurationChanges.noteOf(HOTEL)).orElseThrow())
                .doesNotContain("another-webhook-secret")
                .doesNotContain("a-webhook-secret")
                .doesNotContain("an-api-token");
    }

    private void start(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(ONE_TENANT);
        environment.putAll(more);
        var audit = new Audit(database.eventLog(), new SettableClock(Instant.parse("2026-03-01T12:00:00Z")));
        new ConfigurationChanges(database, audit).note(new ConfigReader(environment).read(null));
    }

    private List<Event> noted() {
        return database.eventLog().query(EventQuery.of(HOTEL, 100)).events().stream()
                .filter(event -> event.type().equals("operator.configuration_changed"))
                .toList();
    }
}
