package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Delivery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that Chatwoot took and WhatsApp then did not deliver. */
class FailedMessagesTest {

    private static final String ERROR = "131047: Re-engagement message";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static int nextCustomer = 10;

    private final Customer customer =
            server.chatwoot().customer("+55219911000" + ++nextCustomer, "Cliente " + nextCustomer);

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void the_example_of_the_docs_gives_the_conversation_to_a_person_once_however_often_it_is_told() throws Exception {
        put("undelivered", exampleOfTheDocs().toString());
        ChatMessage answer = answer();
        long conversation = answer.conversation();
        double failedBefore = failedSoFar();

        server.chatwoot().failDelivery(answer.id(), ERROR);

        await().untilAsserted(() -> {
            assertThat(server.chatwoot().conversation(conversation).status()).isEqualTo("open");
            assertThat(server.chatwoot().conversation(conversation).labels()).contains("nao-entregue");
            assertThat(server.chatwoot().notesIn(conversation))
                    .containsExactly("O WhatsApp não entregou a mensagem " + answer.id() + ": " + ERROR);
        });
        assertThat(server.chatwoot().webhooks().redeliver(failureOf(answer))).isEqualTo(200);
        server.chatwoot().agent().returnsToBot(conversation);
        server.awaitEvents(conversation, "ownership.changed", 2);
        assertThat(server.chatwoot().webhooks().redeliver(failureOf(answer))).isEqualTo(200);

        JsonNode failed = only(server.events(conversation, "message.failed"));
        assertThat(failed.path("source").asText()).isEqualTo("system");
        assertThat(failed.path("payload").toString())
                .isEqualTo("{\"event\":\"message_updated\",\"reason\":\"delivery_failed\",\"message_id\":" + answer.id()
                        + ",\"type\":\"text\",\"code\":\"131047\",\"error\":\"" + ERROR + "\"}");
        JsonNode turn = only(server.events(conversation, "turn.completed"));
        assertThat(failed.path("cause_id").asText())
                .isEqualTo(turn.path("cause_id").asText());
        JsonNode fired = only(server.events(conversation, "policy.fired"));
        assertThat(fired.path("cause_id").asText()).isEqualTo(failed.path("id").asText());
        assertThat(server.chatwoot().notesIn(conversation)).hasSize(1);
        assertThat(failedSoFar()).isEqualTo(failedBefore + 1);
        server.delete("/api/v1/policies/undelivered", "");
    }

    @Test
    void it_is_explained() throws Exception {
        ChatMessage answer = answer();
        server.chatwoot().failDelivery(answer.id(), ERROR);
        server.awaitEvents(answer.conversation(), "message.failed", 1);

        JsonNode why = server.get("/api/v1/explain?conversation_id=" + answer.conversation())
                .data();

        assertThat(why.at("/verdict/code").asText()).isEqualTo("undelivered");
        assertThat(why.at("/verdict/reason").asText()).isEqualTo(ERROR);
        assertThat(why.path("timeline").toString())
                .contains("O WhatsApp não entregou a mensagem " + answer.id() + " do robô: " + ERROR);
    }

    @Test
    void whose_number_it_was_is_not_told() throws Exception {
        ChatMessage answer = answer();

        server.chatwoot().failDelivery(answer.id(), "(#131030) Recipient +5521991100010 not in allowed list");

        JsonNode failed = only(server.awaitEvents(answer.conversation(), "message.failed", 1));
        assertThat(failed.at("/payload/error").asText()).isEqualTo("(#131030) Recipient *** not in allowed list");
        assertThat(failed.at("/payload/code").asText()).isEqualTo("131030");
    }

    /** Otherwise each refused apology would be followed by the next. */
    @Test
    void no_policy_answers_the_failure_of_what_it_said_itself() throws Exception {
        put("sorry", "{\"event\":\"message.failed\",\"then\":[{\"send_message\":\"Desculpe!\"}]}");
        ChatMessage answer = answer();
        server.chatwoot().failDelivery(answer.id(), ERROR);
        server.awaitReplies(answer.conversation(), 2);
        server.awaitEvents(answer.conversation(), "command.done", 2);

        server.chatwoot().failDelivery(lastOf(answer.conversation()).id(), ERROR);

        List<JsonNode> stopped = server.awaitEvents(answer.conversation(), "policy.stopped", 1);
        assertThat(stopped)
                .extracting(event -> event.at("/payload/outcome").asText())
                .containsExactly("stopped_loop");
        server.delete("/api/v1/policies/sorry", "");
    }

    /** Chatwoot before 4.9 gives our key back to nobody. */
    @Test
    void without_a_key_the_messages_of_bots_count_and_those_of_people_do_not() throws Exception {
        ChatMessage answer = answer();
        server.awaitEvents(answer.conversation(), "command.done", 1);
        ObjectNode update = (ObjectNode) updateOf(answer).json();
        update.set("content_attributes", update.objectNode().put("external_error", ERROR));
        ObjectNode persons = update.deepCopy();
        persons.put("id", answer.id() + 1_000_000)
                .set("sender", update.objectNode().put("id", 6).put("type", "user"));

        assertThat(server.deliver(persons.toString()).status()).isEqualTo(200);
        assertThat(server.deliver(update.toString()).status()).isEqualTo(200);

        JsonNode failed = only(server.events(answer.conversation(), "message.failed"));
        assertThat(failed.at("/payload/message_id").asLong()).isEqualTo(answer.id());
        assertThat(failed.path("cause_id").asText())
                .isEqualTo(only(server.events(answer.conversation(), "turn.completed"))
                        .path("cause_id")
                        .asText());
    }

    private static void put(String id, String policy) {
        assertThat(server.put("/api/v1/policies/" + id, "{\"policy\":" + policy + "}")
                        .status())
                .isEqualTo(200);
    }

    private ChatMessage answer() throws InterruptedException {
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();
        server.awaitReplies(conversation, 1);
        server.chatwoot().awaitIdle(Duration.ofSeconds(30));
        return lastOf(conversation);
    }

    private static ChatMessage lastOf(long conversation) {
        return server.chatwoot().transcript(conversation).stream()
                .filter(message -> "AgentBot".equals(message.author()) && !message.note())
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static Delivery updateOf(ChatMessage message) {
        return server.chatwoot().webhooks().attempts().stream()
                .filter(each -> each.event().equals("message_updated"))
                .filter(each -> each.messageId() != null && each.messageId() == message.id())
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static Delivery failureOf(ChatMessage message) {
        Delivery update = updateOf(message);
        assertThat(update.json().at("/content_attributes/external_error").asText())
                .isEqualTo(ERROR);
        return update;
    }

    private static double failedSoFar() {
        return server.get("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith("wppflow_messages_failed_total{tenant=\"pet-hotel\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private static JsonNode only(List<JsonNode> events) {
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private static JsonNode exampleOfTheDocs() throws Exception {
        String page = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/policies.md"));
        var example = Pattern.compile("(?s)### When WhatsApp does not deliver.*?```yaml\n([^`]*)```")
                .matcher(page);
        assertThat(example.find()).isTrue();
        return new YAMLMapper().readTree(example.group(1)).get(0);
    }
}
