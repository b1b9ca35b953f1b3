package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes keyed hashes of delivery keys, with a secret that belongs to the database. Thread-safe. */
final class SeenKeys {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    SeenKeys(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    List<SeenKey> of(TenantId tenant, List<String> keys) {
        return keys.stream().map(key -> of(tenant, key)).toList();
    }

    private SeenKey of(TenantId tenant, String key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] hash = mac.doFinal((tenant.value() + '\n' + key).getBytes(StandardCharsets.UTF_8));
            ByteBuffer numbers = ByteBuffer.wrap(hash);
            return new SeenKey(tenant, numbers.getLong(), numbers.getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
