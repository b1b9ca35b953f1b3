package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.erasure.Offboarding;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A business that leaves: all of it as JSON Lines, and then nothing any more. */
final class OffboardingRoutes implements RouteGroup {

    private static final Logger log = LoggerFactory.getLogger(OffboardingRoutes.class);

    private final Offboarding offboarding;
    private final int maxBytes;

    OffboardingRoutes(Offboarding offboarding, int maxBytes) {
        this.offboarding = offboarding;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/tenants/{tenant}/export", this::export, Access.ADMIN);
        routes.post("/api/v1/tenants/{tenant}/erase", this::erase, Access.ADMIN);
    }

    /**
     * What must be said for it.
     *
     * @param confirm the tenant's name once more
     * @param elsewhereStopped no other instance is configured for it any more
     */
    record Erase(@NotNull String confirm, @Nullable Boolean elsewhereStopped) {}

    /** A page in memory at a time. The last line says that it is complete; without it, it is not. */
    private void export(Context ctx) {
        TenantId tenant = tenant(ctx, offboarding::knows);
        ctx.contentType("application/x-ndjson");
        try {
            OutputStream out = ctx.res().getOutputStream();
            long rows = offboarding.export(
                    tenant, Request.caller(ctx).name(), (table, row) -> write(out, line("table", table, "row", row)));
            write(out, line("complete", true, "rows", rows));
        } catch (UncheckedIOException e) {
            log.debug("whoever asked for an export does not read it any more", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            if (!ctx.res().isCommitted()) {
                ctx.res().resetBuffer(); // the error is all that is answered
                throw e;
            }
            log.error("an export broke off", e);
        }
    }

    private void erase(Context ctx) {
        Erase body = Body.read(ctx, Erase.class, maxBytes);
        if (Request.caller(ctx).tenant() != null) {
            throw new ApiException(ApiError.ERR_FORBIDDEN, Map.of("wanted", "a token without a tenant"));
        }
        TenantId tenant = tenant(ctx, each -> offboarding.knows(each) || offboarding.wasErased(each));
        if (!body.confirm().equals(tenant.value())) {
            throw ApiException.invalid("confirm", "the tenant's name wanted");
        }
        Optional<Offboarding.Obstacle> obstacle = offboarding
                .obstacle(tenant)
                .filter(each -> each != Offboarding.Obstacle.CONFIGURED_ELSEWHERE
                        || !Boolean.TRUE.equals(body.elsewhereStopped()));
        if (obstacle.isPresent()) {
            throw new ApiException(
                    ApiError.ERR_CONFLICT,
                    Map.of("problem", obstacle.get().name().toLowerCase(Locale.ROOT)));
        }
        Offboarding.Receipt receipt =
                offboarding.erase(tenant, Request.caller(ctx).name());
        var data = new LinkedHashMap<String, Object>();
        data.put("tenant_id", receipt.tenant().value());
        data.put("by", receipt.by());
        data.put("begun_at", receipt.begun().toString());
        data.put("at", receipt.ended().toString());
        data.put("erased", receipt.rows());
        data.put("not_erased", receipt.notErased());
        Envelope.ok(ctx, data);
    }

    /** The tenant of the path: the token's own, or with an operator's token any of whom something is stored. */
    private TenantId tenant(Context ctx, Predicate<TenantId> known) {
        String named = ctx.pathParam("tenant");
        TenantId own = Request.caller(ctx).tenant();
        if (own != null && !own.value().equals(named)) {
            throw new ApiException(ApiError.ERR_INVALID_TENANT, 403, Map.of("field", "tenant"), null);
        }
        TenantId tenant;
        try {
            tenant = new TenantId(named);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiError.ERR_INVALID_TENANT, Map.of("field", "tenant"));
        }
        if (!known.test(tenant)) {
            throw new ApiException(ApiError.ERR_INVALID_TENANT, Map.of("field", "tenant"));
        }
        return tenant;
    }

    /** In this order: who reads looks at how a line begins. */
    private static Map<String, Object> line(String first, Object value, String second, Object other) {
        var line = new LinkedHashMap<String, Object>();
        line.put(first, value);
        line.put(second, other);
        return line;
    }

    private static void write(OutputStream out, Map<String, Object> data) {
        try {
            out.write((StrictJson.MAPPER.writeValueAsString(data) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row that is not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
