package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Readiness;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;

/** Alive, ready, measured. */
final class OperationsRoutes implements RouteGroup {

    private final Readiness readiness;
    private final Metrics metrics;

    OperationsRoutes(Readiness readiness, Metrics metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/health", ctx -> Envelope.ok(ctx, Map.of("status", "ok")), Access.PUBLIC);
        routes.get("/ready", this::ready, Access.READ);
        routes.get(
                "/metrics",
                ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()),
                Access.ADMIN);
    }

    private void ready(Context ctx) {
        Readiness.Report report = readiness.check();
        Envelope.ok(ctx, report);
        if (!report.ready()) {
            ctx.status(503);
        }
    }
}
