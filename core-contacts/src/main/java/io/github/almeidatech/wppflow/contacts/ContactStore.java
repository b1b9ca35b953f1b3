package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * The contacts of all tenants, strictly apart: every method sees only the tenant it is given. Thread-safe; may block on
 * storage. What a method returned from survives a crash, as far as the store does.
 */
public interface ContactStore {

    /** The contact with this identity. */
    Optional<Contact> find(TenantId tenant, Identity identity);

    /**
     * Finds by any of the identities and merges, or creates. When the identities belong to several contacts, they are
     * joined into the oldest one: its values win, missing ones are taken from the others. Calls that run at the same
     * time for one person end with one contact. Repeating a call changes nothing but {@code updatedAt}.
     */
    Contact upsert(TenantId tenant, ContactUpdate update, Instant now);

    /** Removes the contact and all its identities. False when it was not there. */
    boolean erase(TenantId tenant, String contactId);
}
