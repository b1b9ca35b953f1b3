package io.github.almeidatech.wppflow.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Proof of who sent a body and when, made as Chatwoot makes it: {@code sha256=} and HMAC-SHA256 of the timestamp, a full
 * stop and the body's bytes, in lower-case hexadecimal.
 *
 * @param timestamp epoch seconds, decimal
 * @param signature {@code sha256=} and 64 digits
 */
public record WebhookSignature(String timestamp, String signature) {

    /** Name of the header that carries {@link #timestamp()}. */
    public static final String TIMESTAMP_HEADER = "X-Wppflow-Timestamp";

    /** Name of the header that carries {@link #signature()}. */
    public static final String SIGNATURE_HEADER = "X-Wppflow-Signature";

    /** How far a timestamp may be from our clock, on either side. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern TIMESTAMP = Pattern.compile("[1-9][0-9]{8,10}");

    /** The signature of a body at that time. */
    public static WebhookSignature of(String secret, Instant at, byte[] body) {
        String timestamp = String.valueOf(at.getEpochSecond());
        return new WebhookSignature(timestamp, text(secret, timestamp, body));
    }

    /** Whether it is this secret's signature of the body, and not too old; takes the same time for any signature. */
    public static boolean holds(
            String secret, @Nullable String timestamp, @Nullable String signature, byte[] body, Instant now) {
        String when = timestamp != null && TIMESTAMP.matcher(timestamp).matches() ? timestamp : "0";
        byte[] expected = text(secret, when, body).getBytes(StandardCharsets.US_ASCII);
        byte[] offered = (signature == null ? "" : signature).getBytes(StandardCharsets.US_ASCII);
        boolean same = MessageDigest.isEqual(expected, offered);
        return same && Math.abs(now.getEpochSecond() - Long.parseLong(when)) <= TOLERANCE.toSeconds();
    }

    private static String text(String secret, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }
}
