package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.contacts.CopyState.Copied;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Contacts that last as long as the process. Thread-safe. */
public final class InMemoryContactStore implements ContactStore {

    private final Map<TenantId, Book> books = new HashMap<>();
    private final Predicate<TenantId> copied;

    /** A store of contacts without copies. */
    public InMemoryContactStore() {
        this(tenant -> false);
    }

    /** @param copied the tenants whose contacts have a copy outside */
    public InMemoryContactStore(Predicate<TenantId> copied) {
        this.copied = copied;
    }

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
        List<Copied> found = book.found(update);
        Contact after = book.upsert(tenant, found, update, now);
        note(tenant, found, after, update.told(), now);
        return after;
    }

    /** Notes what a change leaves to be copied. */
    private void note(TenantId tenant, List<Copied> before, Contact after, boolean told, Instant now) {
        if (copied.test(tenant)) {
            book(tenant).states.put(after.id(), CopyState.after(before, after, told, now));
        }
    }

    @Override
    public synchronized Optional<Contact> patch(TenantId tenant, String contactId, ContactPatch patch, Instant now) {
        Book book = book(tenant);
        Contact before = book.byId(contactId);
        if (before == null) {
            return Optional.empty();
        }
        List<Copied> found = List.of(book.withState(before));
        Contact after = patch.applyTo(before, now);
        book.put(after);
        note(tenant, found, after, true, now);
        return Optional.of(after);
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
        List<Copied> found = List.of(book.withState(survivor), book.withState(absorbed));
        book.absorb(merge);
        book.put(merge.merged());
        note(tenant, found, merge.merged(), true, now);
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
        List<Copied> found = List.of(book.withState(survivor));
        book.merges.remove(mergeId);
        book.mergesInto(survivor.id()).forEach(other -> book.merges.put(other.id(), other.without(merge)));
        book.absorbedInto.remove(merge.absorbed().id());
        Contact left = merge.survivorAfterUndo(survivor, now);
        Contact restored = merge.absorbedAfterUndo(survivor, now);
        book.put(left);
        book.put(restored);
        note(tenant, found, left, true, now);
        note(tenant, found, restored, true, now);
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
        book.states.remove(contact.id());
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

    @Override
    public synchronized Optional<Contact> takeOver(TenantId tenant, ContactUpdate update, Instant readAt, Instant now) {
        Book book = book(tenant);
        List<Copied> found = book.found(update);
        if (found.stream().anyMatch(each -> each.state().writtenSince(readAt))) {
            return Optional.empty();
        }
        Contact after = book.upsert(tenant, found, CopyState.acceptable(update, found), now);
        if (found.size() > 1) {
            note(tenant, found, after, false, now);
        }
        return Optional.of(after);
    }

    @Override
    public synchronized void wantCopy(TenantId tenant, String contactId, Instant now) {
        if (copied.test(tenant)) {
            book(tenant).change(contactId, state -> state.wanted(now));
        }
    }

    @Override
    public synchronized Optional<Copied> claimCopy(TenantId tenant, Instant now, Duration lease) {
        Book book = book(tenant);
        Optional<Copied> next = book.contacts.values().stream()
                .map(book::withState)
                .filter(each ->
                        each.state().due() != null && !each.state().due().isAfter(now))
                .min(Comparator.comparing(
                        each -> Objects.requireNonNull(each.state().due())));
        next.ifPresent(each -> book.change(each.contact().id(), state -> state.notBefore(now.plus(lease))));
        return next;
    }

    @Override
    public synchronized boolean copied(
            TenantId tenant, Contact written, Set<String> left, Set<Identity> copies, Instant now) {
        Book book = book(tenant);
        Contact present = book.byId(written.id());
        if (present == null) {
            return false;
        }
        Set<Identity> free = copies.stream()
                .filter(identity -> book.byIdentity(identity) == null)
                .collect(Collectors.toSet());
        Contact linked = present.withIdentities(free);
        book.put(linked);
        book.change(present.id(), state -> state.written(written, left, linked, now));
        return true;
    }

    @Override
    public synchronized void notCopied(TenantId tenant, String contactId, Instant retryAt) {
        book(tenant).change(contactId, state -> state.notBefore(retryAt));
    }

    @Override
    public synchronized Optional<Instant> copyDue(TenantId tenant, String contactId) {
        return Optional.ofNullable(book(tenant).byId(contactId))
                .map(contact -> book(tenant).withState(contact).state().due());
    }

    @Override
    public synchronized CopyBacklog copyBacklog(TenantId tenant) {
        List<Instant> since = book(tenant).states.values().stream()
                .map(CopyState::since)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return new CopyBacklog(since.size(), since.isEmpty() ? null : since.get(0));
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
        private final Map<String, CopyState> states = new HashMap<>();

        Copied withState(Contact contact) {
            return new Copied(contact, states.getOrDefault(contact.id(), CopyState.EVEN));
        }

        /** Everybody who has one of the identities. */
        List<Copied> found(ContactUpdate update) {
            return update.identities().stream()
                    .map(this::byIdentity)
                    .filter(Objects::nonNull)
                    .distinct()
                    .map(this::withState)
                    .toList();
        }

        Contact upsert(TenantId tenant, List<Copied> found, ContactUpdate update, Instant now) {
            Upsert upsert =
                    Upsert.of(tenant, found.stream().map(Copied::contact).toList(), update, now);
            upsert.merges().forEach(this::absorb);
            put(upsert.contact());
            return upsert.contact();
        }

        void change(String contactId, UnaryOperator<CopyState> change) {
            Contact contact = byId(contactId);
            if (contact != null) {
                states.put(contact.id(), change.apply(withState(contact).state()));
            }
        }

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
            states.remove(merge.absorbed().id());
            merges.put(merge.id(), merge);
            absorbedInto.put(merge.absorbed().id(), merge.survivorBefore().id());
        }
    }
}
