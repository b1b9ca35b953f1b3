package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Readiness;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;

/** Alive, ready, measured. */
final class OperationsRoutes implements RouteGroup {

    private final Tenants tenants;
    private final Readiness readiness;
    private final Metrics metrics;

    OperationsRoutes(Tenants tenants, Readiness readiness, Metrics metrics) {
        this.tenants = tenants;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/health", ctx -> Envelope.ok(ctx, Map.of("status", "ok")), Access.PUBLIC);
        routes.get("/health/ready", this::inRotation, Access.PUBLIC);
        routes.get("/ready", this::ready, Access.READ);
        routes.get("/metrics", this::measured, Access.ADMIN);
    }

    private void measured(Context ctx) {
        TenantId own = Request.caller(ctx).tenant();
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(
                        own == null
                                ? metrics.scrape()
                                : metrics.scrape(
                                        own,
                                        tenants.get(own)
                                                .config()
                                                .outgoingWebhooks()
                                                .keySet()));
    }

    /** For load balancers and orchestrators, which have no token: whether, and not why. */
    private void inRotation(Context ctx) {
        boolean ready = readiness.isReady();
        Envelope.ok(ctx, Map.of("ready", ready));
        if (!ready) {
            ctx.status(503);
        }
    }

    private void ready(Context ctx) {
        TenantId own = Request.caller(ctx).tenant();
        Readiness.Report report = readiness.check(own == null ? tenant -> true : own::equals);
        Envelope.ok(ctx, report);
        if (!report.ready()) {
            ctx.status(503);
        }
    }
}
