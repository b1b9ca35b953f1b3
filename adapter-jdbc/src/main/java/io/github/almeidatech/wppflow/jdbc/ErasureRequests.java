package io.github.almeidatech.wppflow.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The requests to be forgotten, of all tenants. Thread-safe; blocks on storage only; each call is one transaction. */
public final class ErasureRequests {

    private final Writer writer;
    private final Reader reader;

    ErasureRequests(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /** Writes a request in the place of the one with its id. */
    public void put(ErasureRequest request) {
        String body = Json.write(Json.fields(
                "identities",
                request.identities().stream()
                        .map(identity -> List.of(identity.kind().word(), identity.value()))
                        .toList(),
                "phone",
                request.phone(),
                "chatwoot",
                request.chatwoot(),
                "requested_by",
                request.requestedBy(),
                "receipt",
                request.receipt(),
                "problem",
                request.problem()));
        writer.write(tx -> tx.update(
                """
                insert into erasure (tenant, id, pseudonym, requested_at, finished_at, body) values (?, ?, ?, ?, ?, ?)
                on conflict (tenant, id) do update set finished_at = excluded.finished_at, body = excluded.body
                """,
                request.tenant().value(),
                request.id(),
                request.pseudonym(),
                request.requestedAt(),
                request.finishedAt(),
                body));
    }

    /** The one with this id. */
    public Optional<ErasureRequest> find(TenantId tenant, String id) {
        return reader.read(
                tenant,
                session -> session.first(
                        "select * from erasure where tenant = ? and id = ?",
                        ErasureRequests::read,
                        tenant.value(),
                        id));
    }

    /** A tenant's, the newest first. */
    public List<ErasureRequest> list(TenantId tenant, int limit) {
        return reader.read(
                tenant,
                session -> session.list(
                        "select * from erasure where tenant = ? order by requested_at desc, id desc limit " + limit,
                        ErasureRequests::read,
                        tenant.value()));
    }

    /** Those that follow in the list after one; none when it is not there. */
    public List<ErasureRequest> listAfter(TenantId tenant, String id, int limit) {
        return reader.read(
                tenant, session -> session.list("""
                        select * from erasure where tenant = ?
                          and (requested_at, id) < (select requested_at, id from erasure where tenant = ? and id = ?)
                        order by requested_at desc, id desc limit ?
                        """, ErasureRequests::read, tenant.value(), tenant.value(), id, limit));
    }

    /** All that are not finished, the oldest first. */
    public List<ErasureRequest> open() {
        return reader.readAll(session -> session.list(
                "select * from erasure where finished_at is null order by requested_at", ErasureRequests::read));
    }

    private static ErasureRequest read(ResultSet row) throws SQLException {
        JsonNode body = Json.tree(row.getString("body"));
        Set<Identity> identities = new LinkedHashSet<>();
        body.path("identities")
                .forEach(pair -> identities.add(new Identity(
                        Identity.Kind.valueOf(pair.path(0).asText().toUpperCase(Locale.ROOT)),
                        pair.path(1).asText())));
        Map<String, Long> receipt = new LinkedHashMap<>();
        body.path("receipt")
                .properties()
                .forEach(step -> receipt.put(step.getKey(), step.getValue().asLong()));
        Long finished = Session.nullableLong(row, "finished_at");
        return new ErasureRequest(
                row.getString("id"),
                new TenantId(row.getString("tenant")),
                row.getString("pseudonym"),
                identities,
                text(body.get("phone")),
                body.path("chatwoot").asBoolean(),
                body.path("requested_by").asText(),
                Session.instant(row, "requested_at"),
                receipt,
                text(body.get("problem")),
                finished == null ? null : Instant.ofEpochMilli(finished));
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : value.asText();
    }
}
