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

/** Conversations that Chatwoot opened because our webhook failed. */
class TakeBackTest {

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
    void what_was_missed_is_answered_and_the_conversation_taken_back() throws Exception {
        long conversation = missed("+5531990000501", "quanto custa a diária?");

        server.awaitReplies(conversation, 1);

        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("R$");
        assertThat(server.chatwoot().requests())
                .anyMatch(request -> request.path().endsWith("/conversations/" + conversation + "/toggle_status"));
        assertThat(server.events(conversation, "conversation.taken_back")).isNotEmpty();
    }

    @Test
    void where_a_person_has_spoken_meanwhile_it_is_left_to_them() throws Exception {
        long conversation = opened("+5531990000502", "quais vacinas?", true);

        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(6))
                .untilAsserted(() ->
                        assertThat(server.chatwoot().messagesIn(conversation)).containsExactly("Oi, sou o Bruno!"));
    }

    private static long missed(String phone, String text) throws InterruptedException {
        return opened(phone, text, false);
    }

    /** The bot's webhook leads nowhere for a while. */
    private static long opened(String phone, String text, boolean personAnswers) throws InterruptedException {
        Customer customer = server.chatwoot().customer(phone, "Ana");
        server.chatwoot().connectAgentBot(server.uri("/webhooks/chatwoot/nobody/agent-bot"));
        long conversation = customer.writes(text).conversation();
        if (personAnswers) {
            server.chatwoot().agent().writes(conversation, "Oi, sou o Bruno!");
        }
        server.chatwoot().awaitIdle(Duration.ofSeconds(5));
        return conversation;
    }
}
