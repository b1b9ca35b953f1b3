package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * The vectors that were paid for once, by tenant, model and a hash of the text. Losing it costs money and time, nothing
 * else. Thread-safe; may block on storage.
 */
public interface VectorStore {

    /** Those of the hashes that are there. Arrays are the caller's. */
    Map<String, float[]> find(TenantId tenant, String model, Collection<String> hashes);

    /** Adds or replaces all of them, or none. */
    void save(TenantId tenant, String model, Map<String, float[]> vectors);

    /** The hashes of all that is there, by model. */
    Map<String, Set<String>> hashes(TenantId tenant);

    /** Removes; hashes that are not there are passed over. */
    void remove(TenantId tenant, String model, Collection<String> hashes);
}
