package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps the texts used last in memory, of all tenants together. Gone with its process. Thread-safe. */
public final class InMemoryMediaTextStore implements MediaTextStore {

    private record Key(TenantId tenant, String hash) {}

    private record Claim(String reader, Instant until) {}

    private final Map<Key, MediaText> texts;
    private final Map<Key, Claim> claims = new HashMap<>();

    /** @param atMost how many texts are kept; 0 for none */
    public InMemoryMediaTextStore(int atMost) {
        this.texts = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, MediaText> eldest) {
                return size() > atMost;
            }
        };
    }

    @Override
    public synchronized Optional<MediaText> find(TenantId tenant, String hash) {
        return Optional.ofNullable(texts.get(new Key(tenant, hash)));
    }

    @Override
    public synchronized void save(TenantId tenant, String hash, MediaText text, Instant now) {
        texts.put(new Key(tenant, hash), text);
    }

    @Override
    public synchronized boolean claim(TenantId tenant, String hash, String reader, Instant now, Instant until) {
        var key = new Key(tenant, hash);
        Claim held = claims.get(key);
        if (held != null && !held.reader().equals(reader) && held.until().isAfter(now)) {
            return false;
        }
        claims.put(key, new Claim(reader, until));
        return true;
    }

    @Override
    public synchronized void release(TenantId tenant, String hash, String reader) {
        claims.computeIfPresent(
                new Key(tenant, hash), (key, held) -> held.reader().equals(reader) ? null : held);
    }

    @Override
    public synchronized long forget(TenantId tenant) {
        long before = texts.size();
        texts.keySet().removeIf(key -> key.tenant().equals(tenant));
        return before - texts.size();
    }
}
