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

/** What a customer and the business's people see, through real webhooks and a simulated Chatwoot. */
class ConversationTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static int nextCustomer = 10;

    private final Customer customer =
            server.chatwoot().customer("+55119900000" + ++nextCustomer, "Cliente " + nextCustomer);

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_price_question_is_answered_with_its_source() throws Exception {
        long conversation =
                customer.writes("oi, quanto custa a diária pro meu cachorro?").conversation();

        server.awaitReplies(conversation, 1);

        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("R$", "Fonte");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).labels())
                .anyMatch(label -> label.startsWith("intencao_")));
    }

    @Test
    void three_quick_messages_get_one_answer() throws Exception {
        long conversation = customer.writes("oi").conversation();
        customer.writes("tudo bem?");
        customer.writes("quais vacinas o cachorro precisa ter?");

        server.awaitReplies(conversation, 1);
        settled();

        assertThat(server.chatwoot().messagesIn(conversation))
                .singleElement()
                .asString()
                .contains("antirrábica");
    }

    @Test
    void who_asks_for_a_person_gets_one_and_the_bot_is_silent_while_they_talk() throws Exception {
        long conversation = customer.writes("quero falar com uma pessoa").conversation();
        server.awaitReplies(conversation, 1);
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).status())
                .isEqualTo("open"));
        assertThat(server.chatwoot().conversation(conversation).labels()).contains("humano");
        assertThat(server.chatwoot().conversation(conversation).team()).isEqualTo("recepcao");
        assertThat(server.chatwoot().notesIn(conversation))
                .singleElement()
                .asString()
                .contains("customer_asked");

        server.chatwoot().agent().writes(conversation, "Oi, sou a Ana, como posso ajudar?");
        customer.writes("quanto custa a diária?");
        settled();

        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().startsWith("Oi, sou a Ana");
        assertThat(reasons(conversation)).contains("human_owned");
    }

    @Test
    void a_person_who_writes_silences_the_bot_and_giving_it_back_wakes_it() throws Exception {
        long conversation = customer.writes("quanto custa a diária do gato?").conversation();
        server.awaitReplies(conversation, 1);
        server.chatwoot().agent().writes(conversation, "Já te explico!");
        settled();
        customer.writes("e quais vacinas?");
        settled();
        assertThat(server.chatwoot().messagesIn(conversation)).last().isEqualTo("Já te explico!");

        server.chatwoot().agent().opens(conversation);
        server.chatwoot().agent().returnsToBot(conversation);
        settled();
        customer.writes("quanto custa a diária de cachorro?");

        server.awaitReplies(conversation, 2);
        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("R$ 85");
    }

    @Test
    void who_wants_no_more_messages_or_wants_them_again_is_heard_also_while_a_person_talks_and_the_bot_says_nothing()
            throws Exception {
        long conversation = customer.writes("quanto custa a diária do gato?").conversation();
        server.awaitReplies(conversation, 1);
        server.chatwoot().agent().writes(conversation, "Já te explico!");
        settled();

        customer.writes("parem de me mandar mensagens");

        var out = server.awaitEvents(conversation, "contact.opted_out", 1).get(0);
        assertThat(out.path("source").asText()).isEqualTo("customer");
        await().untilAsserted(() -> assertThat(optedOut()).isTrue());
        customer.writes("voltar");
        server.awaitEvents(conversation, "contact.opted_in", 1);
        await().untilAsserted(() -> assertThat(optedOut()).isFalse());
        assertThat(server.chatwoot().messagesIn(conversation)).last().isEqualTo("Já te explico!");
    }

    private boolean optedOut() {
        return server.get("/api/v1/contacts/pet-hotel/%2B55119900000" + nextCustomer)
                .data()
                .path("opted_out")
                .asBoolean();
    }

    @Test
    void a_voice_note_nobody_can_hear_is_asked_for_in_writing() throws Exception {
        long conversation =
                customer.sendsVoiceNote(new byte[] {'O', 'g', 'g', 'S'}).conversation();

        server.awaitReplies(conversation, 1);

        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("Pode me escrever");
    }

    @Test
    void a_message_whose_webhook_was_lost_is_found_and_answered() throws Exception {
        server.chatwoot().webhooks().hold();
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();

        server.awaitReplies(conversation, 1);
        server.chatwoot().webhooks().release();
        settled();

        assertThat(server.chatwoot().messagesIn(conversation)).hasSize(1);
    }

    private static void settled() throws InterruptedException {
        assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(10))).isTrue();
        await().untilAsserted(() -> assertThat(server.get("/metrics").response().body())
                .contains("wppflow_queue_depth{queue=\"inbox\"} 0.0", "wppflow_queue_depth{queue=\"outbox\"} 0.0"));
    }

    private static Iterable<String> reasons(long conversation) {
        return server.get("/api/v1/events?conversation_id=" + conversation)
                .data()
                .findValuesAsText("reason");
    }
}
