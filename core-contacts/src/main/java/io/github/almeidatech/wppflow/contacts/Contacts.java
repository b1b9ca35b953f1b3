package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The people who write to a tenant: who it is, what is known of them, whether they are answered automatically.
 * Thread-safe; blocks on its stores. Every method can be repeated after a crash without harm.
 *
 * <p>An opt-out outlives the person's data: {@link #erase} leaves keyed hashes behind, and a later message of the same
 * person makes a new contact that has opted out again. The same goes for a place on the deny or the allow list.
 */
public final class Contacts {

    private final ContactStore store;
    private final ContactLists lists;
    private final Pseudonyms pseudonyms;

    public Contacts(ContactStore store, ContactLists lists, Pseudonyms pseudonyms) {
        this.store = store;
        this.lists = lists;
        this.pseudonyms = pseudonyms;
    }

    /**
     * Finds or creates the contact a message came from, and adds what the message says of it. A name the channel shows
     * fills an empty one only: what people have written down wins. Writes nothing when nothing is new.
     *
     * @return empty when nothing identifies the sender
     */
    public Optional<Contact> remember(ConversationId conversation, Sender sender, Instant now) {
        TenantId tenant = conversation.tenant();
        Set<Identity> identities = identitiesOf(conversation, sender);
        if (identities.isEmpty()) {
            return Optional.empty();
        }
        Optional<Contact> known = store.find(tenant, identities);
        String name = nameShown(sender);
        if (known.isPresent() && saysNothingNew(known.get(), identities, sender, name)) {
            return known;
        }
        boolean nameWanted = known.map(contact -> contact.name() == null).orElse(true);
        Boolean optedOut = known.isEmpty() && optedOutBeforeErasure(tenant, identities) ? Boolean.TRUE : null;
        var update = new ContactUpdate(
                identities, sender.phone(), nameWanted ? name : null, null, Map.of(), optedOut, false);
        return Optional.of(store.upsert(tenant, update, now));
    }

    /** The contact with this identity. */
    public Optional<Contact> find(TenantId tenant, Identity identity) {
        return store.find(tenant, identity);
    }

    /** The contact of a person key: whichever way the number was written. */
    public Optional<Contact> findPerson(TenantId tenant, String personKey) {
        return store.find(tenant, Identity.person(personKey));
    }

    /** The contact with this id, or the one that has absorbed it. */
    public Optional<Contact> findById(TenantId tenant, String contactId) {
        return store.findById(tenant, contactId);
    }

    /** A page of all contacts; see {@link ContactStore#list}. */
    public ContactPage list(TenantId tenant, int limit, @Nullable String cursor) {
        return store.list(tenant, limit, cursor);
    }

    /**
     * Finds by any identity and merges, or creates; see {@link ContactStore#upsert}. Somebody who opted out and was erased
     * is created as opted out, unless the update says otherwise.
     */
    public Contact upsert(TenantId tenant, ContactUpdate update, Instant now) {
        Contact contact = store.upsert(tenant, respectingEarlierOptOut(tenant, update), now);
        if (Boolean.FALSE.equals(update.optedOut())) {
            forgetEarlierOptOut(tenant, contact);
        }
        return contact;
    }

    private ContactUpdate respectingEarlierOptOut(TenantId tenant, ContactUpdate update) {
        boolean asked = update.optedOut() != null
                || store.find(tenant, update.identities()).isPresent()
                || !optedOutBeforeErasure(tenant, update.identities());
        return asked ? update : update.optingOut();
    }

    /** Changes a contact. Empty when it is not there. */
    public Optional<Contact> patch(TenantId tenant, String contactId, ContactPatch patch, Instant now) {
        Optional<Contact> patched = store.patch(tenant, contactId, patch, now);
        if (Boolean.FALSE.equals(patch.optedOut())) {
            patched.ifPresent(contact -> forgetEarlierOptOut(tenant, contact));
        }
        return patched;
    }

    /** The person wants no automatic messages from now on. Empty when the contact is not there. */
    public Optional<Contact> optOut(TenantId tenant, String contactId, Instant now) {
        return patch(tenant, contactId, ContactPatch.optOut(true), now);
    }

    /** The person wants automatic messages again. Empty when the contact is not there. */
    public Optional<Contact> optIn(TenantId tenant, String contactId, Instant now) {
        return patch(tenant, contactId, ContactPatch.optOut(false), now);
    }

    /** Joins two contacts on purpose; see {@link ContactStore#merge}. */
    public Optional<ContactMerge> merge(
            TenantId tenant, String survivorId, String absorbedId, String reason, Instant now) {
        return store.merge(tenant, survivorId, absorbedId, reason, now);
    }

    /** The merges of a contact that can be undone, newest first. */
    public List<ContactMerge> merges(TenantId tenant, String contactId) {
        return store.merges(tenant, contactId);
    }

    /** Takes a merge back; see {@link ContactStore#undoMerge}. */
    public Optional<Contact> undoMerge(TenantId tenant, String mergeId, Instant now) {
        return store.undoMerge(tenant, mergeId, now);
    }

    /**
     * Removes everything known of the person. Only hashes stay: of somebody who opted out or is on the deny or the allow list,
     * so that all three are still respected. False when the contact was not there.
     */
    public boolean erase(TenantId tenant, String contactId) {
        Optional<Contact> contact = store.findById(tenant, contactId);
        if (contact.isEmpty()) {
            return false;
        }
        Set<Identity> identities = contact.get().identities();
        if (contact.get().optedOut()) {
            identities.forEach(id -> lists.add(tenant, ContactList.OPTED_OUT, pseudonyms.of(tenant, id)));
        }
        eraseFromLists(tenant, identities);
        return store.erase(tenant, contactId);
    }

    /**
     * Takes these identities off the deny and the allow list, whether or not there is a contact of them. Hashes stay in their
     * place: who is denied still is, and an allow list that loses its last person does not admit everybody.
     */
    public void eraseFromLists(TenantId tenant, Set<Identity> identities) {
        if (lists.listing(tenant, identities).contains(ContactList.DENY)) {
            identities.forEach(id -> lists.add(tenant, ContactList.DENY, pseudonyms.of(tenant, id)));
        }
        for (Identity identity : identities) {
            if (lists.listing(tenant, Set.of(identity)).contains(ContactList.ALLOW)) {
                lists.add(tenant, ContactList.ALLOW, pseudonyms.of(tenant, identity));
            }
            lists.remove(tenant, ContactList.DENY, identity);
            lists.remove(tenant, ContactList.ALLOW, identity);
        }
    }

    /** Everything stored of a contact as plain data, for the person's right to see it. Empty when it is not there. */
    public Optional<Map<String, Object>> export(TenantId tenant, String contactId) {
        return store.findById(tenant, contactId).map(contact -> {
            var data = new LinkedHashMap<>(contact.toPlainData());
            var absorbed = new ArrayList<Map<String, Object>>();
            for (ContactMerge merge : store.merges(tenant, contact.id())) {
                var entry = new LinkedHashMap<>(merge.absorbed().toPlainData());
                entry.put("merge_reason", merge.reason());
                entry.put("merged_at", merge.at().toString());
                absorbed.add(entry);
            }
            data.put("merged_contacts", absorbed);
            data.put("lists", exportLists(tenant, contact.identities()));
            return data;
        });
    }

    /** The words of the lists that these identities are on, be it as keyed hashes, in order. */
    public List<String> exportLists(TenantId tenant, Set<Identity> identities) {
        return listing(tenant, identities).stream()
                .map(ContactList::word)
                .sorted()
                .toList();
    }

    /** Whether the tenant's lists let this sender be answered automatically. */
    public Admission admission(ConversationId conversation, Sender sender) {
        return admission(conversation.tenant(), identitiesOf(conversation, sender));
    }

    /** Whether the tenant's lists let the person with these identities be answered automatically. */
    public Admission admission(TenantId tenant, Set<Identity> identities) {
        Set<ContactList> on = listing(tenant, identities);
        if (on.contains(ContactList.DENY)) {
            return Admission.DENIED;
        }
        return on.contains(ContactList.ALLOW) || lists.isEmpty(tenant, ContactList.ALLOW)
                ? Admission.ADMITTED
                : Admission.NOT_ALLOWED;
    }

    /**
     * Puts a person on a list. Somebody known opts out at the contact; somebody not known will be a contact that has opted
     * out. False when it was so already.
     */
    public boolean enlist(TenantId tenant, ContactList list, Identity person, Instant now) {
        if (list != ContactList.OPTED_OUT) {
            return lists.add(tenant, list, person);
        }
        Optional<Contact> known = store.find(tenant, person);
        if (known.isEmpty()) {
            return lists.add(tenant, list, pseudonyms.of(tenant, person));
        }
        return !known.get().optedOut() && optOut(tenant, known.get().id(), now).isPresent();
    }

    /**
     * Takes a person off a list, also when only keyed hashes are on it because the person was erased. False when it was so
     * already.
     */
    public boolean delist(TenantId tenant, ContactList list, Identity person, Instant now) {
        boolean changed = isListed(tenant, list, person);
        Optional<Contact> known = store.find(tenant, person);
        var identities = new LinkedHashSet<>(Set.of(person));
        known.stream()
                .flatMap(contact -> contact.identities().stream())
                .filter(identity -> identity.kind() != Identity.Kind.PERSON) // another number is on the list by itself
                .forEach(identities::add);
        withPseudonyms(tenant, identities).forEach(identity -> lists.remove(tenant, list, identity));
        if (list == ContactList.OPTED_OUT) {
            known.filter(Contact::optedOut).ifPresent(contact -> optIn(tenant, contact.id(), now));
        }
        return changed;
    }

    /** Whether a person is on a list, be it as a keyed hash; of opt-outs, what the contact says if there is one. */
    public boolean isListed(TenantId tenant, ContactList list, Identity person) {
        Optional<Contact> known = list == ContactList.OPTED_OUT ? store.find(tenant, person) : Optional.empty();
        return known.map(Contact::optedOut)
                .orElseGet(() -> listing(tenant, Set.of(person)).contains(list));
    }

    // Copies outside

    /** Takes over what a copy says; see {@link ContactStore#takeOver}. */
    public Optional<Contact> takeOver(TenantId tenant, ContactUpdate update, Instant readAt, Instant now) {
        Optional<Contact> taken = store.takeOver(tenant, respectingEarlierOptOut(tenant, update), readAt, now);
        taken.filter(contact -> Boolean.FALSE.equals(update.optedOut()) && !contact.optedOut())
                .ifPresent(contact -> forgetEarlierOptOut(tenant, contact));
        return taken;
    }

    /** Asks for the copy of a contact; see {@link ContactStore#wantCopy}. */
    public void wantCopy(TenantId tenant, String contactId, Instant now) {
        store.wantCopy(tenant, contactId, now);
    }

    /** A contact whose copy is behind; see {@link ContactStore#claimCopy}. */
    public Optional<CopyState.Copied> claimCopy(TenantId tenant, Instant now, Duration lease) {
        return store.claimCopy(tenant, now, lease);
    }

    /** The copy was written; see {@link ContactStore#copied}. */
    public boolean copied(TenantId tenant, Contact written, Set<String> left, Set<Identity> copies, Instant now) {
        return store.copied(tenant, written, left, copies, now);
    }

    /** The copy could not be written; see {@link ContactStore#notCopied}. */
    public void notCopied(TenantId tenant, String contactId, Instant retryAt) {
        store.notCopied(tenant, contactId, retryAt);
    }

    /** When a copy is to be written next; see {@link ContactStore#copyDue}. */
    public Optional<Instant> copyDue(TenantId tenant, String contactId) {
        return store.copyDue(tenant, contactId);
    }

    /** How many copies are behind. */
    public CopyBacklog copyBacklog(TenantId tenant) {
        return store.copyBacklog(tenant);
    }

    /** The tenant's lists. */
    public ContactLists lists() {
        return lists;
    }

    private static Set<Identity> identitiesOf(ConversationId conversation, Sender sender) {
        var identities = new LinkedHashSet<Identity>();
        if (sender.personKey() != null) {
            identities.add(Identity.person(sender.personKey()));
        }
        if (sender.contactId() != null) {
            identities.add(Identity.chatwoot(conversation.account(), sender.contactId()));
        }
        if (sender.address() != null && !sender.address().isBlank()) {
            identities.add(Identity.address(sender.address()));
        }
        return identities;
    }

    /** The name, unless the channel shows a bare number in its place. */
    private static @Nullable String nameShown(Sender sender) {
        String name = sender.name();
        return name == null || name.chars().noneMatch(Character::isLetter) ? null : name.strip();
    }

    private static boolean saysNothingNew(
            Contact known, Set<Identity> identities, Sender sender, @Nullable String name) {
        return known.identities().containsAll(identities)
                && (sender.phone() == null || sender.phone().equals(known.phone()))
                && (name == null || known.name() != null);
    }

    private boolean optedOutBeforeErasure(TenantId tenant, Set<Identity> identities) {
        return listing(tenant, identities).contains(ContactList.OPTED_OUT);
    }

    private void forgetEarlierOptOut(TenantId tenant, Contact contact) {
        for (Identity identity : contact.identities()) {
            lists.remove(tenant, ContactList.OPTED_OUT, pseudonyms.of(tenant, identity));
        }
    }

    /** The lists that somebody is on, be it as keyed hashes. */
    private Set<ContactList> listing(TenantId tenant, Set<Identity> identities) {
        return lists.listing(tenant, withPseudonyms(tenant, identities));
    }

    private Set<Identity> withPseudonyms(TenantId tenant, Set<Identity> identities) {
        var all = new LinkedHashSet<>(identities);
        identities.forEach(identity -> all.add(pseudonyms.of(tenant, identity)));
        return all;
    }
}
