package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** One HTTP request as a simulated system received it. Immutable. */
public final class SeenRequest {

    private final String method;
    private final String path;
    private final Map<String, List<String>> query;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    SeenRequest(
            String method,
            String path,
            Map<String, List<String>> query,
            Map<String, List<String>> headers,
            byte[] body) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    /**
     * Matches requests by method and path.
     *
     * @param method upper-case, or {@code *} for any
     * @param pathEnd how the path ends, without the query; {@code *} stands for one segment: {@code /conversations/*}{@code /messages}
     */
    public static Predicate<SeenRequest> matching(String method, String pathEnd) {
        var path = Pattern.compile(".*" + Pattern.quote(pathEnd).replace("*", "\\E[^/]+\\Q"));
        return request -> (method.equals("*") || method.equals(request.method))
                && path.matcher(request.path).matches();
    }

    public String method() {
        return method;
    }

    /** The decoded path, without the query. */
    public String path() {
        return path;
    }

    /** The first value of a query parameter. */
    public Optional<String> query(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** All values of a query parameter, in order. */
    public List<String> queryAll(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** The first value of a header; the case of the name does not matter. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** The body read as UTF-8. */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The bytes of the body; a copy. */
    public byte[] bodyBytes() {
        return body.clone();
    }

    /** The body as JSON; a missing node when it is not JSON. */
    public JsonNode json() {
        return RailsJson.parse(body).orElse(RailsJson.missing());
    }

    Map<String, List<String>> queryParameters() {
        return query;
    }

    byte[] rawBody() {
        return body;
    }

    @Override
    public String toString() {
        return method + " " + path + " (" + body.length + " bytes)";
    }
}
