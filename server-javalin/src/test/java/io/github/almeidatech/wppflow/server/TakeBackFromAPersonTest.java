package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.testkit.Customer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation that Chatwoot opened because our webhook failed, after a person had spoken in it. */
class TakeBackFromAPersonTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_word_said_before_chatwoot_opened_it_counts_too() throws Exception {
        Customer customer = server.chatwoot().customer("+5531990000503", "Ana");
        server.chatwoot().connectAgentBot(server.uri("/webhooks/chatwoot/nobody/agent-bot"));
        server.chatwoot().webhooks().hold();
        long conversation = customer.writes("quais vacinas?").conversation();
        server.chatwoot().agent().writes(conversation, "Oi, sou o Bruno!");
        server.chatwoot().webhooks().release();
        await().until(() ->
                server.chatwoot().conversation(conversation).status().equals("open"));
        customer.writes("alguém?");

        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(6))
                .untilAsserted(() ->
                        assertThat(server.chatwoot().messagesIn(conversation)).containsExactly("Oi, sou o Bruno!"));
        assertThat(server.events(conversation, "conversation.taken_back")).isEmpty();
        assertThat(server.chatwoot().conversation(conversation).status()).isEqualTo("open");
    }
}
