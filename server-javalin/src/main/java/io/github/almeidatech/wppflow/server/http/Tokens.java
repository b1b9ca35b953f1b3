package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API's bearer tokens, kept as SHA-256 only. Immutable. */
public final class Tokens {

    /** What a token may do. */
    public enum Scope {
        READ,
        WRITE,
        ADMIN
    }

    /**
     * Who calls.
     *
     * @param name for logs and limits; not secret
     * @param tenant the only tenant it may touch; null for an operator, who names the tenant in each request
     * @param scopes what it may do
     */
    public record Caller(String name, @Nullable TenantId tenant, Set<Scope> scopes) {}

    private final Map<String, Caller> byHash = new HashMap<>();

    /** @param tokens as configured */
    public Tokens(List<Config.Token> tokens) {
        for (Config.Token token : tokens) {
            Set<Scope> scopes = token.scopes().stream()
                    .map(word -> switch (word) {
                        case "read" -> Scope.READ;
                        case "write" -> Scope.WRITE;
                        default -> Scope.ADMIN;
                    })
                    .collect(java.util.stream.Collectors.toUnmodifiableSet());
            TenantId tenant = token.tenant() == null ? null : new TenantId(token.tenant());
            byHash.put(hash(token.token().reveal()), new Caller(token.name(), tenant, scopes));
        }
    }

    /** The caller named by an {@code Authorization} header, looked up by hash so that no comparison leaks its length. */
    Optional<Caller> authenticate(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return Optional.ofNullable(byHash.get(hash(authorization.substring(7).strip())));
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
