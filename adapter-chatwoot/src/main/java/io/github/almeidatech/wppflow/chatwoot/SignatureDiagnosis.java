package io.github.almeidatech.wppflow.chatwoot;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a delivery's signature is not accepted, in words that help the person who set it up and give nothing away: no secret,
 * no body. For diagnosis only: {@link WebhookAuthenticator} decides.
 *
 * @param cause what is wrong
 * @param kind the kind of webhook whose secret fits, when it is not the one the delivery came to
 * @param clockAhead how far our clock is ahead of the timestamp, when that is what is wrong
 */
public record SignatureDiagnosis(
        Cause cause, @Nullable WebhookKind kind, @Nullable Duration clockAhead) {

    /** What can be wrong with a signature. */
    public enum Cause {
        /** Nothing: it is genuine and of now. */
        NONE,
        /** No signature: Chatwoot before 4.12 (account webhooks) or 4.13, an automation rule, or a proxy dropped it. */
        NO_HEADERS,
        /** One of the two headers is missing. */
        ONE_HEADER_MISSING,
        /** A header came twice: a proxy in between adds its own. */
        REPEATED_HEADER,
        /** The timestamp is not epoch seconds; milliseconds, for example. */
        MALFORMED_TIMESTAMP,
        /** The signature is not {@code sha256=} and 64 lower-case hexadecimal digits. */
        MALFORMED_SIGNATURE,
        /** Genuine, but too far from our clock. */
        CLOCK,
        /** Genuine by the secret of another kind of webhook: the secrets are mixed up. */
        OTHER_KIND,
        /** Genuine but for white space at the end: the body was changed on its way, or the secret copied with a blank. */
        WHITE_SPACE,
        /** No known secret fits: a wrong or replaced secret, or the body was changed on its way. */
        WRONG_SECRET;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Looks for the reason.
     *
     * @param secrets the tenant's, of all kinds
     * @param kind which webhook the delivery came to
     */
    public static SignatureDiagnosis of(
            Map<WebhookKind, List<WebhookSecret>> secrets,
            WebhookKind kind,
            List<String> timestampHeaders,
            List<String> signatureHeaders,
            byte[] body,
            Instant now) {
        if (timestampHeaders.isEmpty() || signatureHeaders.isEmpty()) {
            boolean both = timestampHeaders.isEmpty() && signatureHeaders.isEmpty();
            return because(both ? Cause.NO_HEADERS : Cause.ONE_HEADER_MISSING);
        }
        if (timestampHeaders.size() > 1 || signatureHeaders.size() > 1) {
            return because(Cause.REPEATED_HEADER);
        }
        String timestamp = timestampHeaders.get(0);
        String signature = signatureHeaders.get(0);
        if (!WebhookAuthenticator.TIMESTAMP.matcher(timestamp).matches()) {
            return because(Cause.MALFORMED_TIMESTAMP);
        }
        if (!WebhookAuthenticator.SIGNATURE.matcher(signature).matches()) {
            return because(Cause.MALFORMED_SIGNATURE);
        }
        if (fits(secrets.getOrDefault(kind, List.of()), timestamp, signature, body)) {
            Duration ahead = Duration.ofSeconds(now.getEpochSecond() - Long.parseLong(timestamp));
            boolean near = ahead.abs().compareTo(WebhookAuthenticator.TOLERANCE) <= 0;
            return near ? because(Cause.NONE) : new SignatureDiagnosis(Cause.CLOCK, null, ahead);
        }
        for (var entry : secrets.entrySet()) {
            if (fits(entry.getValue(), timestamp, signature, body)) {
                return new SignatureDiagnosis(Cause.OTHER_KIND, entry.getKey(), null);
            }
        }
        boolean trimmed = secrets.getOrDefault(kind, List.of()).stream()
                .anyMatch(secret -> fitsTrimmed(secret, timestamp, signature, body));
        return because(trimmed ? Cause.WHITE_SPACE : Cause.WRONG_SECRET);
    }

    private static SignatureDiagnosis because(Cause cause) {
        return new SignatureDiagnosis(cause, null, null);
    }

    private static boolean fits(List<WebhookSecret> secrets, String timestamp, String signature, byte[] body) {
        return secrets.stream().anyMatch(secret -> same(secret.value(), timestamp, signature, body));
    }

    private static boolean fitsTrimmed(WebhookSecret secret, String timestamp, String signature, byte[] body) {
        byte[] stripped = new String(body, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
        return same(secret.value(), timestamp, signature, stripped)
                || same(secret.value().strip(), timestamp, signature, body)
                || same(secret.value().strip(), timestamp, signature, stripped);
    }

    private static boolean same(String secret, String timestamp, String signature, byte[] body) {
        return !secret.isEmpty() && Objects.equals(WebhookSignature.text(secret, timestamp, body), signature);
    }
}
