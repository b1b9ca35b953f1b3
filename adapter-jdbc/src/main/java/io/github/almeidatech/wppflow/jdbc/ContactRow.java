package io.github.almeidatech.wppflow.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactMerge;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.jdbc.Reads.PersonRef;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A contact as rows, and as JSON inside a merge. */
final class ContactRow {

    private static final String SELECT = """
            select id, phone, name, email, custom_fields, opted_out, created_at, updated_at from contact
            where tenant = ? and id = ?
            """;

    private ContactRow() {}

    /** Runs a query; reading sessions and transactions both can. */
    @FunctionalInterface
    interface Queries {
        <T> List<T> list(String sql, Session.Row<T> mapper, @Nullable Object... arguments) throws SQLException;
    }

    /** @param lock added to the select of the contact's row */
    static Optional<Contact> find(Queries queries, TenantId tenant, String id, String lock) throws SQLException {
        List<Contact> found = queries.list(SELECT + lock, row -> contact(tenant, row), tenant.value(), id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Set<Identity> identities = new LinkedHashSet<>(queries.list(
                "select kind, value from contact_identity where tenant = ? and contact_id = ?",
                row -> identity(row.getString("kind"), row.getString("value")),
                tenant.value(),
                id));
        return Optional.of(withIdentities(found.get(0), identities));
    }

    /** The id of the contact with the first of these identities that somebody has. */
    static Optional<String> owner(Queries queries, TenantId tenant, Collection<Identity> identities)
            throws SQLException {
        if (identities.isEmpty()) {
            return Optional.empty();
        }
        var arguments = new ArrayList<Object>(List.of(tenant.value()));
        for (Identity each : identities) {
            arguments.add(each.kind().word());
            arguments.add(each.value());
        }
        String sql =
                "select kind, value, contact_id from contact_identity where tenant = ? and (kind, value) in (values (?, ?)"
                        + ", (?, ?)".repeat(identities.size() - 1) + ")";
        var owners = new HashMap<PersonRef, String>();
        queries.list(
                sql,
                row -> owners.put(
                                new PersonRef(tenant, row.getString("kind"), row.getString("value")),
                                row.getString("contact_id"))
                        == null,
                arguments.toArray());
        return identities.stream()
                .flatMap(each -> Optional.ofNullable(owners.get(PersonRef.of(tenant, each))).stream())
                .findFirst();
    }

    /** The id under which a contact lives by now, when it has been absorbed. */
    static String survivor(Queries queries, TenantId tenant, String id) throws SQLException {
        String present = id;
        while (true) {
            List<String> next = queries.list(
                    "select survivor_id from contact_merge where tenant = ? and absorbed_id = ?",
                    row -> row.getString(1),
                    tenant.value(),
                    present);
            if (next.isEmpty()) {
                return present;
            }
            present = next.get(0);
        }
    }

    private static Contact contact(TenantId tenant, ResultSet row) throws SQLException {
        return new Contact(
                row.getString("id"),
                tenant,
                row.getString("phone"),
                row.getString("name"),
                row.getString("email"),
                texts(Json.tree(row.getString("custom_fields"))),
                Set.of(Identity.person("read in a moment")),
                row.getInt("opted_out") != 0,
                Session.instant(row, "created_at"),
                Session.instant(row, "updated_at"));
    }

    private static Contact withIdentities(Contact contact, Set<Identity> identities) {
        return new Contact(
                contact.id(),
                contact.tenant(),
                contact.phone(),
                contact.name(),
                contact.email(),
                contact.customFields(),
                identities,
                contact.optedOut(),
                contact.createdAt(),
                contact.updatedAt());
    }

    static Identity identity(String kind, String value) {
        return new Identity(Identity.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), value);
    }

    private static Map<String, String> texts(JsonNode object) {
        var map = new LinkedHashMap<String, String>();
        object.properties()
                .forEach(field -> map.put(field.getKey(), field.getValue().asText()));
        return map;
    }

    static String json(ContactMerge merge) {
        return Json.write(Json.fields(
                "id", merge.id(),
                "survivor_before", plain(merge.survivorBefore()),
                "absorbed", plain(merge.absorbed()),
                "reason", merge.reason(),
                "at", merge.at().toString()));
    }

    static ContactMerge merge(TenantId tenant, String json) {
        JsonNode node = Json.tree(json);
        return new ContactMerge(
                node.path("id").asText(),
                contact(tenant, node.path("survivor_before")),
                contact(tenant, node.path("absorbed")),
                node.path("reason").asText(),
                Instant.parse(node.path("at").asText()));
    }

    private static Map<String, Object> plain(Contact contact) {
        return Json.fields(
                "id", contact.id(),
                "phone", contact.phone(),
                "name", contact.name(),
                "email", contact.email(),
                "custom_fields", contact.customFields(),
                "identities",
                        contact.identities().stream()
                                .map(each -> Json.fields("kind", each.kind().word(), "value", each.value()))
                                .toList(),
                "opted_out", contact.optedOut(),
                "created_at", contact.createdAt().toString(),
                "updated_at", contact.updatedAt().toString());
    }

    private static Contact contact(TenantId tenant, JsonNode node) {
        var identities = new LinkedHashSet<Identity>();
        for (JsonNode each : node.path("identities")) {
            identities.add(
                    identity(each.path("kind").asText(), each.path("value").asText()));
        }
        return new Contact(
                node.path("id").asText(),
                tenant,
                node.path("phone").textValue(),
                node.path("name").textValue(),
                node.path("email").textValue(),
                texts(node.path("custom_fields")),
                identities,
                node.path("opted_out").asBoolean(),
                Instant.parse(node.path("created_at").asText()),
                Instant.parse(node.path("updated_at").asText()));
    }
}
