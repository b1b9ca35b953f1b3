package io.github.almeidatech.wppflow.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;

/**
 * The console: a page without any data, which asks the API with a token its user enters. Strict about where its parts come
 * from (security default C2), and shown to this machine only unless configured otherwise.
 */
final class PageRoutes implements RouteGroup {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Who is shown pages. */
    enum Audience {
        NOBODY,
        LOCAL,
        EVERYBODY
    }

    private final Audience audience;
    private final ClientAddresses addresses;

    PageRoutes(Audience audience, ClientAddresses addresses) {
        this.audience = audience;
        this.addresses = addresses;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/console", ctx -> page(ctx, "console.html", "text/html"), Access.PUBLIC);
        routes.get("/console/console.css", ctx -> page(ctx, "console.css", "text/css"), Access.PUBLIC);
        routes.get("/console/console.js", ctx -> page(ctx, "console.js", "text/javascript"), Access.PUBLIC);
    }

    private void page(Context ctx, String name, String type) {
        boolean shown = audience == Audience.EVERYBODY || audience == Audience.LOCAL && isLocal(addresses.of(ctx));
        if (!shown) {
            throw new ApiException(ApiError.ERR_NOT_FOUND, Map.of());
        }
        ctx.header("Content-Security-Policy", POLICY).contentType(type + "; charset=utf-8");
        try (InputStream in = Objects.requireNonNull(PageRoutes.class.getResourceAsStream("pages/" + name))) {
            ctx.result(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLocal(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
