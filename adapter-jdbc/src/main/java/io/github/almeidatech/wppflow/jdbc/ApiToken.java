package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token of the API, without the token itself.
 *
 * @param id names it in lists and when it is revoked; the beginning of the token
 * @param name whose it is, for logs and limits; unique among the tokens of its tenant that are not revoked
 * @param tenant the only tenant it may touch; null for an operator's
 * @param scopes words
 * @param usedAt last use, to the minute; null when it never was
 * @param revokedAt null while it may be used
 */
public record ApiToken(
        String id,
        String name,
        @Nullable TenantId tenant,
        Set<String> scopes,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant usedAt,
        @Nullable Instant revokedAt) {

    public ApiToken {
        scopes = Set.copyOf(scopes);
    }

    /** Whether it opens the door at that time. */
    public boolean isValid(Instant now) {
        return revokedAt == null && now.isBefore(expiresAt);
    }
}
