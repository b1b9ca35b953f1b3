package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Chatwoot refused for good, and what a person decides about it. */
class DlqCommandTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static CommandLineOf cli;
    private static int nextCustomer = 10;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
        cli = new CommandLineOf(server, data.resolve("api-token"));
    }

    @AfterEach
    void well() {
        server.chatwoot().faults().clear();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void what_was_given_up_is_listed_shown_and_tried_again_and_the_customer_sees_it_once() throws Exception {
        long conversation = refused("quanto custa a diária do gato?");
        String id = letterOf(conversation);

        assertThat(cli.run("dlq", "list")).isZero();
        assertThat(cli.out()).contains(id + "  conversation " + conversation + "  send_message  ");
        JsonNode shown = cli.json("dlq", "show", id);
        assertThat(shown.at("/content/text").asText()).contains("R$ 75");
        assertThat(shown.at("/content/purpose").asText()).isEqualTo("ANSWER");
        assertThat(shown.path("answered_meanwhile").asBoolean()).isFalse();
        assertThat(cli.run("dlq", "show", id)).isZero();
        assertThat(cli.out()).contains("nothing was said to the customer since then");

        server.chatwoot().faults().clear();
        assertThat(cli.run("dlq", "retry", id)).isZero();

        server.awaitReplies(conversation, 1);
        assertThat(cli.run("dlq", "show", id)).isEqualTo(1);
        assertThat(cli.err()).contains("ERR_NOT_FOUND: there is no dead letter ", "'wppflow dlq list'");
        assertThat(server.chatwoot().messagesIn(conversation)).hasSize(1);
        JsonNode noted =
                server.events(conversation, "operator.dead_letter_retried").get(0);
        assertThat(noted.at("/payload/by").asText()).isEqualTo("environment");
        assertThat(noted.path("source").asText()).isEqualTo("person");
        assertThat(noted.at("/payload/dead_letter").asText()).isEqualTo(id);
    }

    @Test
    void when_a_person_has_answered_meanwhile_it_is_asked_for_once_more() throws Exception {
        long conversation = refused("quais vacinas o gato precisa ter?");
        String id = letterOf(conversation);
        server.chatwoot().faults().clear();
        server.chatwoot().agent().writes(conversation, "Oi! São a V4 e a antirrábica.");
        server.awaitEvents(conversation, "message.observed", 1);

        assertThat(cli.run("dlq", "show", id)).isZero();
        assertThat(cli.out()).contains("answered meanwhile by a person");
        assertThat(cli.run("dlq", "retry", id)).isEqualTo(1);
        assertThat(cli.err()).contains("ERR_CONFLICT", "confirm: answered_meanwhile");

        assertThat(cli.run("dlq", "retry", id, "--yes")).isZero();
        server.awaitEvents(conversation, "command.held_back", 1);
        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("V4");
    }

    @Test
    void what_is_discarded_is_gone() throws Exception {
        long conversation = refused("quanto custa a diária do cachorro?");
        String id = letterOf(conversation);

        assertThat(cli.run("dlq", "discard", id)).isZero();

        assertThat(cli.run("dlq", "retry", id)).isEqualTo(1);
        assertThat(cli.run("dlq", "discard", id)).isEqualTo(1);
        assertThat(server.events(conversation, "operator.dead_letter_discarded"))
                .hasSize(1);
        assertThat(server.events(conversation, "command.discarded")).hasSize(1);
    }

    @Test
    void long_lists_come_in_pages_and_wrong_calls_are_told() throws Exception {
        letterOf(refused("aceitam gato?"));
        letterOf(refused("aceitam coelho?"));

        JsonNode first = cli.json("dlq", "list", "--limit", "1");
        String cursor = first.path("next_cursor").asText();
        assertThat(cli.run("dlq", "list", "--limit", "1")).isZero();
        assertThat(cli.out()).contains("more with --cursor " + cursor);
        JsonNode second = cli.json("dlq", "list", "--limit", "1", "--cursor", cursor);

        assertThat(second.at("/dead_letters/0/id").asLong())
                .isGreaterThan(first.at("/dead_letters/0/id").asLong());
        assertThat(cli.run("dlq", "list", "--cursor", "999999")).isZero();
        assertThat(cli.out()).isEqualTo("no dead letters\n");
        assertThat(cli.run("dlq", "list", "--limit", "0")).isEqualTo(2);
        assertThat(cli.err()).contains("limit: 1 to 1000 wanted");
        assertThat(server.get("/api/v1/dead-letters?limit=many").errorCode()).isEqualTo("ERR_VALIDATION");
        assertThat(cli.run("dlq")).isEqualTo(2);
        assertThat(server.get("/api/v1/dead-letters/x").status()).isEqualTo(404);
    }

    /** A conversation whose answer Chatwoot refuses. */
    private static long refused(String question) {
        server.chatwoot().faults().always(DlqCommandTest::isReply, Fault.status(422));
        return server.chatwoot()
                .customer("+55119900000" + ++nextCustomer, "Cliente " + nextCustomer)
                .writes(question)
                .conversation();
    }

    private static boolean isReply(SeenRequest request) {
        return request.method().equals("POST") && request.path().endsWith("/messages");
    }

    private static String letterOf(long conversation) {
        await().until(() -> letters(conversation).size() == 1);
        return letters(conversation).get(0).path("id").asText();
    }

    private static List<JsonNode> letters(long conversation) {
        return server.get("/api/v1/dead-letters").data().path("dead_letters").findParents("id").stream()
                .filter(letter -> letter.path("conversation_id").asLong() == conversation)
                .toList();
    }
}
