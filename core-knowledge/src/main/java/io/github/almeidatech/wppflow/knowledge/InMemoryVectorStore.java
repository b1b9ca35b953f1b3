package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Vectors that live as long as the process. Thread-safe; does not block. */
public final class InMemoryVectorStore implements VectorStore {

    private final Map<Key, float[]> vectors = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, String model, String hash) {}

    @Override
    public Map<String, float[]> find(TenantId tenant, String model, Collection<String> hashes) {
        var found = new HashMap<String, float[]>();
        for (String hash : hashes) {
            float[] vector = vectors.get(new Key(tenant, model, hash));
            if (vector != null) {
                found.put(hash, vector.clone());
            }
        }
        return found;
    }

    @Override
    public void save(TenantId tenant, String model, Map<String, float[]> added) {
        added.forEach((hash, vector) -> vectors.put(new Key(tenant, model, hash), vector.clone()));
    }

    @Override
    public int retain(TenantId tenant, String model, Collection<String> hashes) {
        Set<String> kept = new HashSet<>(hashes);
        int before = vectors.size();
        vectors.keySet()
                .removeIf(key ->
                        key.tenant().equals(tenant) && !(key.model().equals(model) && kept.contains(key.hash())));
        return before - vectors.size();
    }
}
