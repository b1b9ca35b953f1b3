package io.github.almeidatech.wppflow.server.hostile;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Writes requests, wrong in exactly one thing. Knows the webhook secret, so that only that thing is wrong. */
final class Attacker {

    /** Stands in every body, in place of what a customer would not want to be read. */
    static final String CANARY = "segredo-do-cliente-7351";

    static final String PATH = "/webhooks/chatwoot/pet-hotel/agent-bot";

    private final String secret;
    private final String token;
    private final long account;
    private long nextMessage = 900_000;

    Attacker(String secret, String token, long account) {
        this.secret = secret;
        this.token = token;
        this.account = account;
    }

    String token() {
        return token;
    }

    /** A delivery that would be taken, of a conversation of its own. */
    String delivery() {
        return delivery("\"content\":\"" + CANARY + "\",\"message_type\":\"incoming\"");
    }

    /** The same with these members, which must include the content. */
    String delivery(String members) {
        long id = nextMessage++;
        return "{\"event\":\"message_created\",\"id\":" + id + ",\"content_type\":\"text\",\"created_at\":\""
                + Instant.now() + "\",\"account\":{\"id\":" + account + ",\"name\":\"Conta\"},"
                + "\"inbox\":{\"id\":4,\"name\":\"WhatsApp\"},\"conversation\":{\"id\":" + id
                + ",\"channel\":\"Channel::Whatsapp\",\"inbox_id\":4,\"status\":\"pending\",\"meta\":{\"sender\":{\"id\":"
                + id + ",\"name\":\"Zuleica Exemplo\",\"phone_number\":\"+5511990000077\",\"type\":\"contact\"},"
                + "\"assignee\":null},\"contact_inbox\":{\"source_id\":\"5511990000077\"}},"
                + "\"sender\":{\"id\":" + id + ",\"name\":\"Zuleica Exemplo\",\"phone_number\":\"+5511990000077\"},"
                + members + "}";
    }

    /** A signed post of this body. */
    byte[] signed(String body) {
        return signed(body.getBytes(StandardCharsets.UTF_8), "");
    }

    byte[] signed(byte[] body, String moreHeaders) {
        return signed(PATH, body, moreHeaders);
    }

    byte[] signed(String path, byte[] body, String moreHeaders) {
        String now = String.valueOf(Instant.now().getEpochSecond());
        return post(path, signature(now, body) + moreHeaders, body);
    }

    /** The two headers of a right signature. */
    String signature(String timestamp, byte[] body) {
        return "X-Chatwoot-Timestamp: " + timestamp + "\r\nX-Chatwoot-Signature: sha256=" + hmac(timestamp, body)
                + "\r\n";
    }

    String hmac(String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A post with these headers, each line ended; says its length and type. */
    static byte[] post(String path, String headers, byte[] body) {
        String type = headers.toLowerCase(java.util.Locale.ROOT).contains("content-type:")
                ? ""
                : "Content-Type: application/json\r\n";
        return concat(
                ascii("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + type + headers
                        + "Content-Length: " + body.length + "\r\n\r\n"),
                body);
    }

    /** A call of the API with the right token. */
    byte[] api(String method, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return concat(
                ascii(method + " " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                        + token + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length
                        + "\r\n\r\n"),
                bytes);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
