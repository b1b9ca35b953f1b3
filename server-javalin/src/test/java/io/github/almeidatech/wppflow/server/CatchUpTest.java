package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages whose webhook was lost, and a Chatwoot that asks the search for them to wait. */
class CatchUpTest {

    private static final int CUSTOMERS = 3;

    @TempDir
    private Path data;

    @Test
    void a_search_that_is_told_to_wait_again_and_again_finds_everybody_and_answers_once() throws Exception {
        try (var server = TestServer.start(data)) {
            server.chatwoot().connectAgentBot(server.uri("/webhooks/chatwoot/nobody/agent-bot"));
            var conversations = new ArrayList<Long>();
            for (int i = 0; i < CUSTOMERS; i++) {
                conversations.add(server.chatwoot()
                        .customer("+553199000060" + i, "Ana " + i)
                        .writes("quanto custa a diária?")
                        .conversation());
            }
            server.chatwoot().faults().next(2, SeenRequest.matching("GET", "/messages"), Fault.rateLimited("1"));
            server.chatwoot().faults().next(1, SeenRequest.matching("GET", "/conversations"), Fault.rateLimited("1"));

            for (long conversation : conversations) {
                server.awaitReplies(conversation, 1);
            }
            server.chatwoot().awaitIdle(Duration.ofSeconds(5));

            assertThat(server.chatwoot().faults().struck()).isEqualTo(3);
            for (long conversation : conversations) {
                assertThat(server.chatwoot().messagesIn(conversation))
                        .as("conversation %d", conversation)
                        .hasSize(1);
            }
        }
    }

    /** What is missed from the first webhook on is looked for, also when the first start dies before it looks. */
    @Test
    void since_when_a_tenant_is_served_is_written_down_before_anything_else_of_a_start_that_listens() throws Exception {
        TestServer.start(data, Map.of("WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__CATCH_UP_EVERY", "PT0S"))
                .close();
        try (var server = TestServer.start(data)) {
            var types = new ArrayList<String>();
            server.get("/api/v1/events?limit=1000")
                    .data()
                    .path("events")
                    .forEach(event -> types.add(0, event.path("event_type").asText()));

            assertThat(types).containsOnlyOnce("tenant.first_start");
            assertThat(types.indexOf("operator.configuration_changed"))
                    .as("written when it listens already, in %s", types)
                    .isGreaterThan(types.indexOf("tenant.first_start"));
        }
    }
}
