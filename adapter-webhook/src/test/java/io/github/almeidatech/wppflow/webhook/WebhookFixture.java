package io.github.almeidatech.wppflow.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A webhook on loopback that answers as it is told. */
abstract class WebhookFixture {

    static final TenantId TENANT = new TenantId("pet-hotel");
    static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 60);
    static final String SECRET = "a secret that is long enough";
    static final String TOKEN = "a token that is long enough too";
    static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    private static final int SLOW = -1;
    private static final int BREAKS = -2;

    final List<String> calls = new ArrayList<>();
    final AtomicInteger requestCount = new AtomicInteger();
    Duration limit = Duration.ofSeconds(5);
    boolean answerIsEvent;

    @Nullable
    URI elsewhere;

    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    private record Reply(int status, String body, Map<String, String> headers) {}

    /** What came. */
    record Received(String method, Map<String, List<String>> headers, byte[] body) {

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stopServer() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requestCount.incrementAndGet();
        byte[] body = exchange.getRequestBody().readAllBytes();
        received.add(new Received(exchange.getRequestMethod(), exchange.getRequestHeaders(), body));
        Reply reply = replies.remove();
        try {
            if (reply.status() == SLOW && closed.await(20, TimeUnit.SECONDS) || reply.status() == BREAKS) {
                exchange.close();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        byte[] said = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), said.length == 0 ? -1 : said.length);
        try (var out = exchange.getResponseBody()) {
            out.write(said);
        }
    }

    WebhookClient client() {
        return new WebhookClient(
                target -> new OkHttpClient(),
                failure -> "forbidden".equals(failure.getMessage()),
                () -> NOW,
                (target, took, outcome) -> calls.add(target + " " + outcome));
    }

    Optional<WebhookTarget> target(TenantId tenant, String name) {
        URI own = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhook/reservas");
        URI url = elsewhere == null ? own : elsewhere;
        return tenant.equals(TENANT) && name.equals("reservas")
                ? Optional.of(new WebhookTarget("reservas", url, SECRET, TOKEN, limit, answerIsEvent, true))
                : Optional.empty();
    }

    void answers(int status, String body) {
        replies.add(new Reply(status, body, Map.of()));
    }

    void answers(int status, Map<String, String> headers) {
        replies.add(new Reply(status, "", headers));
    }

    void thinksForEver() {
        replies.add(new Reply(SLOW, "", Map.of()));
    }

    void breaksTheConnection() {
        replies.add(new Reply(BREAKS, "", Map.of()));
    }

    Received request() {
        try {
            Received next = received.poll(5, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nobody called");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
