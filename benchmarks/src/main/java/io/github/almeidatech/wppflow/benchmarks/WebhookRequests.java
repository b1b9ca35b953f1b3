package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.Delivery;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.Webhooks;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * Whole HTTP requests with a real webhook as body, signed; each about another message of another customer in a conversation
 * of its own.
 */
final class WebhookRequests {

    private static final String PHONE = "5511990000001";
    private static final long FIRST_MESSAGE = 5_000_000;

    private final String template;

    private WebhookRequests(String template) {
        this.template = template;
    }

    /** Takes one delivery of the simulated Chatwoot as the pattern of all. */
    static WebhookRequests of(String text) throws InterruptedException {
        try (var chatwoot =
                SimulatedChatwoot.builder().keepPendingWhenBotFails(true).start()) {
            chatwoot.connectAgentBot(URI.create("http://127.0.0.1:9/nobody"));
            chatwoot.customer("+" + PHONE, "Cliente Exemplo").writes(text);
            chatwoot.awaitIdle(Duration.ofSeconds(10));
            Delivery delivery = chatwoot.webhooks().attempts().stream()
                    .filter(attempt -> attempt.event().equals("message_created"))
                    .findFirst()
                    .orElseThrow();
            return new WebhookRequests(delivery.body());
        }
    }

    int bodyBytes() {
        return body(1).length;
    }

    /** The conversation of the request with this number. */
    static long conversation(int number) {
        return 1_000L + number;
    }

    /** So many requests to an address, the first with this number; valid for five minutes. */
    byte[][] prepare(String path, String secret, int first, int count) {
        var requests = new byte[count][];
        for (int i = 0; i < count; i++) {
            requests[i] = request(path, secret, first + i);
        }
        return requests;
    }

    private byte[] request(String path, String secret, int number) {
        byte[] body = body(number);
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        String head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length + "\r\nX-Chatwoot-Delivery: load-" + number
                + "\r\nX-Chatwoot-Timestamp: " + timestamp
                + "\r\nX-Chatwoot-Signature: " + Webhooks.sign(secret, timestamp, body) + "\r\n\r\n";
        var request = new ByteArrayOutputStream(head.length() + body.length);
        request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        return request.toByteArray();
    }

    byte[] body(int number) {
        String conversation = String.valueOf(conversation(number));
        String contact = String.valueOf(10_000_000L + number);
        return template.replace("\"id\":1,\"inbox_id\"", "\"id\":" + conversation + ",\"inbox_id\"")
                .replace("\"conversation_id\":1,", "\"conversation_id\":" + conversation + ",")
                .replace(":501", ":" + contact)
                .replace(":1001", ":" + (FIRST_MESSAGE + number))
                .replace(PHONE, String.valueOf(5_511_910_000_000L + number))
                .replace("wamid.IN", "wamid.LOAD" + number)
                .getBytes(StandardCharsets.UTF_8);
    }
}
