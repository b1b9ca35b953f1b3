package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists of identities that a tenant keeps; an identity needs no contact to be on a list. Thread-safe; may block on
 * storage. Each method is one transaction and repeating it is harmless.
 */
public interface ContactLists {

    /** Puts an identity on a list. False when it was there. */
    boolean add(TenantId tenant, ContactList list, Identity identity);

    /** Takes an identity off a list. False when it was not there. */
    boolean remove(TenantId tenant, ContactList list, Identity identity);

    /**
     * A page of what is on a list, in the order of kinds' words and values. What is added or removed meanwhile neither repeats
     * nor hides others.
     *
     * @param after the last one of the page before; null to begin
     * @param limit 1 to 1000
     */
    List<Identity> entries(TenantId tenant, ContactList list, @Nullable Identity after, int limit);

    /** The lists on which at least one of the identities is. */
    Set<ContactList> listing(TenantId tenant, Set<Identity> identities);

    /** Whether nothing is on a list. */
    boolean isEmpty(TenantId tenant, ContactList list);
}
