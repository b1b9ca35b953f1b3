package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    Path directory;

    private final Receiver receiver = new Receiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    private SimulatedChatwoot begin() {
        return SimulatedChatwoot.builder().directory(directory).start();
    }

    @Test
    void a_deleted_contact_is_gone_with_the_conversations_also_after_a_restart() throws Exception {
        try (var chatwoot = begin()) {
            long gone = chatwoot.customer("+5511990000003", "Bia").writes("oi").conversation();
            long stays = chatwoot.customer("+5511990000004", "Rui").writes("oi").conversation();
            long contact = chatwoot.conversation(gone).contact();

            Api.user(chatwoot).send("DELETE", "/account/contacts/" + contact, null);

            assertThat(chatwoot.conversations()).containsExactly(stays);
            assertThat(Api.user(chatwoot).get("/account/conversations").status())
                    .isEqualTo(200);
        }

        try (var chatwoot = begin()) {
            assertThat(chatwoot.conversations()).containsExactly(2L);
            assertThat(chatwoot.transcript(2)).hasSize(1);
            assertThat(chatwoot.customer("+5511990000003", "Bia")
                            .writes("oi, sou nova")
                            .conversation())
                    .isEqualTo(3);
        }
    }

    @Test
    void a_restart_continues_with_everything_there_was() throws Exception {
        String token;
        WebhookEndpoint webhook;
        List<ChatMessage> before;
        try (var chatwoot = begin()) {
            token = chatwoot.botToken();
            webhook = chatwoot.addAccountWebhook(URI.create("http://127.0.0.1:1/gone"), "webwidget_triggered");
            long conversation = chatwoot.customer("+5511990000002", "Joao")
                    .sendsFile("a.txt", "text/plain", new byte[] {7}, "oi")
                    .conversation();
            Api.bot(chatwoot)
                    .post("/account/conversations/1/custom_attributes", "{\"custom_attributes\":{\"n\":1.50}}");
            chatwoot.agent().labels(conversation, "vip");
            chatwoot.agent().resolves(conversation);
            before = chatwoot.transcript(conversation);
        }

        try (var chatwoot = begin()) {
            assertThat(chatwoot.botToken()).isEqualTo(token);
            assertThat(chatwoot.transcript(1)).isEqualTo(before);
            assertThat(chatwoot.conversation(1).status()).isEqualTo("resolved");
            assertThat(chatwoot.conversation(1).labels()).containsExactly("vip");
            assertThat(chatwoot.conversation(1).customAttributes().path("n").asDouble())
                    .isEqualTo(1.5);
            assertThat(chatwoot.addAccountWebhook(URI.create("http://127.0.0.1:1/gone")))
                    .isEqualTo(webhook);
            var next = chatwoot.customer("+5511990000002", "Joao").writes("voltei");
            assertThat(next.conversation()).isEqualTo(2);
            assertThat(next.id()).isGreaterThan(before.get(before.size() - 1).id());
            var file = Api.anybody(chatwoot)
                    .get("/sim/conversations/1/messages")
                    .json()
                    .path("messages")
                    .path(0)
                    .path("files")
                    .path(0);
            var url = URI.create(file.path("data_url").asText());
            assertThat(Api.anybody(chatwoot)
                            .get(url.getRawPath().replaceFirst(".*redirect/([0-9a-f]+)/.*", "/storage/$1/x"))
                            .body())
                    .isEqualTo("\u0007");
        }
    }

    @Test
    void deliveries_that_had_not_arrived_are_delivered_after_the_restart() throws Exception {
        try (var chatwoot = begin()) {
            chatwoot.connectAgentBot(receiver.url("/old"));
            chatwoot.webhooks().hold();
            chatwoot.customer("+5511990000002", "Joao").writes("oi");
        }

        try (var chatwoot = SimulatedChatwoot.builder()
                .directory(directory)
                .holdingWebhooks(true)
                .start()) {
            chatwoot.connectAgentBot(receiver.url("/new"));
            assertThat(receiver.all()).isEmpty();
            chatwoot.webhooks().release();
            assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
        }

        assertThat(receiver.all()).singleElement().satisfies(seen -> {
            assertThat(seen.path()).isEqualTo("/new");
            assertThat(seen.json().path("content").asText()).isEqualTo("oi");
        });
        receiver.answering(200);
        try (var chatwoot = begin()) {
            assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
            assertThat(receiver.all()).hasSize(1);
        }
    }

    @Test
    void a_line_cut_by_a_crash_was_never_promised_and_is_dropped() throws Exception {
        try (var chatwoot = begin()) {
            chatwoot.customer("+5511990000002", "Joao").writes("oi");
        }
        Files.writeString(
                directory.resolve("chatwoot.jsonl"),
                "[{\"kind\":\"Message\",\"row\":{\"id\":",
                StandardOpenOption.APPEND);

        try (var chatwoot = begin()) {
            assertThat(chatwoot.transcript(1)).hasSize(1);
            chatwoot.customer("+5511990000002", "Joao").writes("de novo");
        }

        try (var chatwoot = begin()) {
            assertThat(chatwoot.transcript(1)).extracting(ChatMessage::text).containsExactly("oi", "de novo");
        }
    }

    @Test
    void what_was_deleted_stays_deleted() throws Exception {
        try (var chatwoot = begin()) {
            var webhook = chatwoot.addAccountWebhook(receiver.url("/account"));
            chatwoot.customer("+5511990000002", "Joao").writes("oi");
            long contact = chatwoot.conversation(1).contact();
            Api.user(chatwoot).send("DELETE", "/account/webhooks/" + webhook.id(), null);
            var other = Api.user(chatwoot)
                    .post("/account/contacts", "{\"name\":\"Bia\"}")
                    .json()
                    .path("payload");
            Api.user(chatwoot)
                    .send(
                            "DELETE",
                            "/account/contacts/"
                                    + other.path("contact").path("id").asLong(),
                            null);
            assertThat(Api.user(chatwoot).get("/account/contacts/" + contact).status())
                    .isEqualTo(200);
        }

        try (var chatwoot = begin()) {
            assertThat(Api.user(chatwoot)
                            .get("/account/webhooks")
                            .json()
                            .path("payload")
                            .path("webhooks"))
                    .isEmpty();
            assertThat(Api.user(chatwoot).get("/account/contacts/502").status()).isEqualTo(404);
        }
    }

    @Test
    void one_directory_is_not_shared_and_a_taken_port_leaves_it_free() {
        try (var chatwoot = begin()) {
            assertThatThrownBy(this::begin)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
            var taken = SimulatedChatwoot.builder()
                    .directory(directory.resolve("other"))
                    .port(chatwoot.baseUrl().getPort());
            assertThatThrownBy(taken::start).isInstanceOf(UncheckedIOException.class);
        }
        SimulatedChatwoot.builder()
                .directory(directory.resolve("other"))
                .start()
                .close();
    }

    @Test
    void the_process_prints_where_it_is_and_what_to_use() throws Exception {
        var out = new ByteArrayOutputStream();
        var arguments = List.of(
                "--port", "0",
                "--data", directory.toString(),
                "--version", "4.14.2",
                "--agent-bot-url", receiver.url("/bot").toString(),
                "--account-webhook-url", receiver.url("/account").toString());

        try (var chatwoot =
                SimulatedChatwootProcess.start(arguments, new PrintStream(out, true, StandardCharsets.UTF_8))) {
            var line = RailsJson.parse(out.toByteArray()).orElseThrow();

            assertThat(line.path("chatwoot").asText())
                    .isEqualTo(chatwoot.baseUrl().toString());
            assertThat(line.path("bot_token").asText()).isEqualTo(chatwoot.botToken());
            assertThat(line.path("agent_bot_secret").asText()).hasSize(24);
            assertThat(line.path("account_webhook_secret").asText()).hasSize(24);
            assertThat(Api.anybody(chatwoot).get("/api").json().path("version").asText())
                    .isEqualTo("4.14.2");
        }
        assertThatThrownBy(() -> SimulatedChatwootProcess.start(List.of("--colour", "red"), System.out))
                .hasMessage("unknown option --colour");
        assertThatThrownBy(() -> SimulatedChatwootProcess.start(List.of("--port"), System.out))
                .hasMessage("no value for --port");
    }
}
