package io.github.almeidatech.wppflow.chatwoot;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What Chatwoot writes beside a delivery: {@code X-Chatwoot-Timestamp} and {@code X-Chatwoot-Signature}. Useful to sign
 * deliveries of our own the same way, and to try out a receiver.
 *
 * @param timestamp epoch seconds, decimal
 * @param signature {@code sha256=} and 64 lower-case hexadecimal digits
 */
public record WebhookSignature(String timestamp, String signature) {

    /** Name of the header that carries {@link #timestamp()}. */
    public static final String TIMESTAMP_HEADER = "X-Chatwoot-Timestamp";

    /** Name of the header that carries {@link #signature()}. */
    public static final String SIGNATURE_HEADER = "X-Chatwoot-Signature";

    static final String PREFIX = "sha256=";

    /** HMAC-SHA256 of the timestamp, a full stop and the body's bytes, with the secret's bytes as key. */
    public static WebhookSignature of(String secret, Instant at, byte[] body) {
        String timestamp = String.valueOf(at.getEpochSecond());
        return new WebhookSignature(timestamp, text(secret, timestamp, body));
    }

    static String text(String secret, String timestamp, byte[] body) {
        byte[] mac = Digests.hmacSha256(
                secret.getBytes(StandardCharsets.UTF_8), (timestamp + ".").getBytes(StandardCharsets.UTF_8), body);
        return PREFIX + HexFormat.of().formatHex(mac);
    }
}
