package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
}
