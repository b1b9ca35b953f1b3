package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactMerge;
import io.github.almeidatech.wppflow.contacts.ContactPage;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Upsert;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The contacts of all tenants on SQL. Thread-safe. */
final class JdbcContactStore implements ContactStore {

    private final Writer writer;
    private final Reader reader;

    JdbcContactStore(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public Optional<Contact> find(TenantId tenant, Identity identity) {
        return reader.read(tenant, session -> {
            Optional<String> id = owner(session::list, tenant, identity);
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
        Reads locks = Reads.locking(
                tenant, update.identities().stream().map(JdbcContactStore::name).toList());
        return writer.write(locks, tx -> {
            var ids = new TreeSet<String>();
            for (Identity identity : update.identities()) {
                owner(tx::list, tenant, identity).ifPresent(ids::add);
            }
            var found = new ArrayList<Contact>();
            for (String id : ids) {
                locked(tx, tenant, id).ifPresent(found::add);
            }
            Upsert upsert = Upsert.of(tenant, found, update, now);
            for (ContactMerge merge : upsert.merges()) {
                absorb(tx, merge);
            }
            put(tx, upsert.contact());
            return upsert.contact();
        });
    }

    @Override
    public Optional<Contact> patch(TenantId tenant, String contactId, ContactPatch patch, Instant now) {
        return writer.write(Reads.locking(tenant, List.of(contactId)), tx -> {
            Optional<Contact> found = locked(tx, tenant, contactId);
            if (found.isEmpty()) {
                return found;
            }
            Contact patched = patch.applyTo(found.get(), now);
            put(tx, patched);
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
            absorb(tx, merge);
            put(tx, merge.merged());
            return Optional.of(merge);
        });
    }

    @Override
    public List<ContactMerge> merges(TenantId tenant, String contactId) {
        return reader.read(tenant, session -> {
            String id = ContactRow.survivor(session::list, tenant, contactId);
            return session.list(
                    "select body from contact_merge where tenant = ? and survivor_id = ? order by id desc",
                    row -> ContactRow.merge(tenant, row.getString(1)),
                    tenant.value(),
                    id);
        });
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
            Contact restored = merge.get().absorbedAfterUndo(survivor.get(), now);
            put(tx, merge.get().survivorAfterUndo(survivor.get(), now));
            put(tx, restored);
            return Optional.of(restored);
        });
    }

    @Override
    public boolean erase(TenantId tenant, String contactId) {
        return writer.write(Reads.locking(tenant, List.of(contactId)), tx -> {
            Optional<Contact> contact = locked(tx, tenant, contactId);
            return contact.isPresent() && erase(tx, tenant, contact.get().id());
        });
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

    static Optional<String> owner(ContactRow.Queries queries, TenantId tenant, Identity identity) throws SQLException {
        return queries
                .list(
                        "select contact_id from contact_identity where tenant = ? and kind = ? and value = ?",
                        row -> row.getString(1),
                        tenant.value(),
                        identity.kind().word(),
                        identity.value())
                .stream()
                .findFirst();
    }

    /** {@code toString} masks the value. */
    private static String name(Identity identity) {
        return identity.kind().word() + '/' + identity.value();
    }

    private static Optional<Contact> locked(Tx tx, TenantId tenant, String contactId) throws SQLException {
        String id = ContactRow.survivor(tx::list, tenant, contactId);
        return ContactRow.find(tx::list, tenant, id, tx.dialect().forUpdate());
    }

    private static void put(Tx tx, Contact contact) throws SQLException {
        String tenant = contact.tenant().value();
        tx.update(
                """
                insert into contact (tenant, id, phone, name, email, custom_fields, opted_out, created_at, updated_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (tenant, id) do update set phone = excluded.phone, name = excluded.name,
                  email = excluded.email, custom_fields = excluded.custom_fields, opted_out = excluded.opted_out,
                  updated_at = excluded.updated_at
                """,
                tenant,
                contact.id(),
                contact.phone(),
                contact.name(),
                contact.email(),
                Json.write(contact.customFields()),
                contact.optedOut(),
                contact.createdAt(),
                contact.updatedAt());
        Set<Identity> before = Set.copyOf(tx.list(
                "select kind, value from contact_identity where tenant = ? and contact_id = ?",
                row -> ContactRow.identity(row.getString("kind"), row.getString("value")),
                tenant,
                contact.id()));
        for (Identity gone : before) {
            if (!contact.identities().contains(gone)) {
                tx.update(
                        "delete from contact_identity where tenant = ? and kind = ? and value = ?",
                        tenant,
                        gone.kind().word(),
                        gone.value());
            }
        }
        for (Identity identity : contact.identities()) {
            if (!before.contains(identity)) {
                tx.update(
                        "insert into contact_identity (tenant, kind, value, contact_id) values (?, ?, ?, ?)",
                        tenant,
                        identity.kind().word(),
                        identity.value(),
                        contact.id());
            }
        }
    }

    private static void remove(Tx tx, TenantId tenant, String id) throws SQLException {
        tx.update("delete from contact_identity where tenant = ? and contact_id = ?", tenant.value(), id);
        tx.update("delete from contact where tenant = ? and id = ?", tenant.value(), id);
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
