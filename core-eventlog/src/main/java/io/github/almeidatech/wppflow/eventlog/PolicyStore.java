package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;

/**
 * The policies a tenant has written through the API. Thread-safe; may block on storage; each method is one transaction and
 * can be repeated. It stores what it is given: checking is {@link Policies#parse}'s business, before.
 */
public interface PolicyStore {

    /** All of a tenant's, in the order of their ids. */
    List<PolicyDocument> documents(TenantId tenant);

    /** Writes a document in the place of the one with its id. */
    void put(TenantId tenant, PolicyDocument document);

    /** Removes one. False when it was not there. */
    boolean remove(TenantId tenant, String id);
}
