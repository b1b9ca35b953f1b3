package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.chatwoot.Authenticity;
import io.github.almeidatech.wppflow.chatwoot.WebhookKind;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.config.SecretFiles;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook's secret that is replaced in its file, on a server that goes on. */
class SecretRotationTest {

    private static final String BEFORE = "the-webhook-secret-of-before-1";
    private static final String AFTER = "the-webhook-secret-of-after-02";
    private static final String DELIVERY = "{\"event\":\"webwidget_triggered\",\"account\":{\"id\":1}}";

    @TempDir
    private Path data;

    @Test
    void a_secret_replaced_in_its_file_counts_without_a_restart_beside_the_one_before_and_leaves_its_key_and_no_value()
            throws Exception {
        Path file = Files.writeString(data.resolve("hook"), BEFORE);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(200))));
        try (TestServer server = TestServer.start(
                data, Map.of("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__ACCOUNT_SECRETS", "[\"${file:" + file + "}\"]"))) {
            assertThat(status(server, BEFORE)).isEqualTo(200);
            assertThat(status(server, AFTER)).isEqualTo(401);
            assertThat(server.get("/ready").body().toString())
                    .contains("tenants.pet-hotel.webhooks.account_secrets[0]: the same for 200 days: replace it");
            assertThat(server.get("/metrics").response().body())
                    .contains("wppflow_oldest_secret_seconds{tenant=\"pet-hotel\"}");

            Files.writeString(file, AFTER);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> !replaced(server).isEmpty());

            assertThat(status(server, AFTER)).isEqualTo(200);
            assertThat(status(server, BEFORE)).as("for a day more").isEqualTo(200);
            assertThat(replaced(server)).hasSize(1);
            assertThat(replaced(server).get(0).at("/payload/key").asText()).isEqualTo("webhooks.account_secrets[0]");
            assertThat(server.get("/api/v1/events?event_type=operator.*").body().toString())
                    .doesNotContain(AFTER, BEFORE);
            assertThat(server.get("/ready").body().toString()).contains("\"secrets\":\"ok\"");
        }
        try (TestServer server = TestServer.start(
                data, Map.of("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__ACCOUNT_SECRETS", "[\"${file:" + file + "}\"]"))) {
            assertThat(status(server, BEFORE))
                    .as("the one before ends with a restart")
                    .isEqualTo(401);
        }
    }

    @Test
    void what_could_not_be_written_down_is_at_the_next_look() throws Exception {
        Config config = withSecretsInFiles();
        Database database = Database.open("sqlite:" + data.resolve("s.db"));
        var works = new AtomicBoolean();
        EventLog stored = database.eventLog();
        var noted = new AtomicInteger();
        EventLog log = (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    if (!works.get()) {
                        throw new IllegalStateException("the database is away");
                    }
                    return method.invoke(stored, arguments);
                });
        var audit = new Audit(log, InstantSource.system());
        try (database;
                var rotation = new SecretRotation(
                        config, secrets -> {}, noted::incrementAndGet, audit, new Metrics(), InstantSource.system())) {
            Files.writeString(data.resolve("path"), AFTER);
            Files.writeString(data.resolve("bot"), "another-bot-token-of-chatwoot");
            rotation.look();
            assertThatThrownBy(rotation::look).hasMessageContaining("the database is away");
            assertThat(noted).hasValue(0);
            works.set(true);
            rotation.look();
            rotation.look();

            assertThat(stored.query(EventQuery.of(new TenantId("pet-hotel"), 10))
                            .events())
                    .extracting(event -> event.payload().get("key"))
                    .containsExactlyInAnyOrder("webhooks.path_secret", "chatwoot.bot_token");
            assertThat(noted).hasValue(1);
        }
    }

    @Test
    void a_path_secret_that_was_replaced_counts_for_a_day_more() throws Exception {
        var clock = SettableClock.at("2026-09-01T12:00:00Z");
        Config config = withSecretsInFiles();
        Tenants.Tenant tenant = Tenants.of(
                        config, LanguageModels.builder().build(), new OkHttpClient(), new Metrics(), clock)
                .get(new TenantId("pet-hotel"));
        var files = new SecretFiles(config);
        Files.writeString(data.resolve("path"), AFTER);
        files.look(clock.instant());
        files.look(clock.instant());

        assertThat(isAuthentic(tenant, AFTER)).isTrue();
        assertThat(isAuthentic(tenant, BEFORE)).isTrue();
        clock.advance(Duration.ofDays(1));
        assertThat(isAuthentic(tenant, AFTER)).isTrue();
        assertThat(isAuthentic(tenant, BEFORE)).isFalse();
    }

    private Config withSecretsInFiles() throws Exception {
        Files.writeString(data.resolve("path"), BEFORE);
        Files.writeString(data.resolve("bot"), "a-bot-token-of-chatwoot-1");
        return new ConfigReader(Map.of())
                .read(Files.writeString(data.resolve("wppflow.yaml"), """
                tenants:
                  pet-hotel:
                    name: Hotel
                    chatwoot: {base_url: "https://chat.example.com", account_id: 1, bot_token: "${file:DIR/bot}"}
                    webhooks: {mode: path_secret, path_secret: "${file:DIR/path}"}
                """.replace("DIR", data.toString())));
    }

    private static boolean isAuthentic(Tenants.Tenant tenant, String pathSecret) {
        return tenant.authenticator().authenticate(WebhookKind.ACCOUNT, List.of(), List.of(), pathSecret, new byte[0])
                instanceof Authenticity.Authentic;
    }

    private static int status(TestServer server, String secret) {
        return server.deliver("account", DELIVERY, secret, Instant.now()).status();
    }

    private static JsonNode replaced(TestServer server) {
        return server.get("/api/v1/events?event_type=operator.secret_replaced")
                .data()
                .path("events");
    }
}
