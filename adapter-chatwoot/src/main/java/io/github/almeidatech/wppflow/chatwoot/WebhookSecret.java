package io.github.almeidatech.wppflow.chatwoot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One secret of a webhook, as Chatwoot shows it: its bytes are the key, nothing is decoded.
 *
 * @param keyId names it in logs; says nothing about the value
 * @param value the secret, at least {@value #MIN_LENGTH} characters
 * @param validUntil for a secret that is being replaced: when it stops being accepted; null for the current one
 */
public record WebhookSecret(
        String keyId, String value, @Nullable Instant validUntil) {

    static final int MIN_LENGTH = 24;

    public WebhookSecret {
        if (value.length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "a webhook secret has at least " + MIN_LENGTH + " characters, not " + value.length());
        }
    }

    /** A secret without end. Its key id is the beginning of its SHA-256. */
    public static WebhookSecret of(String value) {
        return new WebhookSecret(keyIdOf(value), value, null);
    }

    /** The same secret, accepted until then: what the previous one becomes when a new one is added. */
    public WebhookSecret until(Instant end) {
        return new WebhookSecret(keyId, value, end);
    }

    boolean validAt(Instant now) {
        return validUntil == null || now.isBefore(validUntil);
    }

    private static String keyIdOf(String value) {
        return HexFormat.of().formatHex(Digests.sha256(value.getBytes(StandardCharsets.UTF_8)), 0, 4);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WebhookSecret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return keyId.hashCode();
    }

    @Override
    public String toString() {
        return "WebhookSecret[" + keyId + "]";
    }
}
