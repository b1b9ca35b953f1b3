package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Why did the bot (not) answer?", asked of a server that has just talked with customers. */
class ExplainCommandTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static CommandLineOf cli;
    private static int nextCustomer = 10;

    private final Customer customer =
            server.chatwoot().customer("+55119900000" + ++nextCustomer, "Cliente " + nextCustomer);

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
        cli = new CommandLineOf(server, data.resolve("api-token"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void an_answer_is_explained_with_its_evidence_its_passages_and_what_was_done() throws Exception {
        ChatMessage question = customer.writes("quanto custa a diária do gato?");
        server.awaitReplies(question.conversation(), 1);
        server.awaitEvents(question.conversation(), "command.done", 1);

        JsonNode why = cli.json("explain", "--message", "" + question.id());

        assertThat(why.path("conversation_id").asLong()).isEqualTo(question.conversation());
        assertThat(why.at("/verdict/code").asText()).isEqualTo("answered");
        assertThat(why.at("/verdict/reason").asText()).isEqualTo("knowledge");
        JsonNode turn = why.at("/turns/0");
        assertThat(turn.path("message_ids").get(0).asLong()).isEqualTo(question.id());
        assertThat(turn.path("intent").asText()).isEqualTo("sales");
        assertThat(turn.path("evidence")).isNotEmpty();
        assertThat(turn.at("/commands/0/state").asText()).isEqualTo("done");
        assertThat(why.at("/timeline/0/event_type").asText()).isEqualTo("message.received");
        assertThat(why.path("complete").asBoolean()).isTrue();
        assertThat(why.at("/owner/owner").asText()).isEqualTo("bot");

        assertThat(cli.run("explain", "--conversation", "" + question.conversation()))
                .isZero();
        assertThat(cli.out()).contains("send_message", "answered knowledge", "evidence");
    }

    @Test
    void a_silence_because_of_a_person_is_told_in_one_sentence_of_the_callers_language() throws Exception {
        long conversation = customer.writes("quero falar com uma pessoa").conversation();
        server.awaitReplies(conversation, 1);
        server.chatwoot().agent().writes(conversation, "Oi, sou a Ana!");
        server.awaitEvents(conversation, "message.observed", 1);
        ChatMessage unanswered = customer.writes("quanto custa?");
        server.awaitEvents(conversation, "turn.silenced", 1);

        assertThat(sentence("conversation_id=" + conversation, "en"))
                .startsWith("The bot kept silent at ")
                .contains("because the conversation is a person's");
        assertThat(sentence("conversation_id=" + conversation, "pt-BR"))
                .startsWith("O robô ficou em silêncio em ")
                .contains("a conversa é de uma pessoa");
        assertThat(sentence("message_id=" + unanswered.id(), "es")).startsWith("El bot guardó silencio");
        JsonNode why = cli.json("explain", "--conversation", "" + conversation, "--message", "" + unanswered.id());
        assertThat(why.at("/verdict/code").asText()).isEqualTo("human_owned");
        assertThat(why.at("/owner/owner").asText()).isEqualTo("human");
        assertThat(why.at("/timeline").findValuesAsText("event_type"))
                .startsWith("ownership.changed")
                .contains("message.received", "turn.silenced")
                .doesNotContain("turn.completed");
    }

    @Test
    void what_our_own_handoff_has_done_to_the_conversation_is_told_as_ours() throws Exception {
        long conversation = customer.writes("quero falar com uma pessoa").conversation();
        server.awaitReplies(conversation, 1);
        assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(20))).isTrue();
        customer.writes("alguém aí?");
        server.awaitEvents(conversation, "turn.silenced", 1);

        cli.run("explain", "--conversation", "" + conversation);

        assertThat(cli.out()).contains("the bot called them at ", "because the customer asked for a person");
        assertThat(server.events(conversation, "turn.silenced"))
                .extracting(event -> event.at("/payload/reason").asText())
                .containsExactly("handoff");
    }

    @Test
    void an_ignored_message_says_why() throws Exception {
        long conversation = customer.writes("obrigado!").conversation();
        server.awaitEvents(conversation, "turn.completed", 1);

        assertThat(sentence("conversation_id=" + conversation, "en")).contains("on purpose", "only thanks");
    }

    @Test
    void what_else_was_delivered_is_counted_with_its_reason() throws Exception {
        long conversation = customer.writes("quanto custa a diária do gato?").conversation();
        server.awaitReplies(conversation, 1);
        server.awaitEvents(conversation, "command.done", 1);
        assertThat(server.chatwoot().awaitIdle(Duration.ofSeconds(20))).isTrue();
        String remark = """
                {"event":"message_created","id":990001,"content":"Conversa marcada","message_type":"activity","created_at":1795622545,
                 "account":{"id":1},"inbox":{"id":1},"conversation":{"id":%d,"inbox_id":1,"status":"pending","channel":"Channel::Whatsapp"}}""".formatted(conversation);
        assertThat(server.deliver(remark).status()).isEqualTo(200);
        assertThat(server.deliver(remark).status()).isEqualTo(200);

        JsonNode why = cli.json("explain", "--conversation", "" + conversation);

        assertThat(why.path("ignored")).anySatisfy(activity -> {
            assertThat(activity.path("reason").asText()).isEqualTo("activity_message");
            assertThat(activity.path("deliveries").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(activity.path("last_message_id").asLong()).isEqualTo(990001);
        });
        assertThat(why.path("ignored").findValuesAsText("reason")).contains("own_bot_message");
        cli.run("explain", "--conversation", "" + conversation);
        assertThat(cli.out()).containsAnyOf("ignorado: ", "ignored: ");
    }

    @Test
    void policies_that_followed_from_a_turn_are_told_with_time_and_with_what_came_of_their_commands() throws Exception {
        policy(
                "pergunta",
                "{'event':'turn.completed','then':[{'emit_event':{'type':'price.asked','payload':{'a':1}}}]}");
        policy("marca", "{'event':'price.asked','then':[{'labels':{'add':['preco']}}]}");
        ChatMessage question = customer.writes("quanto custa a diária do gato?");
        server.awaitReplies(question.conversation(), 1);
        String[] message = {"explain", "--message", "" + question.id()};
        await().untilAsserted(() -> assertThat(cli.json(message)
                        .at("/turns/0/policies/1/results/0/state")
                        .asText())
                .isEqualTo("done"));
        server.delete("/api/v1/policies/pergunta", "");
        server.delete("/api/v1/policies/marca", "");

        JsonNode why = cli.json(message);

        assertThat(why.at("/turns/0/policies").findValuesAsText("policy")).containsExactly("pergunta", "marca");
        JsonNode chained = why.at("/turns/0/policies/1");
        assertThat(chained.path("at").asLong()).isPositive();
        assertThat(chained.at("/results/0/command").asText()).isEqualTo("change_labels");
        assertThat(why.path("timeline"))
                .filteredOn(event -> event.path("event_type").asText().equals("command.done")
                        && event.path("policy").asText().equals("marca"))
                .singleElement()
                .satisfies(event -> assertThat(event.path("sentence").asText()).endsWith(" marca)"));
        cli.run(message);
        assertThat(cli.out())
                .containsPattern("  policy +marca  fired  \\d+")
                .containsPattern("    done +change_labels  \\d+");
    }

    private static void policy(String id, String policy) {
        assertThat(server.put("/api/v1/policies/" + id, "{\"policy\":" + policy.replace('\'', '"') + "}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void what_is_not_known_is_said_so() throws Exception {
        assertThat(cli.run("explain", "--conversation", "4711")).isZero();
        assertThat(cli.out()).containsAnyOf("webhook");
        assertThat(cli.run("explain", "--message", "4711")).isEqualTo(1);
        assertThat(cli.err()).contains("ERR_NOT_FOUND", "there is no message ", "erased");
        assertThat(cli.run("explain", "--message", "4711", "--conversation", "4711"))
                .isEqualTo(1);
        assertThat(cli.run("explain")).isEqualTo(2);
        assertThat(server.get("/api/v1/explain").errorCode()).isEqualTo("ERR_MISSING_FIELD");
    }

    @Test
    void an_erased_conversation_is_not_blamed_on_the_webhook() throws Exception {
        Customer leaving = server.chatwoot().customer("+5511988887777", "Cliente Exemplo");
        long conversation = leaving.writes("quanto custa a diária do gato?").conversation();
        server.awaitReplies(conversation, 1);
        server.awaitEvents(conversation, "command.done", 1);
        assertThat(cli.run("lgpd", "erase", "--phone", "+5511988887777", "--yes"))
                .isZero();

        assertThat(cli.json("explain", "--conversation", "" + conversation)
                        .at("/verdict/code")
                        .asText())
                .isEqualTo("history_cut");
        assertThat(sentence("conversation_id=" + conversation, "en"))
                .contains("erased")
                .doesNotContain("webhook");
    }

    @Test
    void a_long_conversation_is_explained_from_its_end() throws Exception {
        long conversation = customer.writes("quanto custa a diária do gato?").conversation();
        server.awaitReplies(conversation, 1);
        server.awaitEvents(conversation, "command.done", 1);

        assertThat(cli.run("explain", "--conversation", "" + conversation, "--limit", "1"))
                .isZero();

        assertThat(cli.out()).contains("…\n");
    }

    private static String sentence(String query, String language) throws Exception {
        return server.send(HttpRequest.newBuilder(server.uri("/api/v1/explain?" + query))
                        .header(
                                "Authorization",
                                "Bearer "
                                        + Files.readString(data.resolve("api-token"))
                                                .strip())
                        .header("Accept-Language", language)
                        .GET())
                .data()
                .path("sentence")
                .asText();
    }
}
