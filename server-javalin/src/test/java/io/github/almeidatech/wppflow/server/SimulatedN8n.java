package io.github.almeidatech.wppflow.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A webhook on loopback that answers as an n8n workflow would. */
final class SimulatedN8n implements AutoCloseable {

    static final String STARTED = "{\"message\":\"Workflow was started\"}";

    private final HttpServer server;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private volatile String answer = STARTED;

    SimulatedN8n() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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
        byte[] said = answer.getBytes(StandardCharsets.UTF_8);
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

    void forgetCalls() {
        calls.clear();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
