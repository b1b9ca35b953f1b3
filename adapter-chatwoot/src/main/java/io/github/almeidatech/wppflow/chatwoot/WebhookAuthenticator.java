package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.chatwoot.Authenticity.Authentic;
import io.github.almeidatech.wppflow.chatwoot.Authenticity.Reason;
import io.github.almeidatech.wppflow.chatwoot.Authenticity.Rejected;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a delivery comes from a tenant's Chatwoot, from its raw bytes and before anything of it is parsed.
 *
 * <p>A tenant is in one of two modes, and neither ever accepts the other's proof: <em>signature</em> (Chatwoot from 4.12
 * for account webhooks and 4.13 for bots and inboxes), or <em>path secret</em> for what Chatwoot does not sign. A tenant
 * that does not exist is judged by a {@link #decoy decoy}: the same work, the same words, never a yes.
 *
 * <p>Thread-safe; does not block.
 */
public final class WebhookAuthenticator {

    /** How far a timestamp may be from our clock, on either side. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int ACTIVE_SECRETS = 2;
    static final Pattern TIMESTAMP = Pattern.compile("[1-9][0-9]{8,10}");
    static final Pattern SIGNATURE = Pattern.compile("sha256=[0-9a-f]{64}");
    private static final String NO_TIMESTAMP = "0";

    private final Supplier<Map<WebhookKind, List<WebhookSecret>>> secrets;
    private final @Nullable Supplier<List<WebhookSecret>> pathSecrets;
    private final InstantSource clock;
    private final List<WebhookSecret> decoys = List.of(randomSecret(), randomSecret());

    private WebhookAuthenticator(
            Supplier<Map<WebhookKind, List<WebhookSecret>>> secrets,
            @Nullable Supplier<List<WebhookSecret>> pathSecrets,
            InstantSource clock) {
        this.secrets = secrets;
        this.pathSecrets = pathSecrets;
        this.clock = clock;
    }

    /**
     * Judges by signature.
     *
     * @param secrets up to two for each kind of webhook; a kind without any is refused
     * @throws IllegalArgumentException when there are none at all, or more than two for a kind
     */
    public static WebhookAuthenticator bySignature(Map<WebhookKind, List<WebhookSecret>> secrets, InstantSource clock) {
        var copy = new EnumMap<WebhookKind, List<WebhookSecret>>(WebhookKind.class);
        secrets.forEach((kind, list) -> copy.put(kind, List.copyOf(list)));
        return bySignature(() -> copy, clock);
    }

    /**
     * The same with secrets that may be replaced: they are asked for with each delivery. The supplier must not block.
     *
     * @throws IllegalArgumentException when there are none at all now, or more than two for a kind
     */
    public static WebhookAuthenticator bySignature(
            Supplier<Map<WebhookKind, List<WebhookSecret>>> secrets, InstantSource clock) {
        Map<WebhookKind, List<WebhookSecret>> present = secrets.get();
        present.forEach((kind, list) -> {
            if (list.size() > ACTIVE_SECRETS) {
                throw new IllegalArgumentException(
                        "at most " + ACTIVE_SECRETS + " active secrets for " + kind.word() + ", not " + list.size());
            }
        });
        if (present.values().stream().allMatch(List::isEmpty)) {
            throw new IllegalArgumentException("no webhook secret: everything would be refused");
        }
        return new WebhookAuthenticator(secrets, null, clock);
    }

    /**
     * Judges by the last segment of the address: proves the sender, but neither content nor time.
     *
     * @throws IllegalArgumentException when the secret is shorter than {@value WebhookSecret#MIN_LENGTH} characters
     */
    public static WebhookAuthenticator byPathSecret(String secret, InstantSource clock) {
        List<WebhookSecret> one = List.of(WebhookSecret.of(secret));
        return byPathSecrets(() -> one, clock);
    }

    /**
     * The same with secrets that may be replaced: they are asked for with each delivery. The supplier must not block.
     *
     * @throws IllegalArgumentException when there is none now, or more than two
     */
    public static WebhookAuthenticator byPathSecrets(Supplier<List<WebhookSecret>> pathSecrets, InstantSource clock) {
        int present = pathSecrets.get().size();
        if (present == 0 || present > ACTIVE_SECRETS) {
            throw new IllegalArgumentException("one or two path secrets wanted, not " + present);
        }
        return new WebhookAuthenticator(Map::of, pathSecrets, clock);
    }

    /** Refuses everything, as slowly and with the same words as a tenant's would. */
    public static WebhookAuthenticator decoy(InstantSource clock) {
        return new WebhookAuthenticator(Map::of, null, clock);
    }

    /**
     * Judges one delivery.
     *
     * @param kind which webhook it came to
     * @param timestampHeaders every value of {@value WebhookSignature#TIMESTAMP_HEADER}
     * @param signatureHeaders every value of {@value WebhookSignature#SIGNATURE_HEADER}
     * @param pathSecret the last path segment, where there is one
     * @param body the bytes as received
     */
    public Authenticity authenticate(
            WebhookKind kind,
            List<String> timestampHeaders,
            List<String> signatureHeaders,
            @Nullable String pathSecret,
            byte[] body) {
        Authenticity bySignature = judge(kind, timestampHeaders, signatureHeaders, pathSecret, body);
        // Compared also where no path secret is configured, so that both take the same time.
        byte[] offered = hash(pathSecret == null ? "" : pathSecret);
        Instant now = clock.instant();
        boolean samePath = false;
        for (WebhookSecret secret : padded(pathSecrets == null ? List.of() : pathSecrets.get())) {
            samePath |= MessageDigest.isEqual(offered, hash(secret.value()))
                    && !decoys.contains(secret)
                    && secret.validAt(now);
        }
        return samePath ? new Authentic("path") : bySignature;
    }

    private Authenticity judge(
            WebhookKind kind,
            List<String> timestampHeaders,
            List<String> signatureHeaders,
            @Nullable String pathSecret,
            byte[] body) {
        Instant now = clock.instant();
        boolean wellFormed = timestampHeaders.size() == 1
                && signatureHeaders.size() == 1
                && TIMESTAMP.matcher(timestampHeaders.get(0)).matches()
                && SIGNATURE.matcher(signatureHeaders.get(0)).matches();
        String timestamp = wellFormed ? timestampHeaders.get(0) : NO_TIMESTAMP;
        byte[] offered = (wellFormed ? signatureHeaders.get(0) : "").getBytes(StandardCharsets.US_ASCII);
        String keyId = null;
        // Always as many keys, whoever is asked: the time taken tells nothing.
        for (WebhookSecret secret : padded(secrets.get().getOrDefault(kind, List.of()))) {
            byte[] expected =
                    WebhookSignature.text(secret.value(), timestamp, body).getBytes(StandardCharsets.US_ASCII);
            boolean same = MessageDigest.isEqual(expected, offered);
            if (same && wellFormed && !decoys.contains(secret) && secret.validAt(now)) {
                keyId = secret.keyId();
            }
        }
        if ((timestampHeaders.isEmpty() || signatureHeaders.isEmpty()) && pathSecret == null) {
            return new Rejected(Reason.MISSING_SIGNATURE);
        }
        if (keyId == null) {
            return new Rejected(Reason.INVALID_SIGNATURE);
        }
        long away = Math.abs(now.getEpochSecond() - Long.parseLong(timestamp));
        return away <= TOLERANCE.toSeconds() ? new Authentic(keyId) : new Rejected(Reason.STALE_SIGNATURE);
    }

    private List<WebhookSecret> padded(List<WebhookSecret> own) {
        var all = new ArrayList<WebhookSecret>(own);
        for (int i = own.size(); i < ACTIVE_SECRETS; i++) {
            all.add(decoys.get(i));
        }
        return all;
    }

    private static byte[] hash(String text) {
        return Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static WebhookSecret randomSecret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return WebhookSecret.of(HexFormat.of().formatHex(bytes));
    }
}
