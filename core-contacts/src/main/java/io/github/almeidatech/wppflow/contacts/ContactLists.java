package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Set;

/**
 * The lists of identities that a tenant keeps; an identity needs no contact to be on a list. Thread-safe; may block on
 * storage. Each method is one transaction and repeating it is harmless.
 */
public interface ContactLists {

    /** Puts an identity on a list. False when it was there. */
    boolean add(TenantId tenant, ContactList list, Identity identity);

    /** Takes an identity off a list. False when it was not there. */
    boolean remove(TenantId tenant, ContactList list, Identity identity);

    /** Everything on a list. */
    Set<Identity> entries(TenantId tenant, ContactList list);

    /** The lists on which at least one of the identities is. */
    Set<ContactList> listing(TenantId tenant, Set<Identity> identities);

    /** Whether nothing is on a list. */
    boolean isEmpty(TenantId tenant, ContactList list);
}
