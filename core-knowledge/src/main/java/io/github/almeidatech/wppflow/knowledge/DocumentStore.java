package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.List;

/**
 * The documents of all tenants, the truth the search index is built from. Every method sees only the tenant it is given.
 * Thread-safe; may block on storage.
 */
public interface DocumentStore {

    /** Adds or replaces all of them, or none. */
    void save(TenantId tenant, Collection<Document> documents);

    /** Removes; ids that are not there are passed over. Returns how many were there. */
    int delete(TenantId tenant, Collection<String> ids);

    /** All documents of the tenant, ordered by id. */
    List<Document> all(TenantId tenant);

    /** A number that differs after each change of the tenant's documents. */
    long version(TenantId tenant);
}
