package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.jdbc.ApiToken;
import io.github.almeidatech.wppflow.jdbc.ApiTokens;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens made, listed and revoked at run time. A tenant's administrator makes tokens of that tenant only, an operator
 * also such without a tenant.
 */
final class TokenRoutes implements RouteGroup {

    private static final int DEFAULT_DAYS = 365;

    private final Tenants tenants;
    private final ApiTokens tokens;
    private final Audit audit;
    private final InstantSource clock;
    private final int maxBytes;

    TokenRoutes(Tenants tenants, ApiTokens tokens, Audit audit, InstantSource clock, int maxBytes) {
        this.tenants = tenants;
        this.tokens = tokens;
        this.audit = audit;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/tokens", this::list, Access.ADMIN);
        routes.post("/api/v1/tokens", this::create, Access.ADMIN);
        routes.delete("/api/v1/tokens/{id}", this::revoke, Access.ADMIN);
    }

    /** What a token is to be. */
    record NewToken(
            @Nullable String tenantId,

            @NotNull @Pattern(regexp = "[\\w .-]{1,60}", message = "1 to 60 letters, digits, blanks, . _ - wanted")
            String name,

            @NotEmpty Set<@Pattern(regexp = "read|write|admin", message = "read, write or admin wanted") String> scopes,

            @Nullable @Min(1) @Max(365) Integer expiresInDays) {}

    private void list(Context ctx) {
        List<ApiToken> found = tokens.list(tenantOf(ctx, ctx.queryParam("tenant_id")));
        Envelope.ok(ctx, Map.of("tokens", found.stream().map(this::view).toList()));
    }

    private void create(Context ctx) {
        NewToken wanted = Body.read(ctx, NewToken.class, maxBytes);
        Instant now = clock.instant();
        Integer days = wanted.expiresInDays();
        ApiTokens.Issued issued = tokens.issue(
                wanted.name(),
                tenantOf(ctx, wanted.tenantId()),
                wanted.scopes(),
                now.plus(Duration.ofDays(days == null ? DEFAULT_DAYS : days)),
                now);
        note(ctx, "token_created", issued.token().tenant(), issued.token().id());
        Map<String, Object> data = view(issued.token());
        data.put("token", issued.secret());
        Envelope.ok(ctx, data);
    }

    private void revoke(Context ctx) {
        TenantId tenant = tenantOf(ctx, ctx.queryParam("tenant_id"));
        String id = ctx.pathParam("id");
        if (!tokens.revoke(tenant, id, clock.instant())) {
            throw new ApiException(ApiError.ERR_NOT_FOUND, Map.of());
        }
        note(ctx, "token_revoked", tenant, id);
        Envelope.ok(ctx, Map.of("id", id, "revoked", true));
    }

    /** The caller's tenant, or the one an operator names; null for an operator who names none. */
    private @Nullable TenantId tenantOf(Context ctx, @Nullable String named) {
        return named == null && Request.caller(ctx).tenant() == null
                ? null
                : Request.tenant(ctx, tenants, named).id();
    }

    /** What concerns no single tenant concerns all of them. */
    private void note(Context ctx, String action, @Nullable TenantId tenant, String id) {
        String by = Request.caller(ctx).name();
        List<TenantId> concerned =
                tenant == null ? tenants.all().stream().map(Tenants.Tenant::id).toList() : List.of(tenant);
        concerned.forEach(each -> audit.note(each, action, by, null, Map.of("token", id)));
    }

    private Map<String, Object> view(ApiToken token) {
        TenantId tenant = token.tenant();
        var data = new LinkedHashMap<String, Object>();
        data.put("id", token.id());
        data.put("name", token.name());
        data.put("tenant_id", tenant == null ? null : tenant.value());
        data.put("scopes", new TreeSet<>(token.scopes()));
        data.put("created_at", token.createdAt().toEpochMilli());
        data.put("expires_at", token.expiresAt().toEpochMilli());
        data.put("used_at", millis(token.usedAt()));
        data.put("revoked_at", millis(token.revokedAt()));
        data.put("valid", token.isValid(clock.instant()));
        return data;
    }

    private static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }
}
