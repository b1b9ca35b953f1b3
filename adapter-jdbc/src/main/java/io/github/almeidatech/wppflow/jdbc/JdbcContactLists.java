package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.ContactLists;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lists of all tenants on SQL. Thread-safe. */
final class JdbcContactLists implements ContactLists {

    private final Writer writer;
    private final Reader reader;

    JdbcContactLists(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public boolean add(TenantId tenant, ContactList list, Identity identity) {
        return writer.write(tx -> tx.update(
                        "insert into contact_list (tenant, list, kind, value) values (?, ?, ?, ?)"
                                + " on conflict do nothing",
                        tenant.value(),
                        list.word(),
                        identity.kind().word(),
                        identity.value())
                > 0);
    }

    @Override
    public boolean remove(TenantId tenant, ContactList list, Identity identity) {
        return writer.write(tx -> tx.update(
                        "delete from contact_list where tenant = ? and list = ? and kind = ? and value = ?",
                        tenant.value(),
                        list.word(),
                        identity.kind().word(),
                        identity.value())
                > 0);
    }

    @Override
    public List<Identity> entries(TenantId tenant, ContactList list, @Nullable Identity after, int limit) {
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("limit 1 to 1000 wanted, got " + limit);
        }
        return reader.read(
                tenant,
                session -> session.list(
                        "select kind, value from contact_list where tenant = ? and list = ? and (kind, value) > (?, ?)"
                                + " order by kind, value limit " + limit,
                        row -> ContactRow.identity(row.getString("kind"), row.getString("value")),
                        tenant.value(),
                        list.word(),
                        after == null ? "" : after.kind().word(),
                        after == null ? "" : Session.storable(after.value())));
    }

    @Override
    public Set<ContactList> listing(TenantId tenant, Set<Identity> identities) {
        if (identities.isEmpty()) {
            return Set.of();
        }
        var arguments = new ArrayList<Object>(List.of(tenant.value()));
        for (Identity identity : identities) {
            arguments.add(identity.kind().word());
            arguments.add(identity.value());
        }
        String sql = "select distinct list from contact_list where tenant = ? and (kind, value) in (values (?, ?)"
                + ", (?, ?)".repeat(identities.size() - 1) + ")";
        return reader.read(
                tenant,
                session -> new LinkedHashSet<>(session.list(
                        sql,
                        row -> ContactList.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                        arguments.toArray())));
    }

    @Override
    public boolean isEmpty(TenantId tenant, ContactList list) {
        return reader.read(
                tenant,
                session -> session.first(
                                "select 1 from contact_list where tenant = ? and list = ? limit 1",
                                row -> true,
                                tenant.value(),
                                list.word())
                        .isEmpty());
    }
}
