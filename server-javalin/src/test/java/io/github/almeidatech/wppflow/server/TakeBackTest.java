package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations that Chatwoot opened because our webhook failed. */
class TakeBackTest {

    private static final Predicate<SeenRequest> CATCHING_UP = SeenRequest.matching("GET", "/conversations");

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
        server.chatwoot().faults().always(CATCHING_UP, Fault.status(404));
        Customer customer = strange("+5531990000502");
        long conversation = customer.writes("quais vacinas?").conversation();
        awaitOpened(conversation);
        server.chatwoot().agent().writes(conversation, "Oi, sou o Bruno!");
        server.chatwoot().faults().clear();

        assertLeftToThem(conversation, 1);
    }

    @Test
    void where_a_person_has_spoken_before_chatwoot_opened_it_it_is_left_to_them_too() throws Exception {
        Customer customer = strange("+5531990000503");
        server.chatwoot().webhooks().hold();
        long conversation = customer.writes("quais vacinas?").conversation();
        server.chatwoot().agent().writes(conversation, "Oi, sou o Bruno!");
        server.chatwoot().webhooks().release();
        awaitOpened(conversation);
        customer.writes("alguém?");

        assertLeftToThem(conversation, 2);
    }

    /** Catch-up has found all that the customer wrote, and has left it where it is. */
    private static void assertLeftToThem(long conversation, int messages) throws Exception {
        server.awaitEvents(conversation, "turn.silenced", messages);
        assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(10))).isTrue();

        assertThat(server.events(conversation, "conversation.taken_back")).isEmpty();
        assertThat(server.chatwoot().messagesIn(conversation)).containsExactly("Oi, sou o Bruno!");
        assertThat(server.chatwoot().conversation(conversation).status()).isEqualTo("open");
    }

    private static long missed(String phone, String text) {
        return strange(phone).writes(text).conversation();
    }

    /** The bot's webhook leads nowhere from now on. */
    private static Customer strange(String phone) {
        Customer customer = server.chatwoot().customer(phone, "Ana");
        server.chatwoot().connectAgentBot(URI.create("http://127.0.0.1:1/nobody"));
        return customer;
    }

    private static void awaitOpened(long conversation) {
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        server.chatwoot().conversation(conversation).status().equals("open"));
    }
}
