package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that policies, workflows and other systems send, from where the tenant keeps them to the customer's chat. */
class FilesToCustomersTest {

    private static final String KEYS = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String WEBHOOK = KEYS + "OUTGOING_WEBHOOKS__RESERVAS__";

    @TempDir
    private static Path data;

    private static SimulatedN8n n8n;
    private static HttpServer files;
    private static HttpServer elsewhere;
    private static TestServer server;
    private static final AtomicBoolean ONCE = new AtomicBoolean();
    private static int nextCustomer = 10;

    private Customer customer;

    @BeforeAll
    static void start() throws Exception {
        n8n = new SimulatedN8n();
        files = fileServer();
        elsewhere = fileServer();
        var settings = new HashMap<String, String>();
        settings.put(KEYS + "CHATWOOT__FILE_ORIGINS", "[\"" + origin(files) + "\"]");
        settings.put(WEBHOOK + "URL", n8n.url());
        settings.put(WEBHOOK + "SECRET", "a secret of twenty-four or more");
        settings.put(WEBHOOK + "ALLOW_PRIVATE_NETWORK", "true");
        settings.put(KEYS + "ROUTING__INTENTS__SALES__WORKFLOW", "reservas");
        server = TestServer.start(data, settings);
    }

    @AfterAll
    static void stop() {
        server.close();
        n8n.close();
        files.stop(0);
        elsewhere.stop(0);
    }

    @BeforeEach
    void aNewCustomer() {
        customer = server.chatwoot().customer("+55119900200" + ++nextCustomer, "Cliente " + nextCustomer);
        n8n.answers(200, SimulatedN8n.STARTED);
    }

    @Test
    void a_policy_sends_a_file_about_an_event() {
        long conversation = known();
        policy(
                "boleto",
                "{'event':'boleto.ready','then':[{'send_attachment':{'url':'" + origin(files)
                        + "/boletos/{{id}}.pdf','caption':'Seu boleto, **{{contact.first_name}}**'}},{'labels':{'add':['boleto']}}]}");

        event(conversation, "boleto.ready", "{'id':'mês 9'}");

        ChatMessage sent = awaitFile(conversation);
        assertThat(sent.files()).containsExactly("mês 9.pdf");
        assertThat(sent.text()).isEqualTo("Seu boleto, **Cliente**");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).labels())
                .contains("boleto"));
    }

    @Test
    void a_policy_whose_file_may_not_be_fetched_leaves_a_dead_letter_with_its_reason_and_the_rest_goes_on() {
        long conversation = known();
        policy(
                "desvio",
                "{'event':'file.moved','then':[{'send_attachment':'" + origin(files)
                        + "/moved.pdf'},{'send_attachment':'" + origin(files)
                        + "/page.html'},{'send_message':'Chegou?'}]}");

        event(conversation, "file.moved", "{}");

        assertThat(server.awaitEvents(conversation, "command.dead_lettered", 2))
                .extracting(dead -> dead.at("/payload/command").asText() + " "
                        + dead.at("/payload/reason").asText())
                .containsExactlyInAnyOrder(
                        "send_attachment file_forbidden_address", "send_attachment file_unsupported_type");
        await().untilAsserted(() ->
                assertThat(server.chatwoot().messagesIn(conversation)).contains("Chegou?"));
    }

    @Test
    void a_policy_with_a_file_from_elsewhere_is_refused_at_its_place() {
        for (String url : List.of(
                origin(elsewhere) + "/tabela.pdf",
                origin(elsewhere) + "/{{id}}.pdf",
                "{{link | " + origin(elsewhere) + "/tabela.pdf}}")) {
            Answer answer = server.put(
                    "/api/v1/policies/alheio",
                    "{\"policy\":"
                            + json("{'event':'a.b','then':[{'send_message':'Oi'},{'send_attachment':'" + url + "'}]}")
                            + "}");

            assertThat(answer.status()).as(url).isEqualTo(400);
            assertThat(answer.body().at("/error/details/field").asText())
                    .isEqualTo("policy.then[1].send_attachment.url");
            assertThat(answer.body().at("/error/details/fields/0/problem").asText())
                    .contains("file_origins");
        }
        assertThat(server.get("/api/v1/policies/alheio").status()).isEqualTo(404);
    }

    @Test
    void a_rehearsal_with_a_file_from_elsewhere_is_refused_at_its_place() {
        Answer answer = server.post(
                "/api/v1/policies/dry-run",
                json("{'policies':[{'id':'a','event':'a.b','then':[{'send_attachment':'" + origin(elsewhere)
                        + "/a.pdf'}]}]}"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/error/details/field").asText())
                .isEqualTo("policies[0].then[0].send_attachment.url");
    }

    @Test
    void an_address_that_an_event_brings_is_judged_then_and_the_rest_of_the_message_goes_out() {
        long conversation = known();
        policy(
                "link",
                "{'event':'link.ready','then':[{'send_attachment':{'url':'{{link}}','caption':'Seu recibo'}},"
                        + "{'send_message':'Chegou?'}]}");

        event(conversation, "link.ready", "{'link':'" + origin(elsewhere) + "/recibo.pdf'}");

        await().untilAsserted(() ->
                assertThat(server.chatwoot().messagesIn(conversation)).contains("Seu recibo", "Chegou?"));
        assertThat(server.awaitEvents(conversation, "policy.fired", 1))
                .last()
                .satisfies(fired -> assertThat(fired.at("/payload/skipped/0").asText())
                        .isEqualTo("send_attachment: file_forbidden_address"));
    }

    @Test
    void an_execution_plan_sends_files_in_their_place() {
        long conversation = known();

        Answer answer = sync(
                conversation,
                "{'messages':['Segue:',{'attachment':'" + origin(files) + "/tabela.pdf','content':'A tabela'}]}");

        assertThat(answer.data().path("messages_sent").asInt()).isEqualTo(2);
        assertThat(answer.data().path("errors")).isEmpty();
        assertThat(awaitFile(conversation).text()).isEqualTo("A tabela");
    }

    @Test
    void an_execution_plan_with_a_file_from_elsewhere_is_refused_at_its_place() {
        long conversation = known();
        for (String url : List.of(
                origin(elsewhere) + "/tabela.pdf",
                "file:///etc/passwd",
                "http://169.254.169.254/latest/meta-data",
                origin(files).replace("://", "://user@") + "/tabela.pdf")) {
            Answer answer = sync(conversation, "{'messages':['Segue:',{'attachment':'" + url + "'}]}");

            assertThat(answer.status()).as(url).isEqualTo(400);
            assertThat(answer.body().at("/error/details/field").asText())
                    .isEqualTo("execution_plan.messages[1].attachment");
        }
        assertThat(server.chatwoot().messagesIn(conversation)).doesNotContain("Segue:");
    }

    @Test
    void a_file_is_not_sent_over_a_person_nor_to_who_opted_out() {
        long taken = known();
        server.chatwoot().agent().writes(taken, "Oi, sou a Ana");
        String plan = "{'messages':[{'attachment':'" + origin(files) + "/tabela.pdf'}]}";

        assertThat(sync(taken, plan).data().at("/errors/0/reason").asText()).isEqualTo("human_agent_message");

        Customer who = server.chatwoot().customer("+55119900200" + ++nextCustomer, "Cliente");
        long optedOut = who.writes("oi").conversation();
        awaitReplies(optedOut, 1);
        who.writes("não quero mais receber mensagens automáticas");
        server.awaitEvents(optedOut, "contact.opted_out", 1);
        assertThat(sync(optedOut, plan).data().at("/errors/0/reason").asText()).isEqualTo("opted_out");
    }

    @Test
    void a_workflow_answers_with_a_file() {
        n8n.answers(200, json("{'text':'Segue a tabela','attachment':'" + origin(files) + "/tabela.pdf'}"));
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();

        ChatMessage sent = awaitFile(conversation);

        assertThat(sent.files()).containsExactly("tabela.pdf");
        assertThat(sent.text()).endsWith("Segue a tabela");
        assertThat(server.awaitEvents(conversation, "turn.completed", 1))
                .first()
                .satisfies(
                        turn -> assertThat(turn.at("/payload/reason").asText()).isEqualTo("workflow"));
    }

    @Test
    void a_workflow_that_answers_with_a_file_from_elsewhere_has_not_answered() {
        n8n.answers(200, json("{'text':'Segue','attachment':'" + origin(elsewhere) + "/tabela.pdf'}"));
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();

        awaitReplies(conversation, 1);

        assertThat(server.awaitEvents(conversation, "workflow.failed", 1))
                .first()
                .satisfies(failed ->
                        assertThat(failed.at("/payload/reason").asText()).isEqualTo("invalid_answer"));
        assertThat(server.chatwoot().messagesIn(conversation))
                .first()
                .asString()
                .contains("R$");
    }

    @Test
    void a_workflow_that_answers_with_nothing_but_a_file_that_cannot_be_sent_has_not_answered() {
        n8n.answers(200, json("{'attachment':'" + origin(files) + "/page.html'}"));
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();

        awaitReplies(conversation, 1);

        assertThat(server.awaitEvents(conversation, "workflow.failed", 1))
                .first()
                .satisfies(failed -> {
                    assertThat(failed.at("/payload/reason").asText()).isEqualTo("undeliverable_file");
                    assertThat(failed.at("/payload/files/0").asText()).isEqualTo("file_unsupported_type");
                });
        assertThat(server.chatwoot().messagesIn(conversation))
                .first()
                .asString()
                .contains("R$");
    }

    @Test
    void a_workflow_whose_file_cannot_be_sent_still_says_what_stands_beside_it() {
        n8n.answers(200, json("{'text':'Segue a tabela','attachment':'" + origin(files) + "/page.html'}"));
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();

        assertThat(server.awaitEvents(conversation, "command.dead_lettered", 1))
                .first()
                .satisfies(
                        dead -> assertThat(dead.at("/payload/reason").asText()).isEqualTo("file_unsupported_type"));
        assertThat(server.chatwoot().messagesIn(conversation))
                .first()
                .asString()
                .endsWith("Segue a tabela");
    }

    @Test
    void a_file_that_is_lost_after_it_was_looked_at_is_told_to_the_team_and_the_customer() {
        n8n.answers(200, json("{'attachment':'" + origin(files) + "/once.pdf'}"));
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();

        await().untilAsserted(() -> {
            var transcript = server.chatwoot().transcript(conversation);
            assertThat(transcript)
                    .filteredOn(ChatMessage::note)
                    .extracting(ChatMessage::text)
                    .contains("📎 Arquivo não enviado ao cliente: once.pdf (file_not_found)");
            assertThat(server.chatwoot().messagesIn(conversation))
                    .last()
                    .asString()
                    .startsWith("Não consegui enviar o arquivo agora.");
        });
        assertThat(server.awaitEvents(conversation, "command.dead_lettered", 1)).hasSize(1);
    }

    @Test
    void a_policy_can_call_a_person_when_a_file_was_not_sent() {
        long conversation = known();
        policy(
                "arquivo-perdido",
                "{'event':'command.dead_lettered','when':{'==':[{'var':'command'},'send_attachment']},"
                        + "'then':[{'hand_off':{'text':'Já chamo alguém.'}}]}");
        policy("so-arquivo", "{'event':'file.only','then':[{'send_attachment':'" + origin(files) + "/page.html'}]}");

        event(conversation, "file.only", "{}");

        await().untilAsserted(() ->
                assertThat(server.chatwoot().messagesIn(conversation)).contains("Já chamo alguém."));
        assertThat(server.delete("/api/v1/policies/arquivo-perdido", "").status())
                .isEqualTo(200);
    }

    @Test
    void a_later_answer_may_have_a_file_from_where_the_tenants_files_are() throws Exception {
        long conversation =
                customer.writes("quanto custa a diária pro meu cachorro?").conversation();
        String question =
                n8n.callAbout(conversation).json().path("correlation_id").asText();

        Answer refused = late(question, origin(elsewhere));
        Answer taken = late(question, origin(files));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().at("/error/details/problem").asText()).startsWith("messages[0].attachment: ");
        assertThat(taken.data().path("accepted").asBoolean()).isTrue();
        assertThat(awaitFile(conversation).files()).containsExactly("tabela.pdf");
    }

    private long known() {
        long conversation = customer.writes("oi").conversation();
        awaitReplies(conversation, 1);
        return conversation;
    }

    private static void awaitReplies(long conversation, int replies) {
        try {
            server.awaitReplies(conversation, replies);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ChatMessage awaitFile(long conversation) {
        return await().until(
                        () -> server.chatwoot().transcript(conversation).stream()
                                .filter(message -> !message.files().isEmpty())
                                .findFirst()
                                .orElse(null),
                        message -> message != null);
    }

    private static Answer late(String question, String origin) {
        return server.post(
                "/webhooks/n8n/pet-hotel",
                json("{'correlation_id':'" + question + "','messages':[{'attachment':'" + origin + "/tabela.pdf'}]}"));
    }

    private static Answer sync(long conversation, String plan) {
        return server.post(
                "/api/v1/chatwoot/sync",
                json("{'conversation_id':" + conversation + ",'execution_plan':" + plan + "}"));
    }

    private static void policy(String id, String document) {
        Answer answer = server.put("/api/v1/policies/" + id, "{\"policy\":" + json(document) + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private static void event(long conversation, String type, String payload) {
        Answer answer = server.post(
                "/api/v1/events/log",
                json("{'conversation_id':" + conversation + ",'event_type':'" + type + "','payload':" + payload + "}"));
        assertThat(answer.status()).isLessThan(300);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private static String origin(HttpServer fileServer) {
        return "http://127.0.0.1:" + fileServer.getAddress().getPort();
    }

    private static HttpServer fileServer() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", FilesToCustomersTest::serve);
        server.start();
        return server;
    }

    private static void serve(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/moved.pdf")) {
            exchange.getResponseHeaders().set("Location", origin(elsewhere) + "/tabela.pdf");
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        if (exchange.getRequestURI().getPath().equals("/once.pdf") && ONCE.getAndSet(true)) {
            exchange.sendResponseHeaders(410, -1);
            return;
        }
        boolean page = exchange.getRequestURI().getPath().endsWith(".html");
        byte[] body =
                (page ? "<!DOCTYPE html><html></html>" : "%PDF-1.4 a price list").getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
