package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.jdbc.ApiToken;
import io.github.almeidatech.wppflow.jdbc.ApiTokens;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The API's bearer tokens: the configured ones, kept as SHA-256 only, and those made at run time. Thread-safe; may block on
 * storage.
 */
final class Tokens {

    /** What a token may do. */
    enum Scope {
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
    record Caller(String name, @Nullable TenantId tenant, Set<Scope> scopes) {}

    private record Configured(Caller caller, Instant expires) {}

    private final Map<String, Configured> byHash = new HashMap<>();
    private final ApiTokens issued;
    private final InstantSource clock;

    /** @param configured those of the configuration */
    Tokens(List<Config.Token> configured, ApiTokens issued, InstantSource clock) {
        this.issued = issued;
        this.clock = clock;
        for (Config.Token token : configured) {
            TenantId tenant = token.tenant() == null ? null : new TenantId(token.tenant());
            byHash.put(
                    hash(token.token().reveal()),
                    new Configured(
                            new Caller(token.name(), tenant, scopes(token.scopes())),
                            token.expires() == null ? Instant.MAX : Instant.parse(token.expires())));
        }
    }

    /** The caller named by an {@code Authorization} header, looked up by hash so that no comparison leaks its length. */
    Optional<Caller> authenticate(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        String token = authorization.substring(7).strip();
        Instant now = clock.instant();
        return Optional.ofNullable(byHash.get(hash(token)))
                .filter(configured -> now.isBefore(configured.expires()))
                .map(Configured::caller)
                .or(() -> issued.authenticate(token, now).map(Tokens::caller));
    }

    private static Caller caller(ApiToken token) {
        return new Caller(token.name() + " " + token.id(), token.tenant(), scopes(token.scopes()));
    }

    private static Set<Scope> scopes(Collection<String> words) {
        return words.stream()
                .map(word -> Scope.valueOf(word.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet());
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
