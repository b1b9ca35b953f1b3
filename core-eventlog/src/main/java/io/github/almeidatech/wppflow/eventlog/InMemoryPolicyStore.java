package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Policy documents that last as long as the process. Thread-safe. */
public final class InMemoryPolicyStore implements PolicyStore {

    private final Map<TenantId, Map<String, PolicyDocument>> documents = new HashMap<>();

    @Override
    public synchronized List<PolicyDocument> documents(TenantId tenant) {
        return List.copyOf(documents.getOrDefault(tenant, Map.of()).values());
    }

    @Override
    public synchronized void put(TenantId tenant, PolicyDocument document) {
        documents.computeIfAbsent(tenant, key -> new TreeMap<>()).put(document.id(), document);
    }

    @Override
    public synchronized boolean remove(TenantId tenant, String id) {
        return documents.getOrDefault(tenant, new TreeMap<>()).remove(id) != null;
    }
}
