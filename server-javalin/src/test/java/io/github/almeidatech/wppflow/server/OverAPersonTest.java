package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Delivery;
import io.github.almeidatech.wppflow.testkit.DeliveryFault;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.HumanAgent;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody is talked over whose words reached Chatwoot, whatever became of their webhooks. Catching up is switched off: what is
 * known without a webhook was seen by the look before a bubble.
 */
class OverAPersonTest {

    private static final String TENANT_KEYS = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String QUESTION = "quanto custa a diária pro meu cachorro?";
    private static final Predicate<SeenRequest> LOOK = SeenRequest.matching("GET", "/conversations/*");
    private static final Predicate<SeenRequest> SAY = SeenRequest.matching("POST", "/messages");

    @TempDir
    private static Path data;

    private static TestServer server;
    private static int nextCustomer = 10;

    private final Customer customer =
            server.chatwoot().customer("+55119900001" + ++nextCustomer, "Cliente " + nextCustomer);
    private final HumanAgent agent = server.chatwoot().agent();

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                data,
                Map.of(
                        TENANT_KEYS + "CHATWOOT__CATCH_UP_EVERY", "PT0S",
                        TENANT_KEYS + "REPLIES__MAX_BUBBLE", "100"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void mend() {
        server.chatwoot().faults().clear();
        server.chatwoot().webhooks().healthy();
    }

    private long answered() throws Exception {
        long conversation = customer.writes("oi").conversation();
        server.awaitReplies(conversation, 1);
        settled();
        return conversation;
    }

    /** Of the conversation's next messages of people and notes, no webhook arrives. */
    private static void lose(long conversation) {
        server.chatwoot()
                .webhooks()
                .next(100, delivery -> isOf(delivery, conversation) && !isCustomers(delivery), DeliveryFault.drop());
    }

    private static boolean isOf(Delivery delivery, long conversation) {
        return delivery.conversation() != null && delivery.conversation() == conversation;
    }

    private static boolean isCustomers(Delivery delivery) {
        Long id = delivery.messageId();
        return id != null
                && server.chatwoot().transcript(delivery.conversation()).stream()
                        .anyMatch(
                                message -> message.id() == id && message.type().equals("incoming"));
    }

    private static void settled() throws InterruptedException {
        assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(10))).isTrue();
        await().untilAsserted(() -> assertThat(server.get("/metrics").response().body())
                .contains("wppflow_queue_depth{queue=\"inbox\"} 0.0", "wppflow_queue_depth{queue=\"outbox\"} 0.0"));
    }

    private static List<ChatMessage> saidByTheBotAfter(ChatMessage word) {
        return server.chatwoot().transcript(word.conversation()).stream()
                .filter(message -> message.id() > word.id())
                .filter(message -> "AgentBot".equals(message.author()) && !message.note())
                .toList();
    }

    private static JsonNode why(ChatMessage message) {
        return server.get("/api/v1/explain?message_id=" + message.id()).data();
    }

    private static List<String> reasonsOf(long conversation, String type) {
        return server.events(conversation, type).stream()
                .map(event -> event.at("/payload/reason").asText())
                .toList();
    }

    /** The customer's question is left to the person, and that is told. */
    private static void assertLeftTo(ChatMessage word, ChatMessage question, String reason) throws Exception {
        long conversation = word.conversation();
        server.awaitEvents(conversation, "command.held_back", 1);
        settled();

        assertThat(saidByTheBotAfter(word)).isEmpty();
        assertThat(reasonsOf(conversation, "command.held_back")).containsOnly(reason);
        JsonNode why = why(question);
        assertThat(why.at("/verdict/code").asText()).isEqualTo("held_back");
        assertThat(why.at("/verdict/reason").asText()).isEqualTo(reason);
    }

    @Test
    void a_person_whose_webhook_is_lost_is_not_talked_over_when_the_customer_writes_again() throws Exception {
        long conversation = answered();
        lose(conversation);
        ChatMessage word = agent.writes(conversation, "Deixa comigo!");
        ChatMessage question = customer.writes(QUESTION);

        assertLeftTo(word, question, "human_agent_message");
        assertThat(why(question).at("/owner/owner").asText()).isEqualTo("human");
        assertThat(why(question).at("/owner/reason").asText()).isEqualTo("human_agent_message");
        assertThat(server.events(conversation, "message.observed"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.at("/payload/message_id").asLong()).isEqualTo(word.id()));
        ChatMessage next = customer.writes("e o gato?");
        server.awaitEvents(conversation, "turn.silenced", 1);
        assertThat(why(next).at("/verdict/code").asText()).isEqualTo("human_owned");
    }

    @Test
    void its_webhook_may_come_late_and_changes_nothing_any_more() throws Exception {
        long conversation = answered();
        server.chatwoot()
                .webhooks()
                .next(
                        1,
                        delivery ->
                                isOf(delivery, conversation) && delivery.event().equals("message_created"),
                        DeliveryFault.delayed(Duration.ofSeconds(3)));
        ChatMessage word = agent.writes(conversation, "Deixa comigo!");
        ChatMessage question = customer.writes(QUESTION);

        assertLeftTo(word, question, "human_agent_message");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(server.chatwoot().webhooks().attempts())
                        .anyMatch(delivery -> Long.valueOf(word.id()).equals(delivery.messageId())
                                && delivery.event().equals("message_created")
                                && delivery.status() == 200));
        assertThat(server.events(conversation, "message.observed")).hasSize(1);
    }

    @Test
    void a_person_who_types_on_the_paired_phone_is_not_talked_over() throws Exception {
        long conversation = answered();
        lose(conversation);
        ChatMessage word = server.chatwoot().typeOnPairedPhone(conversation, "Oi, é a Ana");
        ChatMessage question = customer.writes(QUESTION);

        assertLeftTo(word, question, "human_agent_message");
    }

    @Test
    void nobody_is_announced_to_a_customer_who_is_being_talked_to() throws Exception {
        long conversation = answered();
        lose(conversation);
        ChatMessage word = agent.writes(conversation, "Oi, é a Ana");
        ChatMessage wish = customer.writes("quero falar com uma pessoa");

        server.awaitEvents(conversation, "command.held_back", 1);
        settled();
        assertThat(saidByTheBotAfter(word)).isEmpty();
        assertThat(why(wish).at("/verdict/code").asText()).isEqualTo("handed_off");
        assertThat(why(wish).at("/turns/0/commands").findValuesAsText("reason")).contains("human_agent_message");
    }

    @Test
    void a_person_who_writes_by_the_api_is_not_talked_over() throws Exception {
        long conversation = answered();
        lose(conversation);
        writeByApi(conversation, "{\"content\":\"Oi, é a Ana\"}");
        ChatMessage word = server.chatwoot().transcript(conversation).stream()
                .filter(message -> "User".equals(message.author()))
                .findFirst()
                .orElseThrow();
        ChatMessage question = customer.writes(QUESTION);

        assertLeftTo(word, question, "human_agent_message");
    }

    @Test
    void a_campaign_that_only_its_webhook_tells_from_a_person_does_not_silence_the_bot() throws Exception {
        long conversation = answered();
        writeByApi(conversation, "{\"content\":\"Semana da tosa!\",\"campaign_id\":3}");
        settled();
        assertThat(reasonsOf(conversation, "message.observed")).containsExactly("automation_message");

        customer.writes(QUESTION);

        server.awaitReplies(conversation, 3);
        assertThat(server.events(conversation, "command.held_back")).isEmpty();
        assertThat(server.events(conversation, "ownership.changed")).isEmpty();
    }

    private static void writeByApi(long conversation, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.chatwoot().baseUrl() + "/api/v1/accounts/"
                        + server.chatwoot().accountId() + "/conversations/" + conversation + "/messages"))
                .header("Api-Access-Token", server.chatwoot().userToken())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_lost_command_in_a_note_is_obeyed() throws Exception {
        long conversation = answered();
        lose(conversation);
        ChatMessage word = agent.notes(conversation, "#bot off");
        ChatMessage question = customer.writes(QUESTION);

        assertLeftTo(word, question, "bot_off_command");
        assertThat(why(question).at("/owner/owner").asText()).isEqualTo("paused");
    }

    @Test
    void what_takes_the_conversation_back_counts_though_it_is_lost_as_well() throws Exception {
        long conversation = answered();
        lose(conversation);
        agent.writes(conversation, "Já volto");
        ChatMessage on = agent.notes(conversation, "#bot on");
        customer.writes(QUESTION);
        server.awaitEvents(conversation, "command.held_back", 1); // thought about before that was known
        settled();

        customer.writes(QUESTION);

        assertThat(server.chatwoot()
                        .await(conversation, messages -> !saidByTheBotAfter(on).isEmpty(), Duration.ofSeconds(10)))
                .isTrue();
    }

    @Test
    void an_assignment_lost_together_with_the_word_makes_no_difference() throws Exception {
        long conversation = answered();
        lose(conversation);
        agent.takes(conversation);
        ChatMessage word = agent.writes(conversation, "Deixa comigo!");
        ChatMessage question = customer.writes(QUESTION);

        assertLeftTo(word, question, "human_agent_message");
    }

    @Test
    void a_word_said_between_two_bubbles_ends_them_also_behind_the_customers_next_message() throws Exception {
        server.chatwoot().faults().always(LOOK, Fault.slow(Duration.ofMillis(700)));
        ChatMessage question = customer.writes(QUESTION);
        long conversation = question.conversation();
        server.awaitReplies(conversation, 1);
        lose(conversation);
        ChatMessage word = agent.writes(conversation, "Deixa comigo!");
        customer.writes("oi Ana");

        assertLeftTo(word, question, "human_agent_message");
    }

    @Test
    void a_word_said_while_a_bubble_is_under_way_ends_those_after_it() throws Exception {
        server.chatwoot().faults().next(1, SAY, Fault.slow(Duration.ofMillis(1500)));
        ChatMessage question = customer.writes(QUESTION);
        long conversation = question.conversation();
        await().until(() -> server.chatwoot().requests().stream()
                .anyMatch(request -> SAY.test(request) && request.path().contains("/" + conversation + "/")));
        lose(conversation);
        ChatMessage word = agent.writes(conversation, "Deixa comigo!");

        assertLeftToAfterTheFirst(word, question);
    }

    /** One bubble crossed with the word: nobody can call it back. */
    private static void assertLeftToAfterTheFirst(ChatMessage word, ChatMessage question) throws Exception {
        server.awaitEvents(word.conversation(), "command.held_back", 1);
        settled();

        assertThat(saidByTheBotAfter(word)).hasSizeLessThanOrEqualTo(1);
        assertThat(reasonsOf(word.conversation(), "command.held_back")).containsOnly("human_agent_message");
        assertThat(why(question).at("/owner/owner").asText()).isEqualTo("human");
    }

    @Test
    void a_word_whose_webhook_comes_between_the_claim_and_the_look_is_not_talked_over() throws Exception {
        long conversation = answered();
        long looks = looksAt(conversation);
        server.chatwoot()
                .faults()
                .next(
                        1,
                        request -> LOOK.test(request) && isAt(request, conversation),
                        Fault.slow(Duration.ofSeconds(2)));
        ChatMessage question = customer.writes(QUESTION);
        await().until(() -> looksAt(conversation) > looks);
        ChatMessage word = agent.writes(conversation, "Deixa comigo!");
        customer.writes("oi Ana");
        server.awaitEvents(conversation, "message.observed", 1);

        assertLeftTo(word, question, "human_agent_message");
    }

    private static long looksAt(long conversation) {
        return server.chatwoot().requests().stream()
                .filter(request -> LOOK.test(request) && isAt(request, conversation))
                .count();
    }

    private static boolean isAt(SeenRequest request, long conversation) {
        return request.path().endsWith("/conversations/" + conversation);
    }

    @Test
    void another_systems_plan_is_not_said_over_a_person_either() throws Exception {
        long conversation = answered();
        lose(conversation);
        ChatMessage word = agent.writes(conversation, "Deixa comigo!");
        customer.writes("obrigado!");
        settled();

        for (int call = 1; call <= 2; call++) {
            JsonNode outcome = server.post(
                            "/api/v1/chatwoot/sync",
                            "{\"conversation_id\":" + conversation + ",\"idempotency_key\":\"pedido-" + call
                                    + "\",\"execution_plan\":{\"messages\":[{\"content\":\"Pedido pronto\"}]}}")
                    .data();
            assertThat(outcome.path("messages_sent").asInt()).isZero();
            assertThat(outcome.at("/errors/0/reason").asText()).isEqualTo("human_agent_message");
        }
        assertThat(saidByTheBotAfter(word)).isEmpty();
    }
}
