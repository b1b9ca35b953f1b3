package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The API's bearer tokens that were made at run time: 256 random bits each, told once, kept as SHA-256 (security default
 * A9). A change is seen by the next call of every process on the database. Thread-safe; blocks on storage only.
 */
public final class ApiTokens {

    private static final String OPERATOR = "*";
    private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);
    private static final int ID_LENGTH = 12;

    private final Writer writer;
    private final Reader reader;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Instant> useNoted = new ConcurrentHashMap<>();

    ApiTokens(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * A new token.
     *
     * @param secret the token itself, {@code wfc_} and 64 hexadecimal digits; told now and never again
     */
    public record Issued(ApiToken token, String secret) {

        @Override
        public String toString() {
            return "Issued[" + token.id() + "]";
        }
    }

    /** Makes one. */
    public Issued issue(String name, @Nullable TenantId tenant, Set<String> scopes, Instant expiresAt, Instant now) {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        String secret = "wfc_" + HexFormat.of().formatHex(bits);
        var token = new ApiToken(secret.substring(0, ID_LENGTH), name, tenant, scopes, now, expiresAt, null, null);
        writer.write(tx -> tx.update(
                "insert into api_token (tenant, id, hash, name, scopes, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)",
                owner(tenant),
                token.id(),
                hash(secret),
                name,
                String.join(" ", new TreeSet<>(scopes)),
                now,
                expiresAt));
        return new Issued(token, secret);
    }

    /** Who comes with this token, if it may come; remembers that it did. */
    public Optional<ApiToken> authenticate(String secret, Instant now) {
        if (!secret.startsWith("wfc_")) {
            return Optional.empty();
        }
        Optional<ApiToken> found = reader.readAll(session ->
                        session.first("select * from api_token where hash = ?", ApiTokens::token, hash(secret)))
                .filter(token -> token.isValid(now));
        found.ifPresent(token -> noteUse(token, now));
        return found;
    }

    private void noteUse(ApiToken token, Instant now) {
        Instant noted = useNoted.get(token.id());
        if (noted == null || noted.plus(USE_NOTED_EVERY).isBefore(now)) {
            useNoted.put(token.id(), now);
            writer.write(tx -> tx.update(
                    "update api_token set used_at = ? where tenant = ? and id = ?",
                    now,
                    owner(token.tenant()),
                    token.id()));
        }
    }

    /** All that were made, also revoked and expired ones, the oldest first; all tenants' and operators' when null. */
    public List<ApiToken> list(@Nullable TenantId tenant) {
        return tenant == null
                ? reader.readAll(
                        session -> session.list("select * from api_token order by created_at, id", ApiTokens::token))
                : reader.read(
                        tenant,
                        session -> session.list(
                                "select * from api_token where tenant = ? order by created_at, id",
                                ApiTokens::token,
                                tenant.value()));
    }

    /**
     * Ends a token for good. Idempotent.
     *
     * @param tenant whose it must be; anybody's when null
     * @return false when there is no such token
     */
    public boolean revoke(@Nullable TenantId tenant, String id, Instant now) {
        String revoke = "update api_token set revoked_at = coalesce(revoked_at, ?) where id = ?";
        return writer.write(tx -> tenant == null
                        ? tx.update(revoke, now, id)
                        : tx.update(revoke + " and tenant = ?", now, id, tenant.value()))
                > 0;
    }

    private static ApiToken token(ResultSet row) throws SQLException {
        String tenant = row.getString("tenant");
        return new ApiToken(
                row.getString("id"),
                row.getString("name"),
                tenant.equals(OPERATOR) ? null : new TenantId(tenant),
                Set.of(row.getString("scopes").split(" ", -1)),
                Session.instant(row, "created_at"),
                Session.instant(row, "expires_at"),
                Session.nullableInstant(row, "used_at"),
                Session.nullableInstant(row, "revoked_at"));
    }

    private static String owner(@Nullable TenantId tenant) {
        return tenant == null ? OPERATOR : tenant.value();
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
