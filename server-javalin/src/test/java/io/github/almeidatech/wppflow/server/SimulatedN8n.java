package io.github.almeidatech.wppflow.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A webhook on loopback that answers as an n8n workflow would. */
final class SimulatedN8n implements AutoCloseable {

    static final String STARTED = "{\"message\":\"Workflow was started\"}";

    private final HttpServer server;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private volatile String answer = STARTED;

    private final Map<String, Set<String>> questions = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Random random = new Random(7);
    private @Nullable Stumble stumble;
    private int oneIn = 1;
    private Consumer<String> callBack = answer -> {};
    private int received;
    private int stumbled;

    /** What goes wrong with a call now and then. */
    enum Stumble {
        CONNECTION_CLOSED,
        TOO_SLOW,
        TOO_MANY,
        TOO_MANY_WITH_RETRY_AFTER,
        ERROR,
        /** It has called back with the answer before. */
        ERROR_AFTER_THE_ANSWER,
        /** The same, and then no word. */
        CLOSED_AFTER_THE_ANSWER,
        GARBAGE;

        boolean isAfterTheAnswer() {
            return this == ERROR_AFTER_THE_ANSWER || this == CLOSED_AFTER_THE_ANSWER;
        }
    }

    SimulatedN8n() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** What came. */
    record Call(String timestamp, String signature, String token, byte[] body, JsonNode json) {}

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        var headers = exchange.getRequestHeaders();
        calls.add(new Call(
                headers.getFirst("X-Wppflow-Timestamp"),
                headers.getFirst("X-Wppflow-Signature"),
                headers.getFirst("X-Wppflow-Token"),
                body,
                new ObjectMapper().readTree(body)));
        JsonNode json = new ObjectMapper().readTree(body);
        String question = json.path("correlation_id").asText();
        questions
                .computeIfAbsent(json.path("conversation_id").asText(), first -> ConcurrentHashMap.newKeySet())
                .add(question);
        Stumble how = next();
        if (how != null) {
            stumble(exchange, how, question);
            return;
        }
        answer(exchange, status, answer);
    }

    private synchronized @Nullable Stumble next() {
        received++;
        if (stumble == null || random.nextInt(oneIn) != 0) {
            return null;
        }
        stumbled++;
        return stumble;
    }

    private void stumble(HttpExchange exchange, Stumble how, String question) throws IOException {
        if (how.isAfterTheAnswer()) {
            callBack.accept("{\"correlation_id\":\"" + question + "\"," + answer.substring(1));
        }
        switch (how) {
            case CONNECTION_CLOSED, CLOSED_AFTER_THE_ANSWER -> exchange.close();
            case TOO_SLOW -> {
                try {
                    closed.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.close();
            }
            case TOO_MANY -> answer(exchange, 429, "Retry later");
            case TOO_MANY_WITH_RETRY_AFTER -> {
                exchange.getResponseHeaders().set("Retry-After", "30");
                answer(exchange, 429, "Retry later");
            }
            case ERROR, ERROR_AFTER_THE_ANSWER -> answer(exchange, 500, "{\"message\":\"Error in workflow\"}");
            case GARBAGE -> answer(exchange, 200, "<html>Bad gateway</html>");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, said.length);
        try (var out = exchange.getResponseBody()) {
            out.write(said);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/webhook/reservas";
    }

    void answers(int newStatus, String newAnswer) {
        status = newStatus;
        answer = newAnswer;
    }

    /** The next call about that conversation. */
    Call callAbout(long conversation) throws InterruptedException {
        Call call;
        do {
            call = calls.poll(20, TimeUnit.SECONDS);
            if (call == null) {
                throw new AssertionError("the workflow was not called");
            }
        } while (!call.json().path("conversation_id").asText().equals(String.valueOf(conversation)));
        return call;
    }

    /** From now on one call in so many goes wrong; answers given before that go to {@code callBack}. */
    synchronized void stumbles(Stumble how, int oneCallIn, Consumer<String> calling) {
        stumble = how;
        oneIn = oneCallIn;
        callBack = calling;
    }

    synchronized int received() {
        return received;
    }

    synchronized int stumbled() {
        return stumbled;
    }

    /** The correlation ids of all calls about that conversation. */
    Set<String> questionsAbout(long conversation) {
        return questions.getOrDefault(String.valueOf(conversation), Set.of());
    }

    void forgetCalls() {
        calls.clear();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
