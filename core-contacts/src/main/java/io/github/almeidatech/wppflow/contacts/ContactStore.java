package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contacts of all tenants, strictly apart: every method sees only the tenant it is given. Thread-safe; may block on
 * storage. Every method is one transaction: what it returned from survives a crash, as far as the store does; when it
 * throws, nothing happened.
 *
 * <p>How contacts change is written down once, in pure functions ({@link Upsert}, {@link ContactPatch}, {@link
 * ContactMerge}): a store reads, calls them, and writes what they return.
 *
 * <p>Tenants whose contacts have a copy outside, such as a row in a table, are known to a store from the start. For them every
 * change is noted with the contact, in the same transaction, as {@link CopyState} says, until {@link #copied} tells that the
 * copy has it; what comes from the copy never changes what it still has to be told. For all other tenants nothing is noted.
 *
 * <p>Where a contact id is asked for, the id of a contact absorbed by a merge means the contact that absorbed it.
 */
public interface ContactStore {

    /** The contact with this identity. */
    Optional<Contact> find(TenantId tenant, Identity identity);

    /** The contact with the first of these identities that somebody has. */
    default Optional<Contact> find(TenantId tenant, Collection<Identity> identities) {
        return identities.stream().flatMap(each -> find(tenant, each).stream()).findFirst();
    }

    /** The contact with this id. */
    Optional<Contact> findById(TenantId tenant, String contactId);

    /**
     * A page of all contacts, in the order of their ids, which is the order of their creation.
     *
     * @param limit 1 to 1000
     * @param cursor where the page before ended, or null for the first
     */
    ContactPage list(TenantId tenant, int limit, @Nullable String cursor);

    /**
     * Finds by any of the identities and merges, or creates, as {@link Upsert} says. When the identities belong to several
     * contacts, they are joined into the oldest one: its values win, missing ones are taken from the others. Calls that
     * run at the same time for one person end with one contact. Repeating a call changes nothing but {@code updatedAt}.
     */
    Contact upsert(TenantId tenant, ContactUpdate update, Instant now);

    /** Changes a contact. Empty when it is not there. */
    Optional<Contact> patch(TenantId tenant, String contactId, ContactPatch patch, Instant now);

    /**
     * Joins two contacts on purpose. Empty when one of them is not there, or both are the same by now; so repeating is
     * harmless.
     */
    Optional<ContactMerge> merge(TenantId tenant, String survivorId, String absorbedId, String reason, Instant now);

    /** The merges that made this contact what it is and can be undone, newest first. */
    List<ContactMerge> merges(TenantId tenant, String contactId);

    /**
     * Takes a merge back, as {@link ContactMerge} says, and forgets it, also in later merges of its survivor. The contact
     * that is there again; empty when the
     * merge is not known (any more) or its survivor has itself been absorbed: undo that merge first.
     */
    Optional<Contact> undoMerge(TenantId tenant, String mergeId, Instant now);

    /**
     * Removes the contact, all its identities and everything kept of contacts it has absorbed, also indirectly. False when
     * it was not there.
     */
    boolean erase(TenantId tenant, String contactId);

    // Copies

    /**
     * Takes over what a copy says, like {@link #upsert}, except what it still has to be told itself.
     *
     * @param readAt when reading the copy began
     * @return empty, and nothing changed, when the copy was written since then: what was read is old, and has to be read again
     */
    Optional<Contact> takeOver(TenantId tenant, ContactUpdate update, Instant readAt, Instant now);

    /** Asks for the copy of a contact though nothing has changed. Nothing when it is not there. */
    void wantCopy(TenantId tenant, String contactId, Instant now);

    /**
     * The contact whose copy has been behind for longest and is due. Nobody else gets it for the time of the lease; after
     * it, and unless {@link #copied} or {@link #notCopied} was called, it is due again.
     */
    Optional<CopyState.Copied> claimCopy(TenantId tenant, Instant now, Duration lease);

    /**
     * The copy was written. What has changed since the contact was claimed is still to be written, at once.
     *
     * @param written the contact as it was claimed and written
     * @param left parts the copy could not take; they stay to be written, and due as they were
     * @param copies where it is; those that are somebody else's are left out
     * @return false when the contact is not there (any more)
     */
    boolean copied(TenantId tenant, Contact written, Set<String> left, Set<Identity> copies, Instant now);

    /** The copy could not be written; not to be tried again before that. */
    void notCopied(TenantId tenant, String contactId, Instant retryAt);

    /**
     * When the copy of a contact is to be written next. Later than now while it is being written, and while a try whose result
     * is not known may still show. Empty when it is up to date, or the contact is not there.
     */
    Optional<Instant> copyDue(TenantId tenant, String contactId);

    /** How many copies are behind. */
    CopyBacklog copyBacklog(TenantId tenant);
}
