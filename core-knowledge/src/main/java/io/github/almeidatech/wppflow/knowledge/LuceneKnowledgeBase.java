package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The knowledge base on a search index in memory, one for each tenant, built from the {@link DocumentStore} when first
 * asked. Thread-safe: queries run side by side, changes of one tenant one after the other.
 */
public final class LuceneKnowledgeBase implements KnowledgeBase {

    private final DocumentStore store;
    private final Map<TenantId, TenantIndex> indexes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private LuceneKnowledgeBase(DocumentStore store) {
        this.store = store;
    }

    /** A knowledge base with everything at its default. */
    public static LuceneKnowledgeBase on(DocumentStore store) {
        return new LuceneKnowledgeBase(store);
    }

    @Override
    public KnowledgeAnswer query(TenantId tenant, Question question) {
        return index(tenant).query(question);
    }

    @Override
    public void put(TenantId tenant, Collection<Document> documents) {
        TenantIndex index = index(tenant);
        synchronized (index) {
            store.save(tenant, documents);
            index.put(documents);
        }
    }

    @Override
    public int remove(TenantId tenant, Collection<String> ids) {
        TenantIndex index = index(tenant);
        synchronized (index) {
            int removed = store.delete(tenant, ids);
            index.remove(ids);
            return removed;
        }
    }

    @Override
    public int size(TenantId tenant) {
        return store.all(tenant).size();
    }

    private TenantIndex index(TenantId tenant) {
        if (closed) {
            throw new IllegalStateException("the knowledge base is closed");
        }
        return indexes.computeIfAbsent(tenant, key -> {
            var index = new TenantIndex();
            index.put(store.all(key));
            return index;
        });
    }

    @Override
    public void close() {
        closed = true;
        indexes.values().forEach(TenantIndex::close);
        indexes.clear();
    }
}
