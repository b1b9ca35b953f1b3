package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.jdbc.ErasureRequest;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A person's rights (LGPD art. 18). Numbers stand in bodies, never in addresses, which others log. */
final class LgpdRoutes implements RouteGroup {

    private static final int DEFAULT_LIMIT = 100;

    private final Tenants tenants;
    private final Erasure erasure;
    private final Runnable eraseSoon;
    private final int maxBytes;

    /** @param eraseSoon has what was taken down carried out, without waiting for it */
    LgpdRoutes(Tenants tenants, Erasure erasure, Runnable eraseSoon, int maxBytes) {
        this.tenants = tenants;
        this.erasure = erasure;
        this.eraseSoon = eraseSoon;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/lgpd/export", this::export, Access.ADMIN);
        routes.post("/api/v1/lgpd/erase", this::erase, Access.ADMIN);
        routes.get("/api/v1/lgpd/erasures", this::list, Access.ADMIN);
        routes.get("/api/v1/lgpd/erasures/{id}", this::show, Access.ADMIN);
        routes.post("/api/v1/lgpd/erasures/repeat", this::repeat, Access.ADMIN);
        routes.post("/api/v1/lgpd/consents", this::consent, Access.WRITE);
    }

    /** Whose data, and whether what Chatwoot has is wanted too. */
    record Person(
            @Nullable String tenantId,
            @NotNull @Size(max = 100) String phone,
            @Nullable Boolean chatwoot) {}

    /** Whose data, and whether Chatwoot's contact is to go too. */
    record Forget(
            @Nullable String tenantId,
            @NotNull @Size(max = 100) String phone,
            @Nullable Boolean chatwoot) {}

    /** Receipts of another database, or of this one before it was restored. */
    record Earlier(
            @Nullable String tenantId,
            @NotNull @Size(max = 1_000) List<@NotNull @Valid Receipt> erasures) {

        record Receipt(
                @NotNull @Size(min = 1, max = 100) String id,

                @NotNull @Pattern(regexp = "[0-9a-f]{64}", message = "the keyed hash of a receipt wanted")
                String person,

                @Nullable Boolean chatwoot,
                @Nullable @Size(max = 100) String requestedBy,
                @NotNull String requestedAt) {

            Erasure.Earlier toEarlier() {
                return new Erasure.Earlier(
                        id,
                        person,
                        Boolean.TRUE.equals(chatwoot),
                        requestedBy == null ? "" : requestedBy,
                        Query.instant("erasures.requested_at", requestedAt));
            }
        }
    }

    /** What a person has agreed to, or does not agree to any more. */
    record Consent(
            @Nullable String tenantId,
            @NotNull @Size(max = 100) String phone,

            @NotNull @Pattern(regexp = "[a-z][a-z0-9_]{0,39}", message = "such as marketing")
            String purpose,

            @NotNull Boolean given,
            @Nullable @Size(max = 500) String evidence) {}

    private void export(Context ctx) {
        Person body = Body.read(ctx, Person.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        boolean chatwoot = Boolean.TRUE.equals(body.chatwoot());
        if (chatwoot && !tenant.chatwoot().hasUserToken()) {
            throw ApiException.invalid("chatwoot", "needs chatwoot.user_token");
        }
        Envelope.ok(
                ctx,
                erasure.export(
                        tenant.id(),
                        key(body.phone(), tenant),
                        chatwoot,
                        Request.caller(ctx).name()));
    }

    private void erase(Context ctx) {
        Forget body = Body.read(ctx, Forget.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        boolean chatwoot = Boolean.TRUE.equals(body.chatwoot());
        if (chatwoot && !tenant.chatwoot().hasUserToken()) {
            throw ApiException.invalid("chatwoot", "needs chatwoot.user_token, of an administrator");
        }
        Envelope.ok(
                ctx,
                view(
                        tenant,
                        erasure.erase(
                                tenant.id(),
                                key(body.phone(), tenant),
                                chatwoot,
                                Request.caller(ctx).name())));
    }

    /** Takes them down and answers; whom they are about takes long to find out. */
    private void repeat(Context ctx) {
        Earlier body = Body.read(ctx, Earlier.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        List<Erasure.Earlier> earlier =
                body.erasures().stream().map(Earlier.Receipt::toEarlier).toList();
        List<Map<String, Object>> repeated = erasure.repeat(tenant.id(), earlier).stream()
                .map(request -> view(tenant, request))
                .toList();
        Envelope.ok(ctx, Map.of("erasures", repeated, "known", earlier.size() - repeated.size()));
        if (!repeated.isEmpty()) {
            ctx.status(202);
            eraseSoon.run();
        }
    }

    private void list(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
        int limit = (int) Query.number(ctx, "limit", 1, 1_000, DEFAULT_LIMIT);
        String cursor = ctx.queryParam("cursor");
        if (cursor != null && erasure.find(tenant.id(), cursor).isEmpty()) {
            throw ApiException.invalid("cursor", "the next_cursor of the page before wanted");
        }
        List<ErasureRequest> found =
                cursor == null ? erasure.list(tenant.id(), limit) : erasure.listAfter(tenant.id(), cursor, limit);
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put(
                "erasures", found.stream().map(request -> view(tenant, request)).toList());
        data.put(
                "next_cursor",
                found.size() < limit ? null : found.get(limit - 1).id());
        Envelope.ok(ctx, data);
    }

    private void show(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
        Envelope.ok(
                ctx,
                erasure.find(tenant.id(), ctx.pathParam("id"))
                        .map(request -> view(tenant, request))
                        .orElseThrow(() -> new ApiException(ApiError.ERR_NOT_FOUND, Map.of())));
    }

    private void consent(Context ctx) {
        Consent body = Body.read(ctx, Consent.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        var about = new LinkedHashMap<String, Object>();
        about.put("purpose", body.purpose());
        about.put("by", Request.caller(ctx).name());
        if (body.evidence() != null) {
            about.put("evidence", body.evidence());
        }
        String word = body.given() ? "consent_given" : "consent_withdrawn";
        erasure.consent(tenant.id(), key(body.phone(), tenant), word, about);
        Envelope.ok(ctx, Map.of("event_type", "contact." + word, "purpose", body.purpose()));
    }

    private static String key(String phone, Tenants.Tenant tenant) {
        return Objects.requireNonNull(People.of(phone, tenant).personKey());
    }

    /** A receipt: counts and times, nobody's data. */
    static Map<String, Object> view(Tenants.Tenant tenant, ErasureRequest request) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", request.id());
        data.put("state", request.finishedAt() == null ? "open" : "done");
        data.put("problem", request.problem());
        data.put("person", request.pseudonym());
        data.put("requested_by", request.requestedBy());
        data.put("requested_at", request.requestedAt().toString());
        data.put(
                "at", request.finishedAt() == null ? null : request.finishedAt().toString());
        data.putAll(request.receipt());
        var elsewhere = new ArrayList<String>();
        if (!request.receipt().containsKey("chatwoot")) {
            elsewhere.add("chatwoot");
        }
        if (!tenant.config().baserow().tables().isEmpty()) {
            elsewhere.add("baserow_tables"); // whose they are is known to those who made them
        }
        elsewhere.add("backups");
        elsewhere.add("model_provider");
        data.put("not_erased", elsewhere);
        return data;
    }
}
