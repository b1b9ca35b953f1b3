package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.github.almeidatech.wppflow.testkit.Customer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations that Chatwoot opened because our webhook was too slow, although what it brought was stored. */
class TakeBackOfStoredTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        // the opening comes before the turn, and the turn before catch-up
        String tenant = "WPPFLOW_TENANTS__PET_HOTEL__";
        server = TestServer.start(
                data, Map.of(tenant + "TURNS__QUIET", "PT2S", tenant + "CHATWOOT__CATCH_UP_GRACE", "PT5S"));
        // what is as old as the start is caught up at once, and Chatwoot tells whole seconds
        long started = Instant.now().getEpochSecond();
        await().until(() -> Instant.now().getEpochSecond() > started);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void what_was_stored_although_its_webhook_failed_is_answered_once_with_all_that_followed() throws Exception {
        AtomicInteger failing = new AtomicInteger(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            server.deliver(body);
            boolean fails = body.contains("\"message_created\"")
                    && body.contains("quanto custa o pernoite?")
                    && failing.getAndDecrement() > 0;
            exchange.sendResponseHeaders(fails ? 503 : 200, -1);
            exchange.close();
        });
        slow.start();
        try {
            server.chatwoot()
                    .connectAgentBot(
                            URI.create("http://127.0.0.1:" + slow.getAddress().getPort() + "/"));
            Customer customer = server.chatwoot().customer("+5531990000503", "Ana");
            long conversation = customer.writes("quanto custa o pernoite?").conversation();
            server.awaitEvents(conversation, "turn.silenced", 1);
            customer.writes("e quais vacinas?");

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(answered(conversation)).hasSize(2));
            server.awaitReplies(conversation, 1);
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(4))
                    .untilAsserted(
                            () -> assertThat(answered(conversation)).hasSize(2).doesNotHaveDuplicates());
            assertThat(server.chatwoot().messagesIn(conversation)).doesNotHaveDuplicates();
            assertThat(server.events(conversation, "turn.resumed")).isNotEmpty();
            assertThat(server.chatwoot().conversation(conversation).status()).isEqualTo("pending");
        } finally {
            slow.stop(0);
        }
    }

    /** The messages of turns whose answers were not kept back by the opening. */
    private static List<Long> answered(long conversation) {
        var keptBack = new HashSet<String>();
        for (String type : List.of("turn.silenced", "command.held_back")) {
            server.events(conversation, type)
                    .forEach(event -> keptBack.add(event.path("cause_id").asText()));
        }
        var ids = new ArrayList<Long>();
        for (JsonNode turn : server.events(conversation, "turn.completed")) {
            if (!keptBack.contains(turn.path("cause_id").asText())) {
                turn.path("payload").path("message_ids").forEach(id -> ids.add(id.asLong()));
            }
        }
        return ids;
    }
}
