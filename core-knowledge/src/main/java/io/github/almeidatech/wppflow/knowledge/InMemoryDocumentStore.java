package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Documents that live as long as the process. Thread-safe; does not block. */
public final class InMemoryDocumentStore implements DocumentStore {

    private final Map<TenantId, Shelf> shelves = new ConcurrentHashMap<>();

    @Override
    public void save(TenantId tenant, Collection<Document> documents, Instant at) {
        List<Document> wanted = List.copyOf(documents);
        if (!wanted.isEmpty()) {
            shelves.compute(tenant, (key, shelf) -> Shelf.orEmpty(shelf).with(wanted, at));
        }
    }

    @Override
    public int delete(TenantId tenant, Collection<String> ids) {
        List<String> wanted = List.copyOf(ids);
        var removed = new int[1];
        shelves.computeIfPresent(tenant, (key, shelf) -> {
            Shelf after = shelf.without(wanted);
            removed[0] = shelf.documents.size() - after.documents.size();
            return removed[0] == 0 ? shelf : after;
        });
        return removed[0];
    }

    @Override
    public List<StoredDocument> stored(TenantId tenant) {
        return List.copyOf(Shelf.orEmpty(shelves.get(tenant)).documents.values());
    }

    @Override
    public long version(TenantId tenant) {
        return Shelf.orEmpty(shelves.get(tenant)).version;
    }

    /** One tenant's documents by id; never changed once it can be seen. */
    private record Shelf(TreeMap<String, StoredDocument> documents, long version) {

        static Shelf orEmpty(@Nullable Shelf shelf) {
            return shelf == null ? new Shelf(new TreeMap<>(), 0) : shelf;
        }

        Shelf with(List<Document> added, Instant at) {
            var copy = new TreeMap<>(documents);
            added.forEach(document -> copy.merge(
                    document.id(),
                    new StoredDocument(document, 1, at),
                    (before, now) -> before.document().equals(document)
                            ? before
                            : new StoredDocument(document, before.version() + 1, at)));
            return new Shelf(copy, version + 1);
        }

        Shelf without(List<String> ids) {
            var copy = new TreeMap<>(documents);
            ids.forEach(copy::remove);
            return new Shelf(copy, version + 1);
        }
    }
}
