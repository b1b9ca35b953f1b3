package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The console, and the documentation of the API: pages without any data, which ask the API with a token their user enters.
 * Strict about where their parts come from (security default C2), and shown to this machine only unless configured otherwise.
 */
final class PageRoutes implements RouteGroup {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final ObjectMapper YAML = new YAMLMapper();

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
        routes.get("/console", ctx -> page(ctx, "pages/console.html", "text/html"), Access.PUBLIC);
        routes.get("/console/console.css", ctx -> page(ctx, "pages/console.css", "text/css"), Access.PUBLIC);
        routes.get("/console/console.js", ctx -> page(ctx, "pages/console.js", "text/javascript"), Access.PUBLIC);
        routes.get("/docs", ctx -> page(ctx, "pages/docs.html", "text/html"), Access.PUBLIC);
        routes.get("/docs/docs.js", ctx -> page(ctx, "pages/docs.js", "text/javascript"), Access.PUBLIC);
        routes.get("/docs/swagger-ui.css", ctx -> page(ctx, swagger("swagger-ui.css"), "text/css"), Access.PUBLIC);
        routes.get(
                "/docs/swagger-ui.js",
                ctx -> page(ctx, swagger("swagger-ui-bundle.js"), "text/javascript"),
                Access.PUBLIC);
        routes.get("/openapi.json", this::document, Access.PUBLIC);
    }

    private void page(Context ctx, String name, String type) {
        refuseStrangers(ctx);
        ctx.header("Content-Security-Policy", POLICY)
                .contentType(type + "; charset=utf-8")
                .result(resource(name));
    }

    /** What every route takes and answers. Written as YAML, by people; read from there each time, which is seldom. */
    private void document(Context ctx) {
        refuseStrangers(ctx);
        try (InputStream in = resource("openapi.yaml")) {
            ctx.contentType("application/json").result(StrictJson.MAPPER.writeValueAsBytes(YAML.readTree(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuseStrangers(Context ctx) {
        boolean shown = audience == Audience.EVERYBODY || audience == Audience.LOCAL && isLocal(addresses.of(ctx));
        if (!shown) {
            throw new ApiException(ApiError.ERR_NOT_FOUND, Map.of());
        }
    }

    /** Where a file of Swagger UI is in its jar, whose paths have its version in them. */
    private static String swagger(String file) {
        var release = new Properties();
        try (InputStream in = resource("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            release.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/swagger-ui/" + release.getProperty("version") + "/" + file;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(PageRoutes.class.getResourceAsStream(name), name);
    }

    private static boolean isLocal(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
