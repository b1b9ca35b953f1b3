package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;

/** A server that answers what it is told to, a client that takes it for a Chatwoot, and what came of the client's calls. */
final class MisbehavingChatwoot implements AutoCloseable {

    static final OkHttpClient HTTP = new OkHttpClient();
    static final String MADE =
            "{\"id\":9010,\"content\":\"Oi\",\"message_type\":1,\"created_at\":1788264005,\"private\":false}";

    final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    final MockWebServer server = started();
    final List<String> outcomes = new CopyOnWriteArrayList<>();

    /** A server on a free port of the loopback. */
    static MockWebServer started() {
        try {
            var server = new MockWebServer();
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    /** A client of this server, or of what else is at the port. */
    ChatwootClient.Builder client(int port) {
        return ChatwootClient.builder(HTTP, URI.create("http://127.0.0.1:" + port), 1, "bot-token")
                .userToken("user-token")
                .clock(clock)
                .timeLimit(Duration.ofSeconds(15))
                .breakerDelay(Duration.ofMillis(50))
                .maxPerSecond(1_000)
                .listener((call, took, outcome) -> outcomes.add(call + " " + outcome));
    }

    static MockResponse answer(int status, String body) {
        return new MockResponse.Builder().code(status).body(body).build();
    }

    /** Of a message that cannot be created. */
    static ChatwootException failureOf(ChatwootClient client) {
        var failure = catchThrowableOfType(
                ChatwootException.class, () -> client.messages().create(88, NewMessage.text("Oi")));
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }
}
