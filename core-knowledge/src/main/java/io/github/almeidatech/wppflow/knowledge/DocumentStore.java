package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * The documents of all tenants, the truth the search index is built from. Every method sees only the tenant it is given.
 * Thread-safe; may block on storage.
 */
public interface DocumentStore {

    /** Adds or replaces all of them, or none. A document that is saved as it was keeps its version and time. */
    void save(TenantId tenant, Collection<Document> documents, Instant at);

    /** The same at the system's time. */
    default void save(TenantId tenant, Collection<Document> documents) {
        save(tenant, documents, Instant.now());
    }

    /** Removes; ids that are not there are passed over. Returns how many were there. */
    int delete(TenantId tenant, Collection<String> ids);

    /** All documents of the tenant with their versions, ordered by id. */
    List<StoredDocument> stored(TenantId tenant);

    /** All documents of the tenant, ordered by id. */
    default List<Document> all(TenantId tenant) {
        return stored(tenant).stream().map(StoredDocument::document).toList();
    }

    /** A number that differs after each change of the tenant's documents. */
    long version(TenantId tenant);
}
