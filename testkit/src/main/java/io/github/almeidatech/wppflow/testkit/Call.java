package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request on its way through the routes: parameters from path, query and body in one place, as Rails has them. */
final class Call {

    private final SeenRequest request;
    private final Map<String, String> path;
    private final ObjectNode params;
    private final List<Upload> uploads;
    private final Duration hidden;
    private final @Nullable Object caller;

    private Call(
            SeenRequest request,
            Map<String, String> path,
            ObjectNode params,
            List<Upload> uploads,
            Duration hidden,
            @Nullable Object caller) {
        this.request = request;
        this.path = path;
        this.params = params;
        this.uploads = uploads;
        this.hidden = hidden;
        this.caller = caller;
    }

    /** @throws IllegalArgumentException when the body is not what its content type says */
    static Call of(SeenRequest request, Map<String, String> path, Duration hidden, @Nullable Object caller) {
        var params = RailsJson.object();
        var uploads = new ArrayList<Upload>();
        putAll(params, request.queryParameters());
        var type = request.header("Content-Type").orElse("");
        if (type.startsWith("multipart/form-data")) {
            var multipart = Multipart.parse(type, request.rawBody());
            putAll(params, multipart.fields());
            uploads.addAll(multipart.files("attachments[]"));
            uploads.addAll(multipart.files("file"));
        } else if (type.startsWith("application/x-www-form-urlencoded")) {
            putAll(params, LoopbackServer.parseQuery(request.body()));
        } else if (type.startsWith("application/json") && request.rawBody().length > 0) {
            var json = RailsJson.parse(request.rawBody());
            if (json.orElse(null) instanceof ObjectNode object) {
                params.setAll(object);
            } else if (json.isEmpty()) {
                throw new IllegalArgumentException("the body is not JSON");
            }
        }
        return new Call(request, path, params, uploads, hidden, caller);
    }

    private static void putAll(ObjectNode params, Map<String, List<String>> values) {
        values.forEach((name, list) -> {
            if (name.endsWith("[]")) {
                var array = params.putArray(name.substring(0, name.length() - 2));
                list.forEach(array::add);
            } else {
                params.put(name, list.get(list.size() - 1));
            }
        });
    }

    SeenRequest request() {
        return request;
    }

    ObjectNode params() {
        return params;
    }

    List<Upload> uploads() {
        return uploads;
    }

    Duration hidden() {
        return hidden;
    }

    Optional<Rows.User> user() {
        return caller instanceof Rows.User user ? Optional.of(user) : Optional.empty();
    }

    Optional<Rows.Bot> bot() {
        return caller instanceof Rows.Bot bot ? Optional.of(bot) : Optional.empty();
    }

    String path(String name) {
        return Objects.requireNonNull(path.get(name), name);
    }

    /** A numeric part of the path; -1, which no record has, when it is something else. */
    long id(String name) {
        return number(path(name)).orElse(-1L);
    }

    JsonNode param(String name) {
        return params.path(name);
    }

    @Nullable
    String text(String name) {
        return RailsJson.textOf(params, name);
    }

    String text(String name, String otherwise) {
        var text = text(name);
        return text == null ? otherwise : text;
    }

    /** A parameter that is a whole number. */
    Optional<Long> integer(String name) {
        var text = text(name);
        return text == null ? Optional.empty() : number(text);
    }

    boolean flag(String name) {
        return text(name, "false").equals("true");
    }

    static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
