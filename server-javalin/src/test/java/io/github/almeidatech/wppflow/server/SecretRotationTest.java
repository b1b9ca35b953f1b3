package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

    private static int status(TestServer server, String secret) {
        return server.deliver("account", DELIVERY, secret, Instant.now()).status();
    }

    private static JsonNode replaced(TestServer server) {
        return server.get("/api/v1/events?event_type=operator.secret_replaced")
                .data()
                .path("events");
    }
}
