package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

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
    public Map<String, Set<String>> hashes(TenantId tenant) {
        return vectors.keySet().stream()
                .filter(key -> key.tenant().equals(tenant))
                .collect(Collectors.groupingBy(Key::model, Collectors.mapping(Key::hash, Collectors.toSet())));
    }

    @Override
    public void remove(TenantId tenant, String model, Collection<String> hashes) {
        hashes.forEach(hash -> vectors.remove(new Key(tenant, model, hash)));
    }
}
