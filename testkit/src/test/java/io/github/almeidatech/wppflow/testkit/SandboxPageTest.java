package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxPageTest {

    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.start();
    private final Api script = Api.anybody(chatwoot);

    @AfterEach
    void close() {
        chatwoot.close();
    }

    @Test
    void a_script_writes_as_the_customer_and_reads_the_conversation() throws Exception {
        var message = script.post(
                "/sim/customer/messages",
                "{\"phone\":\"+55 (11) 99000-0042\",\"name\":\"Cliente Teste\",\"text\":\"oi, quanto custa?\"}");
        Api.bot(chatwoot).post("/account/conversations/1/messages", "{\"content\":\"Custa **R$ 95**\"}");

        assertThat(message.json().path("conversation").asInt()).isEqualTo(1);
        var messages = script.get("/sim/conversations/1/messages").json().path("messages");
        assertThat(messages.path(0).path("name").asText()).isEqualTo("Cliente Teste");
        assertThat(messages.path(1).path("seen").asText()).isEqualTo("Custa *R$ 95*");
        assertThat(messages.path(1).path("author").asText()).isEqualTo("AgentBot");
        var list = script.get("/sim/conversations").json().path("conversations");
        assertThat(list.path(0).path("phone").asText()).isEqualTo("+5511990000042");
        assertThat(list.path(0).path("preview").asText()).isEqualTo("Custa **R$ 95**");
    }

    @Test
    void a_script_acts_as_the_agent() throws Exception {
        script.post("/sim/customer/messages", "{\"phone\":\"5511990000042\",\"text\":\"oi\"}");

        script.post(
                "/sim/conversations/1/agent-messages", "{\"agent\":\"Ana Atendente\",\"text\":\"Olá, aqui é a Ana\"}");
        script.post("/sim/conversations/1/notes", "{\"text\":\"cliente antigo\"}");
        script.post("/sim/conversations/1/phone-messages", "{\"text\":\"do celular\"}");
        script.post("/sim/conversations/1/assign", "{\"agent\":\"Ana Atendente\"}");
        var resolved = script.post("/sim/conversations/1/status", "{\"status\":\"resolved\"}");

        assertThat(chatwoot.messagesIn(1)).containsExactly("Olá, aqui é a Ana", "do celular");
        assertThat(chatwoot.notesIn(1)).containsExactly("cliente antigo");
        assertThat(resolved.json().path("status").asText()).isEqualTo("resolved");
        assertThat(resolved.json().path("assignee").asText()).isEqualTo("Ana Atendente");
        assertThat(script.post("/sim/conversations/1/assign", "{}")
                        .json()
                        .path("assignee")
                        .isNull())
                .isTrue();
        assertThat(script.get("/sim/conversations/1").json().path("name").asText())
                .isEqualTo("+5511990000042");
        assertThat(script.get("/sim/agents").json().path("agents")).hasSize(3);
    }

    @Test
    void a_file_comes_back_over_a_redirect_and_perhaps_not_at_once() throws Exception {
        var message = script.post(
                        "/sim/customer/messages",
                        "{\"phone\":\"5511990000042\",\"file\":{\"name\":\"a b.txt\",\"content_type\":\"text/plain\",\"base64\":\"b2k=\"}}")
                .json();
        var url = URI.create(message.path("files").path(0).path("data_url").asText());
        chatwoot.missNextDownloads(1);

        var redirect = script.get(url.getRawPath());
        var storage = redirect.http().headers().firstValue("Location").orElseThrow();
        var early = script.get(storage);
        var then = script.get(storage);

        assertThat(redirect.status()).isEqualTo(302);
        assertThat(early.status()).isEqualTo(404);
        assertThat(then.body()).isEqualTo("oi");
        assertThat(then.http().headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(then.http().headers().firstValue("Content-Security-Policy")).contains("sandbox");
        assertThat(script.get("/storage/" + "0".repeat(24) + "/file").status()).isEqualTo(404);
        assertThat(script.get("/rails/active_storage/blobs/redirect/..%2Flock/x")
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"phone\":\"12\",\"text\":\"oi\"}",
                "{\"text\":\"oi\"}",
                "{\"phone\":\"5511990000042\",\"text\":\" \"}",
                "{\"phone\":\"5511990000042\"}",
                "{\"phone\":\"5511990000042\",\"file\":{\"base64\":\"***\"}}"
            })
    void what_a_customer_cannot_write_is_422(String json) throws Exception {
        assertThat(script.post("/sim/customer/messages", json).status()).isEqualTo(422);
        assertThat(chatwoot.conversations()).isEmpty();
    }

    @Test
    void a_blocked_customer_is_told_so() throws Exception {
        script.post("/sim/customer/messages", "{\"phone\":\"5511990000042\",\"text\":\"oi\"}");
        Api.user(chatwoot).post("/account/conversations/1/mute", "{}");

        var answer = script.post("/sim/customer/messages", "{\"phone\":\"5511990000042\",\"text\":\"alô\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("error").asText()).contains("blocked");
    }

    @Test
    void wrong_calls_are_named() throws Exception {
        script.post("/sim/customer/messages", "{\"phone\":\"5511990000042\",\"text\":\"oi\"}");

        assertThat(script.post("/sim/conversations/1/status", "{\"status\":\"closed\"}")
                        .status())
                .isEqualTo(422);
        assertThat(script.post("/sim/conversations/1/notes", "{}").status()).isEqualTo(422);
        assertThat(script.get("/sim/conversations/7/messages").status()).isEqualTo(404);
        assertThat(script.post("/sim/conversations/7/notes", "{\"text\":\"a\"}").status())
                .isEqualTo(404);
    }

    @Test
    void a_foreign_page_cannot_post_a_form() throws Exception {
        var answer = script.send(
                "POST",
                "/sim/customer/messages",
                "text/plain",
                "{\"phone\":\"5511990000042\",\"text\":\"oi\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(chatwoot.conversations()).isEmpty();
    }

    @Test
    void the_page_loads_nothing_from_elsewhere_and_never_puts_content_in_as_markup() throws Exception {
        var page = script.get("/");
        var script1 = script.get("/page/page.js");
        var style = script.get("/page/page.css");

        assertThat(page.http().headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'");
        assertThat(page.body()).contains("lang=\"pt-BR\"").contains("/page/page.js");
        assertThat(page.body() + script1.body() + style.body()).doesNotContainPattern("(src|href|url)\\W{1,3}https?:");
        assertThat(script1.body()).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write");
        assertThat(script.get("/page/other.js").status()).isEqualTo(404);
        assertThat(script.get("/favicon.ico").status()).isEqualTo(204);
    }

    @Test
    void the_stream_tells_of_each_change() throws Exception {
        var http = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create(chatwoot.baseUrl() + "/sim/stream"))
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            var first = lines.readLine();
            lines.readLine();

            chatwoot.customer("+5511990000042", "Cliente").writes("oi");

            assertThat(first).startsWith("data: ");
            assertThat(lines.readLine()).startsWith("data: ").isNotEqualTo(first);
        }
    }

    @Test
    void a_test_can_wait_for_a_conversation_to_look_as_wanted() throws Exception {
        long conversation =
                chatwoot.customer("+5511990000042", "Cliente").writes("oi").conversation();
        var agent = new Thread(() -> chatwoot.agent().writes(conversation, "olá"));

        agent.start();

        assertThat(chatwoot.await(conversation, all -> all.size() == 2, Receiver.limit()))
                .isTrue();
        assertThat(chatwoot.await(conversation, all -> all.size() == 9, Duration.ZERO))
                .isFalse();
        agent.join();
        assertThat(chatwoot.transcript(conversation).get(1).toString()).doesNotContain("olá");
    }
}
