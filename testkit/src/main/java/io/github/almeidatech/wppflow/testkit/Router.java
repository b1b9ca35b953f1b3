package io.github.almeidatech.wppflow.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the handler of a request, after asking who calls. */
final class Router {

    private final List<Route> routes = new ArrayList<>();
    private final Gate gate;

    Router(Gate gate) {
        this.gate = gate;
    }

    /** @param pattern a path; {@code {name}} takes one segment */
    Router on(String method, String pattern, Access access, Handler handler) {
        var names = new ArrayList<String>();
        var regex = new StringBuilder();
        for (var part : pattern.split("/", -1)) {
            if (part.startsWith("{")) {
                names.add(part.substring(1, part.length() - 1));
                regex.append("/([^/]+)");
            } else if (!part.isEmpty()) {
                regex.append('/').append(Pattern.quote(part));
            }
        }
        routes.add(new Route(method, Pattern.compile(regex + "/?"), names, access, handler));
        return this;
    }

    Answer route(SeenRequest request, Duration hidden) {
        for (var route : routes) {
            var matcher = route.pattern.matcher(request.path());
            if (route.method.equals(request.method()) && matcher.matches()) {
                var path = new LinkedHashMap<String, String>();
                for (int i = 0; i < route.names.size(); i++) {
                    path.put(route.names.get(i), matcher.group(i + 1));
                }
                return answer(route, request, path, hidden);
            }
        }
        return Answer.error(404, "Resource could not be found");
    }

    private Answer answer(Route route, SeenRequest request, Map<String, String> path, Duration hidden) {
        var caller = gate.check(route.access, request, path);
        if (caller.refusal() != null) {
            return caller.refusal();
        }
        Call call;
        try {
            call = Call.of(request, path, hidden, caller.who());
        } catch (IllegalArgumentException e) {
            return Answer.json(400, RailsJson.object().put("status", 400).put("error", "Bad Request"));
        }
        return route.handler.handle(call);
    }

    /**
     * Who may call.
     *
     * @param open anybody, without a token
     * @param botsSince the first release that lets bot tokens in; none for never
     * @param administrators only users with that role
     */
    record Access(boolean open, @Nullable String botsSince, boolean administrators) {
        static final Access ANYBODY = new Access(true, null, false);
        static final Access USERS = new Access(false, null, false);
        static final Access ADMINISTRATORS = new Access(false, null, true);

        static Access botsSince(String release) {
            return new Access(false, release, false);
        }
    }

    /** Who called, or why that is refused. */
    record Caller(@Nullable Object who, @Nullable Answer refusal) {}

    /** Decides about a caller. */
    @FunctionalInterface
    interface Gate {
        Caller check(Access access, SeenRequest request, Map<String, String> path);
    }

    /** Answers a call. */
    @FunctionalInterface
    interface Handler {
        Answer handle(Call call);
    }

    private record Route(String method, Pattern pattern, List<String> names, Access access, Handler handler) {}
}
