package io.github.almeidatech.wppflow.server;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.server.log.Masking;
import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.LoggerFactory;

/** The whole server beside a simulated Chatwoot, answering at once, and a client that speaks HTTP to it. */
public final class TestServer implements AutoCloseable {

    /** An answer, with its body as JSON where it is JSON. */
    public record Answer(int status, JsonNode body, HttpResponse<String> response) {
        public String errorCode() {
            return body.path("error").path("code").asText();
        }

        public JsonNode data() {
            return body.path("data");
        }
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TENANT_KEYS = "WPPFLOW_TENANTS__PET_HOTEL__";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Sandbox sandbox;
    private final Map<String, Long> maskedBefore = masked();

    private TestServer(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** Answers without waiting for more, and looks for lost webhooks every 200 ms. */
    public static TestServer start(Path data) throws IOException {
        return start(data, Map.of());
    }

    public static TestServer start(Path data, Map<String, String> more) throws IOException {
        var settings = new HashMap<String, String>();
        settings.put(TENANT_KEYS + "TURNS__QUIET", "PT0.3S");
        settings.put(TENANT_KEYS + "TURNS__VOICE_QUIET", "PT0.3S");
        settings.put(TENANT_KEYS + "CHATWOOT__CATCH_UP_EVERY", "PT0.2S");
        settings.put(TENANT_KEYS + "CHATWOOT__CATCH_UP_GRACE", "PT1S");
        settings.put("WPPFLOW_FLOW__UNCLEAR_SETTLE", "PT0.5S");
        settings.put("WPPFLOW_SERVER__API_CALLS_PER_SECOND", "1000");
        settings.put("WPPFLOW_SERVER__WEBHOOKS_PER_SECOND", "1000");
        settings.putAll(more);
        return new TestServer(Sandbox.start(0, data, settings));
    }

    /** The sandbox with the configuration of a folder in docs/recipes, and what the environment adds. */
    static TestServer recipe(Path data, Path folder, Map<String, String> environment) throws IOException {
        var settings = new HashMap<>(environment);
        settings.put(TENANT_KEYS + "TURNS__QUIET", "PT0.3S");
        settings.put(TENANT_KEYS + "TURNS__VOICE_QUIET", "PT0.3S");
        settings.put(
                TENANT_KEYS + "KNOWLEDGE__FILE",
                folder.resolve("knowledge.jsonl").toString());
        settings.put(
                TENANT_KEYS + "POLICIES__FILE", folder.resolve("policies.yaml").toString());
        return new TestServer(Sandbox.start(0, data, settings, Map.of(), folder.resolve("wppflow.yaml")));
    }

    public SimulatedChatwoot chatwoot() {
        return sandbox.chatwoot();
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public URI uri(String path) {
        return URI.create(sandbox.server() + path);
    }

    public Answer get(String path) {
        return send(authorized(path).GET());
    }

    public Answer post(String path, String json) {
        return send(authorized(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    public Answer delete(String path, String json) {
        return send(authorized(path)
                .header("Content-Type", "application/json")
                .method("DELETE", BodyPublishers.ofString(json)));
    }

    public Answer patch(String path, String json) {
        return send(authorized(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(json)));
    }

    public Answer put(String path, String json) {
        return send(authorized(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    /** A delivery of the agent bot, signed as Chatwoot signs it. */
    public Answer deliver(String body) {
        return deliver(body, sandbox.webhookSecret(), Instant.now());
    }

    public Answer deliver(String body, String secret, Instant at) {
        return deliver("agent-bot", body, secret, at);
    }

    public Answer deliver(String source, String body, String secret, Instant at) {
        return deliver(source, body.getBytes(StandardCharsets.UTF_8), secret, at);
    }

    /** A signed delivery of any bytes. */
    public Answer deliver(byte[] body) {
        return deliver("agent-bot", body, sandbox.webhookSecret(), Instant.now());
    }

    private Answer deliver(String source, byte[] body, String secret, Instant at) {
        String timestamp = String.valueOf(at.getEpochSecond());
        return send(HttpRequest.newBuilder(uri("/webhooks/chatwoot/pet-hotel/" + source))
                .header("Content-Type", "application/json")
                .header("X-Chatwoot-Timestamp", timestamp)
                .header("X-Chatwoot-Signature", signature(secret, timestamp, body))
                .POST(BodyPublishers.ofByteArray(body)));
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            boolean json = response.headers()
                    .firstValue("Content-Type")
                    .map(type -> type.startsWith("application/json"))
                    .orElse(false);
            return new Answer(
                    response.statusCode(),
                    json ? MAPPER.readTree(response.body()) : MAPPER.createObjectNode(),
                    response);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The status of a request that announces so many bytes and has not sent them yet. */
    public int announce(String path, int bytes) throws IOException {
        try (var socket =
                new Socket(sandbox.server().getHost(), sandbox.server().getPort())) {
            String head = "POST " + path
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                    + sandbox.token() + "\r\nContent-Length: " + bytes + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(status.substring(9));
        }
    }

    /** Waits until the bot has said so many things in a conversation. */
    public void awaitReplies(long conversation, int replies) throws InterruptedException {
        boolean there = chatwoot()
                .await(
                        conversation,
                        messages ->
                                messages.stream().filter(TestServer::isReply).count() >= replies,
                        Duration.ofSeconds(60));
        if (!there) {
            throw new AssertionError("the bot said less: "
                    + chatwoot().transcript(conversation).stream()
                            .map(message -> message + " " + message.text())
                            .toList()
                    + get("/api/v1/events?conversation_id=" + conversation).body());
        }
    }

    /** Waits until a conversation has so many events of a type, and gives them, the newest first. */
    public List<JsonNode> awaitEvents(long conversation, String type, int events) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> events(conversation, type).size() >= events);
        return events(conversation, type);
    }

    /** A conversation's events of a type, the newest first. */
    public List<JsonNode> events(long conversation, String type) {
        var found = new ArrayList<JsonNode>();
        get("/api/v1/events?limit=1000&conversation_id=" + conversation + "&event_type=" + type)
                .data()
                .path("events")
                .forEach(found::add);
        return found;
    }

    private static boolean isReply(ChatMessage message) {
        return "AgentBot".equals(message.author()) && !message.note();
    }

    private HttpRequest.Builder authorized(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + sandbox.token());
    }

    /** What Chatwoot would write into its header. */
    public static String signature(String secret, String timestamp, String body) {
        return signature(secret, timestamp, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String signature(String secret, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Personal data and secrets must not even come to the last filter of the log. */
    @Override
    public void close() {
        sandbox.close();
        if (!masked().equals(maskedBefore)) {
            throw new AssertionError("the log had to be masked: before " + maskedBefore + ", now " + masked());
        }
    }

    private static Map<String, Long> masked() {
        Masking masking = Masking.of((LoggerContext) LoggerFactory.getILoggerFactory());
        return Masking.KINDS.stream().collect(Collectors.toMap(Function.identity(), masking::hits));
    }
}
