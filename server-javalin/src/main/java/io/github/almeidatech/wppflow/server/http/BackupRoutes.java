package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.server.Backups;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A copy of everything, for operators: it holds all tenants. */
final class BackupRoutes implements RouteGroup {

    private final Backups backups;

    BackupRoutes(Backups backups) {
        this.backups = backups;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/backups", this::make, Access.ADMIN);
    }

    private void make(Context ctx) {
        if (Request.caller(ctx).tenant() != null) {
            throw new ApiException(ApiError.ERR_FORBIDDEN, Map.of("wanted", "a token without a tenant"));
        }
        try {
            Backups.Backup made = backups.make();
            Envelope.ok(ctx, Map.of("file", made.file().toString(), "bytes", made.bytes()));
        } catch (IllegalStateException e) {
            throw new ApiException(ApiError.ERR_CONFLICT, Map.of("problem", "storage_is_postgresql"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
