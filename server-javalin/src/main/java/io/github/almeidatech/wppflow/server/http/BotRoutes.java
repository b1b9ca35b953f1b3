package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.jdbc.BotSwitches.Off;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.BotSwitch;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The switch for an emergency: nothing is said automatically any more, for one tenant or for all. */
final class BotRoutes implements RouteGroup {

    private final Tenants tenants;
    private final BotSwitch bot;
    private final int maxBytes;

    BotRoutes(Tenants tenants, BotSwitch bot, int maxBytes) {
        this.tenants = tenants;
        this.bot = bot;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/bot", this::show, Access.READ);
        routes.post("/api/v1/bot/off", this::off, Access.ADMIN);
        routes.post("/api/v1/bot/on", this::on, Access.ADMIN);
    }

    /** Whose, and why. */
    record TurnOff(
            @Nullable String tenantId,
            @Nullable Boolean all,
            @NotBlank @Size(max = 200) String reason) {}

    /** Whose. */
    record TurnOn(@Nullable String tenantId, @Nullable Boolean all) {}

    private void show(Context ctx) {
        String named = ctx.queryParam("tenant_id");
        boolean everybody = named == null && Request.caller(ctx).tenant() == null;
        Envelope.ok(ctx, state(ctx, everybody ? Optional.empty() : Optional.of(tenant(ctx, named))));
    }

    private void off(Context ctx) {
        TurnOff body = Body.read(ctx, TurnOff.class, maxBytes);
        Optional<TenantId> whose = whose(ctx, body.tenantId(), body.all());
        boolean changed =
                bot.turnOff(whose, Request.caller(ctx).name(), body.reason().strip());
        Envelope.ok(ctx, changed(ctx, changed, whose));
    }

    private void on(Context ctx) {
        TurnOn body = Body.read(ctx, TurnOn.class, maxBytes);
        Optional<TenantId> whose = whose(ctx, body.tenantId(), body.all());
        boolean changed = bot.turnOn(whose, Request.caller(ctx).name());
        Envelope.ok(ctx, changed(ctx, changed, whose));
    }

    /** One tenant; empty for all, which only an operator may want and has to say. */
    private Optional<TenantId> whose(Context ctx, @Nullable String named, @Nullable Boolean all) {
        if (!Boolean.TRUE.equals(all)) {
            return Optional.of(tenant(ctx, named));
        }
        if (named != null) {
            throw ApiException.invalid("all", "either all or tenant_id wanted");
        }
        if (Request.caller(ctx).tenant() != null) {
            throw new ApiException(ApiError.ERR_FORBIDDEN, Map.of("wanted", "a token without a tenant"));
        }
        return Optional.empty();
    }

    private TenantId tenant(Context ctx, @Nullable String named) {
        return Request.tenant(ctx, tenants, named).id();
    }

    private Map<String, Object> changed(Context ctx, boolean changed, Optional<TenantId> whose) {
        Map<String, Object> data = state(ctx, whose);
        data.put("changed", changed);
        return data;
    }

    private Map<String, Object> state(Context ctx, Optional<TenantId> whose) {
        boolean operator = Request.caller(ctx).tenant() == null;
        List<Off> off = bot.off(whose);
        var data = new LinkedHashMap<String, Object>();
        data.put("on", off.isEmpty());
        data.put("off", off.stream().map(each -> view(each, operator)).toList());
        return data;
    }

    /** A tenant is not shown who switched all off, nor why. */
    private static Map<String, Object> view(Off off, boolean operator) {
        boolean tells = operator || off.tenant().isPresent();
        var data = new LinkedHashMap<String, Object>();
        data.put("tenant_id", off.tenant().map(TenantId::value).orElse(null));
        data.put("all", off.tenant().isEmpty());
        data.put("since", off.since().toEpochMilli());
        data.put("by", tells ? off.caller() : null);
        data.put("reason", tells ? off.reason() : null);
        return data;
    }
}
