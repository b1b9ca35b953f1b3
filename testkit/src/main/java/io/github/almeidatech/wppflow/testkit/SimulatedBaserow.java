package io.github.almeidatech.wppflow.testkit;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The row API of a Baserow on loopback with its traps: filters that are ignored, keys that are dropped, numbers that are
 * texts, constraints, limits; and a page for people at its address, which shows all rows. In memory. Thread-safe. Owns its threads until {@link #close()}.
 */
public final class SimulatedBaserow implements AutoCloseable {

    private static final String TOKEN = "bsw0000testtoken0000000000000001";

    private final Faults faults = new Faults();
    private final InstantSource clock;
    private final Map<Long, BaserowTable> tables = new ConcurrentSkipListMap<>();
    private final AtomicInteger maxConcurrent = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger lastTable = new AtomicInteger(700);
    private final Router router = new Router((access, request, path) -> new Router.Caller(null, null));
    private final LoopbackServer server;

    private SimulatedBaserow(InstantSource clock, int port) {
        this.clock = clock;
        new BaserowRoutes(this, clock).register(router);
        server = LoopbackServer.start("127.0.0.1", port, "baserow", (request, hidden) -> answer(request), faults);
    }

    /** Starts one on any free port of 127.0.0.1. */
    public static SimulatedBaserow start() {
        return start(0);
    }

    /** Starts one on a port of 127.0.0.1; 0 for any free one. */
    public static SimulatedBaserow start(int port) {
        return new SimulatedBaserow(InstantSource.system(), port);
    }

    /** Starts one whose row times come from a clock. */
    public static SimulatedBaserow start(InstantSource clock) {
        return new SimulatedBaserow(clock, 0);
    }

    public URI baseUrl() {
        return server.baseUrl();
    }

    /** The database token it accepts, as {@code Authorization: Token …}. */
    public String token() {
        return TOKEN;
    }

    /** Somebody makes a table. */
    public BaserowTable table(String name, BaserowField... columns) {
        return table(lastTable.incrementAndGet(), name, columns);
    }

    /** The same with a number that is known before; one that is taken is replaced. */
    public BaserowTable table(long id, String name, BaserowField... columns) {
        var table = new BaserowTable(id, name, clock, columns);
        tables.put(table.id(), table);
        return table;
    }

    /** Somebody deletes a table. */
    public void dropTable(BaserowTable table) {
        tables.remove(table.id());
    }

    /** From now on more requests at once than this are answered 429, as the hosted service does at 10. */
    public void maxConcurrent(int requests) {
        maxConcurrent.set(requests);
    }

    public Faults faults() {
        return faults;
    }

    /** Baserow's 429, with the long wait it asks for. */
    public static Fault throttled(Duration retryAfter) {
        return Fault.with(throttledAnswer(retryAfter.toSeconds()));
    }

    /** Baserow's 409 when two changes met in the database. */
    public static Fault deadlock() {
        return Fault.answer(
                409,
                "application/json",
                "{\"error\":\"ERROR_DATABASE_DEADLOCK\",\"detail\":\"The database operation caused a deadlock.\"}");
    }

    /** Every request, oldest first; the last 5,000. */
    public List<SeenRequest> requests() {
        return server.seen();
    }

    /** The most requests that were ever under way at once. */
    public int mostAtOnce() {
        return server.mostAtOnce();
    }

    /** The table with this number. */
    public Optional<BaserowTable> find(long table) {
        return Optional.ofNullable(tables.get(table));
    }

    List<BaserowTable> all() {
        return List.copyOf(tables.values());
    }

    private static Answer throttledAnswer(long seconds) {
        return BaserowRefusal.of(429, null, "Request was throttled. Expected available in " + seconds + " seconds.")
                .answer()
                .header("Retry-After", Long.toString(seconds));
    }

    private Answer answer(SeenRequest request) {
        if (server.active() > maxConcurrent.get()) {
            return throttledAnswer(29);
        }
        try {
            return checked(request);
        } catch (BaserowRefusal e) {
            return e.answer();
        }
    }

    private Answer checked(SeenRequest request) {
        if (request.path().equals("/") && request.method().equals("GET")) {
            return BaserowPage.of(all());
        }
        if (!request.path().endsWith("/")) {
            throw BaserowRefusal.of(
                    404,
                    "URL_TRAILING_SLASH_MISSING",
                    "A URL with a trailing slash was expected. Add one and try again.");
        }
        boolean check = request.path().equals("/api/database/tokens/check/");
        authorize(request, check ? 403 : 401);
        if (request.rawBody().length > 0) {
            if (!request.header("Content-Type").orElse("").startsWith("application/json")) {
                throw BaserowRefusal.of(415, null, "Unsupported media type in request.");
            }
            if (request.json().isMissingNode()) {
                throw BaserowRefusal.of(400, null, "JSON parse error - Expecting value: line 1 column 1 (char 0)");
            }
        }
        return router.route(request, Duration.ZERO);
    }

    private static void authorize(SeenRequest request, int unknown) {
        var header = request.header("Authorization").orElse("");
        var parts = header.split(" ", -1);
        if (!parts[0].equalsIgnoreCase("Token")) {
            throw BaserowRefusal.of(401, null, "Authentication credentials were not provided.");
        }
        if (parts.length != 2) {
            throw BaserowRefusal.of(401, "ERROR_INVALID_TOKEN_HEADER", "Invalid token header.");
        }
        if (!parts[1].equals(TOKEN)) {
            throw BaserowRefusal.of(unknown, "ERROR_TOKEN_DOES_NOT_EXIST", "The provided token does not exist.");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
