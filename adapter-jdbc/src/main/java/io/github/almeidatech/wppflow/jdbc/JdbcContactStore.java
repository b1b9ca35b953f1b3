package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactMerge;
import io.github.almeidatech.wppflow.contacts.ContactPage;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.CopyBacklog;
import io.github.almeidatech.wppflow.contacts.CopyState;
import io.github.almeidatech.wppflow.contacts.CopyState.Copied;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Upsert;
import io.github.almeidatech.wppflow.jdbc.Reads.PersonRef;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contacts of all tenants on SQL. Thread-safe. */
final class JdbcContactStore implements ContactStore {

    private final Writer writer;
    private final Reader reader;
    private final Predicate<TenantId> copied;

    /** @param copied the tenants whose contacts have a copy outside */
    JdbcContactStore(Writer writer, Reader reader, Predicate<TenantId> copied) {
        this.writer = writer;
        this.reader = reader;
        this.copied = copied;
    }

    @Override
    public Optional<Contact> find(TenantId tenant, Identity identity) {
        return find(tenant, List.of(identity));
    }

    @Override
    public Optional<Contact> find(TenantId tenant, Collection<Identity> identities) {
        return reader.read(tenant, session -> {
            Optional<String> id = ContactRow.owner(session::list, tenant, identities);
            return id.isEmpty() ? Optional.empty() : ContactRow.find(session::list, tenant, id.get(), "");
        });
    }

    @Override
    public Optional<Contact> findById(TenantId tenant, String contactId) {
        return reader.read(tenant, session -> {
            String id = ContactRow.survivor(session::list, tenant, contactId);
            return ContactRow.find(session::list, tenant, id, "");
        });
    }

    @Override
    public ContactPage list(TenantId tenant, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("limit 1 to 1000 wanted, got " + limit);
        }
        return reader.read(tenant, session -> {
            List<String> ids = session.list(
                    "select id from contact where tenant = ? and id > ? order by id limit ?",
                    row -> row.getString(1),
                    tenant.value(),
                    cursor == null ? "" : cursor,
                    limit + 1);
            var contacts = new ArrayList<Contact>();
            for (String id : ids.subList(0, Math.min(limit, ids.size()))) {
                ContactRow.find(session::list, tenant, id, "").ifPresent(contacts::add);
            }
            return new ContactPage(contacts, ids.size() > limit ? ids.get(limit - 1) : null);
        });
    }

    @Override
    public Contact upsert(TenantId tenant, ContactUpdate update, Instant now) {
        return writer.write(locks(tenant, update), tx -> {
            List<Copied> found = found(tx, tenant, update);
            Contact after = upsert(tx, tenant, found, update, now);
            note(tx, found, after, update.told(), now);
            return after;
        });
    }

    private static Reads locks(TenantId tenant, ContactUpdate update) {
        return Reads.locking(
                        tenant,
                        update.identities().stream().map(JdbcContactStore::name).toList())
                .andPeople(tenant, update.identities());
    }

    /** Everybody who has one of the identities. */
    private List<Copied> found(Tx tx, TenantId tenant, ContactUpdate update) throws SQLException {
        var ids = new TreeSet<String>();
        for (Identity identity : update.identities()) {
            tx.owner(PersonRef.of(tenant, identity)).ifPresent(ids::add);
        }
        var found = new ArrayList<Copied>();
        for (String id : ids) {
            Optional<Contact> contact = locked(tx, tenant, id);
            if (contact.isPresent()) {
                found.add(withState(tx, contact.get()));
            }
        }
        return found;
    }

    private static Contact upsert(Tx tx, TenantId tenant, List<Copied> found, ContactUpdate update, Instant now)
            throws SQLException {
        Upsert upsert = Upsert.of(tenant, found.stream().map(Copied::contact).toList(), update, now);
        for (ContactMerge merge : upsert.merges()) {
            absorb(tx, merge);
        }
        Contact contact = upsert.contact();
        Set<Identity> before = found.stream()
                .map(Copied::contact)
                .filter(each -> each.id().equals(contact.id()))
                .findFirst()
                .map(Contact::identities)
                .orElse(Set.of());
        put(tx, contact, before);
        return contact;
    }

    private Copied withState(Tx tx, Contact contact) throws SQLException {
        return new Copied(
                contact,
                copied.test(contact.tenant()) ? CopyStates.find(tx, contact.tenant(), contact.id()) : CopyState.EVEN);
    }

    /** Notes what a change leaves to be copied. */
    private void note(Tx tx, List<Copied> before, Contact after, boolean told, Instant now) throws SQLException {
        if (copied.test(after.tenant())) {
            CopyStates.put(tx, after.tenant(), after.id(), CopyState.after(before, after, told, now));
        }
    }

    @Override
    public Optional<Contact> patch(TenantId tenant, String contactId, ContactPatch patch, Instant now) {
        return writer.write(Reads.locking(tenant, List.of(contactId)), tx -> {
            Optional<Contact> found = locked(tx, tenant, contactId);
            if (found.isEmpty()) {
                return found;
            }
            List<Copied> before = List.of(withState(tx, found.get()));
            Contact patched = patch.applyTo(found.get(), now);
            put(tx, patched, found.get().identities());
            note(tx, before, patched, true, now);
            return Optional.of(patched);
        });
    }

    @Override
    public Optional<ContactMerge> merge(
            TenantId tenant, String survivorId, String absorbedId, String reason, Instant now) {
        return writer.write(Reads.locking(tenant, List.of(survivorId, absorbedId)), tx -> {
            Optional<Contact> survivor = locked(tx, tenant, survivorId);
            Optional<Contact> absorbed = locked(tx, tenant, absorbedId);
            if (survivor.isEmpty()
                    || absorbed.isEmpty()
                    || survivor.get().id().equals(absorbed.get().id())) {
                return Optional.empty();
            }
            var merge = new ContactMerge(Uuid7.at(now), survivor.get(), absorbed.get(), reason, now);
            List<Copied> before = List.of(withState(tx, survivor.get()), withState(tx, absorbed.get()));
            absorb(tx, merge);
            put(tx, merge.merged(), survivor.get().identities());
            note(tx, before, merge.merged(), true, now);
            return Optional.of(merge);
        });
    }

    @Override
    public List<ContactMerge> merges(TenantId tenant, String contactId) {
        return reader.read(tenant, session -> {
            String id = ContactRow.survivor(session::list, tenant, contactId);
            return merges(session::list, tenant, id);
        });
    }

    private static List<ContactMerge> merges(ContactRow.Queries queries, TenantId tenant, String survivorId)
            throws SQLException {
        return queries.list(
                "select body from contact_merge where tenant = ? and survivor_id = ? order by id desc",
                row -> ContactRow.merge(tenant, row.getString(1)),
                tenant.value(),
                survivorId);
    }

    @Override
    public Optional<Contact> undoMerge(TenantId tenant, String mergeId, Instant now) {
        return writer.write(tx -> {
            Optional<ContactMerge> merge = tx.first(
                    "select body from contact_merge where tenant = ? and merge_id = ?",
                    row -> ContactRow.merge(tenant, row.getString(1)),
                    tenant.value(),
                    mergeId);
            if (merge.isEmpty()) {
                return Optional.empty();
            }
            Optional<Contact> survivor = ContactRow.find(
                    tx::list,
                    tenant,
                    merge.get().survivorBefore().id(),
                    tx.dialect().forUpdate());
            if (survivor.isEmpty()) {
                return Optional.empty();
            }
            tx.update("delete from contact_merge where tenant = ? and merge_id = ?", tenant.value(), mergeId);
            forget(tx, merge.get());
            List<Copied> before = List.of(withState(tx, survivor.get()));
            Contact left = merge.get().survivorAfterUndo(survivor.get(), now);
            Contact restored = merge.get().absorbedAfterUndo(survivor.get(), now);
            put(tx, left, survivor.get().identities());
            put(tx, restored, Set.of());
            note(tx, before, left, true, now);
            note(tx, before, restored, true, now);
            return Optional.of(restored);
        });
    }

    /** A merge that was taken back, in what later ones of its survivor keep. */
    private static void forget(Tx tx, ContactMerge undone) throws SQLException {
        Contact survivor = undone.survivorBefore();
        for (ContactMerge other : merges(tx::list, survivor.tenant(), survivor.id())) {
            ContactMerge without = other.without(undone);
            if (!without.equals(other)) {
                tx.update(
                        "update contact_merge set body = ? where tenant = ? and merge_id = ?",
                        ContactRow.json(without),
                        survivor.tenant().value(),
                        other.id());
            }
        }
    }

    @Override
    public boolean erase(TenantId tenant, String contactId) {
        return writer.write(Reads.locking(tenant, List.of(contactId)), tx -> {
            Optional<Contact> contact = locked(tx, tenant, contactId);
            return contact.isPresent() && erase(tx, tenant, contact.get().id());
        });
    }

    // Copies

    @Override
    public Optional<Contact> takeOver(TenantId tenant, ContactUpdate update, Instant readAt, Instant now) {
        return writer.write(locks(tenant, update), tx -> {
            List<Copied> found = found(tx, tenant, update);
            if (found.stream().anyMatch(each -> each.state().writtenSince(readAt))) {
                return Optional.empty();
            }
            Contact after = upsert(tx, tenant, found, CopyState.acceptable(update, found), now);
            if (found.size() > 1) {
                note(tx, found, after, false, now);
            }
            return Optional.of(after);
        });
    }

    @Override
    public void wantCopy(TenantId tenant, String contactId, Instant now) {
        if (copied.test(tenant)) {
            change(tenant, contactId, state -> state.wanted(now));
        }
    }

    @Override
    public Optional<Copied> claimCopy(TenantId tenant, Instant now, Duration lease) {
        boolean none = reader.read(tenant, session -> CopyStates.due(session::list, tenant, now, ""))
                .isEmpty();
        if (none) {
            return Optional.empty(); // asked every few seconds: nothing is locked for that
        }
        return writer.write(tx -> {
            Optional<String> id =
                    CopyStates.due(tx::list, tenant, now, tx.dialect().forUpdateSkippingLocked());
            Optional<Contact> contact =
                    id.isEmpty() ? Optional.empty() : ContactRow.find(tx::list, tenant, id.get(), "");
            if (contact.isEmpty()) {
                return Optional.empty();
            }
            Copied claimed = withState(tx, contact.get());
            CopyStates.put(tx, tenant, id.get(), claimed.state().notBefore(now.plus(lease)));
            return Optional.of(claimed);
        });
    }

    @Override
    public boolean copied(TenantId tenant, Contact written, Set<String> left, Set<Identity> copies, Instant now) {
        List<String> names = Stream.concat(
                        Stream.of(written.id()), copies.stream().map(JdbcContactStore::name))
                .toList();
        return writer.write(Reads.locking(tenant, names), tx -> {
            Optional<Contact> present = locked(tx, tenant, written.id());
            if (present.isEmpty()) {
                return false;
            }
            var free = new LinkedHashSet<Identity>();
            for (Identity identity : copies) {
                if (tx.owner(PersonRef.of(tenant, identity)).isEmpty()) {
                    free.add(identity);
                }
            }
            Contact linked = present.get().withIdentities(free);
            CopyState before = CopyStates.find(tx, tenant, linked.id());
            put(tx, linked, present.get().identities());
            CopyStates.put(tx, tenant, linked.id(), before.written(written, left, linked, now));
            return true;
        });
    }

    @Override
    public void notCopied(TenantId tenant, String contactId, Instant retryAt) {
        change(tenant, contactId, state -> state.notBefore(retryAt));
    }

    private void change(TenantId tenant, String contactId, UnaryOperator<CopyState> change) {
        writer.write(Reads.locking(tenant, List.of(contactId)), tx -> {
            Optional<Contact> present = locked(tx, tenant, contactId);
            if (present.isPresent()) {
                String id = present.get().id();
                CopyStates.put(tx, tenant, id, change.apply(CopyStates.find(tx, tenant, id)));
            }
            return present.isPresent();
        });
    }

    @Override
    public Optional<Instant> copyDue(TenantId tenant, String contactId) {
        return reader.read(tenant, session -> CopyStates.dueOf(session, tenant, contactId));
    }

    @Override
    public CopyBacklog copyBacklog(TenantId tenant) {
        return reader.read(tenant, session -> CopyStates.backlog(session, tenant));
    }

    /** With everything kept of contacts it has absorbed, also indirectly. */
    static boolean erase(Tx tx, TenantId tenant, String id) throws SQLException {
        remove(tx, tenant, id);
        var survivors = new ArrayDeque<>(List.of(id));
        while (!survivors.isEmpty()) {
            String survivor = survivors.remove();
            survivors.addAll(tx.list(
                    "select absorbed_id from contact_merge where tenant = ? and survivor_id = ?",
                    row -> row.getString(1),
                    tenant.value(),
                    survivor));
            tx.update("delete from contact_merge where tenant = ? and survivor_id = ?", tenant.value(), survivor);
        }
        return true;
    }

    /** {@code toString} masks the value. */
    private static String name(Identity identity) {
        return identity.kind().word() + '/' + identity.value();
    }

    private static Optional<Contact> locked(Tx tx, TenantId tenant, String contactId) throws SQLException {
        String id = ContactRow.survivor(tx::list, tenant, contactId);
        return ContactRow.find(tx::list, tenant, id, tx.dialect().forUpdate());
    }

    /** @param before the identities that it has so far */
    private static void put(Tx tx, Contact contact, Set<Identity> before) throws SQLException {
        TenantId tenant = contact.tenant();
        tx.later(
                """
                insert into contact (tenant, id, phone, name, email, custom_fields, opted_out, created_at, updated_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (tenant, id) do update set phone = excluded.phone, name = excluded.name,
                  email = excluded.email, custom_fields = excluded.custom_fields, opted_out = excluded.opted_out,
                  updated_at = excluded.updated_at
                """,
                tenant.value(),
                contact.id(),
                contact.phone(),
                contact.name(),
                contact.email(),
                Json.write(contact.customFields()),
                contact.optedOut(),
                contact.createdAt(),
                contact.updatedAt());
        for (Identity gone : before) {
            if (!contact.identities().contains(gone)) {
                tx.update(
                        "delete from contact_identity where tenant = ? and kind = ? and value = ?",
                        tenant.value(),
                        gone.kind().word(),
                        gone.value());
                tx.forgetOwners();
            }
        }
        for (Identity identity : contact.identities()) {
            if (!before.contains(identity)) {
                tx.own(PersonRef.of(tenant, identity), contact.id());
            }
        }
    }

    private static void remove(Tx tx, TenantId tenant, String id) throws SQLException {
        tx.update("delete from contact_identity where tenant = ? and contact_id = ?", tenant.value(), id);
        tx.update("delete from contact where tenant = ? and id = ?", tenant.value(), id);
        tx.forgetOwners();
    }

    private static void absorb(Tx tx, ContactMerge merge) throws SQLException {
        TenantId tenant = merge.absorbed().tenant();
        remove(tx, tenant, merge.absorbed().id());
        tx.update(
                """
                insert into contact_merge (tenant, merge_id, survivor_id, absorbed_id, body) values (?, ?, ?, ?, ?)
                """,
                tenant.value(),
                merge.id(),
                merge.survivorBefore().id(),
                merge.absorbed().id(),
                ContactRow.json(merge));
    }
}
