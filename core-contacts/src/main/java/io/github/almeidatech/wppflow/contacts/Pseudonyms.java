package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed hashes (HMAC-SHA-256) of identities: they tell that somebody is the same person again, and nothing else to anybody
 * without the key. Different for each tenant. Thread-safe.
 */
public final class Pseudonyms {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** @param key at least 16 bytes, kept outside the database and for as long as its hashes are to be recognised */
    public Pseudonyms(byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException("a key of at least 16 bytes wanted, got " + key.length);
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** The pseudonym of an identity; a pseudonym is its own. */
    public Identity of(TenantId tenant, Identity identity) {
        if (identity.kind() == Identity.Kind.PSEUDONYM) {
            return identity;
        }
        String text = tenant.value() + '\n' + identity.kind().word() + '\n' + identity.value();
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return new Identity(Identity.Kind.PSEUDONYM, HexFormat.of().formatHex(hash));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
