package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The chat page: three files out of the jar. */
final class PageRoutes {

    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "page.css", "text/css; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8");

    private PageRoutes() {}

    static void register(Router router) {
        router.on("GET", "/", Access.ANYBODY, call -> file("index.html"))
                .on("GET", "/page/{file}", Access.ANYBODY, call -> file(call.path("file")))
                .on("GET", "/favicon.ico", Access.ANYBODY, call -> Answer.empty(204));
    }

    private static Answer file(String name) {
        var type = FILES.get(name);
        if (type == null) {
            return Answer.empty(404);
        }
        try (var in = PageRoutes.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("not packaged: " + name);
            }
            return Answer.bytes(200, type, in.readAllBytes())
                    .header("Cache-Control", "no-cache")
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Referrer-Policy", "no-referrer")
                    .header(
                            "Content-Security-Policy",
                            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
                                    + " media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
