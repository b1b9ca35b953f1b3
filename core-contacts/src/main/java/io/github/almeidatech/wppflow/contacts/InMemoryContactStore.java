package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Contacts that last as long as the process. Thread-safe. */
public final class InMemoryContactStore implements ContactStore {

    private final Map<TenantId, Book> books = new HashMap<>();

    @Override
    public synchronized Optional<Contact> find(TenantId tenant, Identity identity) {
        return Optional.ofNullable(book(tenant).byIdentity(identity));
    }

    @Override
    public synchronized Optional<Contact> findById(TenantId tenant, String contactId) {
        return Optional.ofNullable(book(tenant).byId(contactId));
    }

    @Override
    public synchronized ContactPage list(TenantId tenant, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("limit 1 to 1000 wanted, got " + limit);
        }
        var contacts = book(tenant).contacts;
        var rest = cursor == null ? contacts : contacts.tailMap(cursor, false);
        List<Contact> page = rest.values().stream().limit(limit).toList();
        boolean last = page.size() == rest.size();
        return new ContactPage(page, last ? null : page.get(page.size() - 1).id());
    }

    @Override
    public synchronized Contact upsert(TenantId tenant, ContactUpdate update, Instant now) {
        Book book = book(tenant);
        var found = new LinkedHashMap<String, Contact>();
        for (Identity identity : update.identities()) {
            Contact contact = book.byIdentity(identity);
            if (contact != null) {
                found.put(contact.id(), contact);
            }
        }
        Upsert upsert = Upsert.of(tenant, found.values(), update, now);
        upsert.merges().forEach(book::absorb);
        book.put(upsert.contact());
        return upsert.contact();
    }

    @Override
    public synchronized Optional<Contact> patch(TenantId tenant, String contactId, ContactPatch patch, Instant now) {
        Optional<Contact> patched = findById(tenant, contactId).map(contact -> patch.applyTo(contact, now));
        patched.ifPresent(book(tenant)::put);
        return patched;
    }

    @Override
    public synchronized Optional<ContactMerge> merge(
            TenantId tenant, String survivorId, String absorbedId, String reason, Instant now) {
        Book book = book(tenant);
        Contact survivor = book.byId(survivorId);
        Contact absorbed = book.byId(absorbedId);
        if (survivor == null || absorbed == null || survivor.id().equals(absorbed.id())) {
            return Optional.empty();
        }
        var merge = new ContactMerge(Uuid7.at(now), survivor, absorbed, reason, now);
        book.absorb(merge);
        book.put(merge.merged());
        return Optional.of(merge);
    }

    @Override
    public synchronized List<ContactMerge> merges(TenantId tenant, String contactId) {
        Contact contact = book(tenant).byId(contactId);
        return contact == null ? List.of() : book(tenant).mergesInto(contact.id());
    }

    @Override
    public synchronized Optional<Contact> undoMerge(TenantId tenant, String mergeId, Instant now) {
        Book book = book(tenant);
        ContactMerge merge = book.merges.get(mergeId);
        Contact survivor =
                merge == null ? null : book.contacts.get(merge.survivorBefore().id());
        if (merge == null || survivor == null) {
            return Optional.empty();
        }
        book.merges.remove(mergeId);
        book.absorbedInto.remove(merge.absorbed().id());
        book.put(merge.survivorAfterUndo(survivor, now));
        Contact restored = merge.absorbedAfterUndo(survivor, now);
        book.put(restored);
        return Optional.of(restored);
    }

    @Override
    public synchronized boolean erase(TenantId tenant, String contactId) {
        Book book = book(tenant);
        Contact contact = book.byId(contactId);
        if (contact == null) {
            return false;
        }
        book.remove(contact.id());
        var survivors = new ArrayDeque<>(List.of(contact.id()));
        while (!survivors.isEmpty()) {
            for (ContactMerge merge : book.mergesInto(survivors.remove())) {
                book.merges.remove(merge.id());
                book.absorbedInto.remove(merge.absorbed().id());
                survivors.add(merge.absorbed().id());
            }
        }
        return true;
    }

    private Book book(TenantId tenant) {
        return books.computeIfAbsent(tenant, key -> new Book());
    }

    /** One tenant's contacts. */
    private static final class Book {

        private final TreeMap<String, Contact> contacts = new TreeMap<>();
        private final Map<Identity, String> owners = new HashMap<>();
        private final Map<String, ContactMerge> merges = new LinkedHashMap<>();
        private final Map<String, String> absorbedInto = new HashMap<>();

        @Nullable
        Contact byIdentity(Identity identity) {
            String id = owners.get(identity);
            return id == null ? null : contacts.get(id);
        }

        @Nullable
        Contact byId(String contactId) {
            String id = contactId;
            while (absorbedInto.containsKey(id)) {
                id = absorbedInto.get(id);
            }
            return contacts.get(id);
        }

        List<ContactMerge> mergesInto(String survivorId) {
            var found = new ArrayList<ContactMerge>();
            for (ContactMerge merge : merges.values()) {
                if (merge.survivorBefore().id().equals(survivorId)) {
                    found.add(0, merge);
                }
            }
            return found;
        }

        void put(Contact contact) {
            remove(contact.id());
            contact.identities().forEach(identity -> owners.put(identity, contact.id()));
            contacts.put(contact.id(), contact);
        }

        void remove(String id) {
            Contact before = contacts.remove(id);
            if (before != null) {
                before.identities().forEach(identity -> owners.remove(identity, id));
            }
        }

        void absorb(ContactMerge merge) {
            remove(merge.absorbed().id());
            merges.put(merge.id(), merge);
            absorbedInto.put(merge.absorbed().id(), merge.survivorBefore().id());
        }
    }
}
