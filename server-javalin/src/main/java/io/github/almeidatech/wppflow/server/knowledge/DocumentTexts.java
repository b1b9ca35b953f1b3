package io.github.almeidatech.wppflow.server.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * What was read of an owner's documents, apart from what was read of customers' files in the same store: those are cut
 * shorter, and pictures in them are described. Thread-safe.
 */
record DocumentTexts(MediaTextStore store) implements MediaTextStore {

    @Override
    public Optional<MediaText> find(TenantId tenant, String hash) {
        return store.find(tenant, apart(hash));
    }

    @Override
    public void save(TenantId tenant, String hash, MediaText text, Instant now) {
        store.save(tenant, apart(hash), text, now);
    }

    @Override
    public boolean claim(TenantId tenant, String hash, String reader, Instant now, Instant until) {
        return store.claim(tenant, apart(hash), reader, now, until);
    }

    @Override
    public void release(TenantId tenant, String hash, String reader) {
        store.release(tenant, apart(hash), reader);
    }

    @Override
    public long forget(TenantId tenant) {
        return store.forget(tenant);
    }

    private static String apart(String hash) {
        return KnowledgeFolder.hash(("document " + hash).getBytes(StandardCharsets.UTF_8));
    }
}
