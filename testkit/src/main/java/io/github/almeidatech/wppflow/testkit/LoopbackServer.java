package io.github.almeidatech.wppflow.testkit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The HTTP side every simulated system shares: keeps what was asked, shows faults, answers. Owns its threads. */
final class LoopbackServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LoopbackServer.class.getName());
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;
    private static final int MAX_REMEMBERED_REQUESTS = 5_000;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Responder responder;
    private final Faults faults;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Deque<SeenRequest> seen = new ArrayDeque<>();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private LoopbackServer(HttpServer server, ExecutorService threads, Responder responder, Faults faults) {
        this.server = server;
        this.threads = threads;
        this.responder = responder;
        this.faults = faults;
    }

    /** @param port 0 for any free one */
    static LoopbackServer start(String host, int port, String name, Responder responder, Faults faults) {
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            // Without it each answer on a kept connection may wait 40 ms for the other side's delayed acknowledgement.
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        try {
            var http = HttpServer.create(new InetSocketAddress(host, port), 256);
            var threads = Executors.newCachedThreadPool(task -> {
                var thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            });
            var server = new LoopbackServer(http, threads, responder, faults);
            http.setExecutor(threads);
            http.createContext("/", server::handle);
            http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    URI baseUrl() {
        var address = server.getAddress();
        var host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
        return URI.create("http://" + host + ":" + address.getPort());
    }

    List<SeenRequest> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    /** How many requests are being worked on. */
    int active() {
        return active.get();
    }

    /** The most requests that were ever worked on at once. */
    int mostAtOnce() {
        return most.get();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            most.accumulateAndGet(active.incrementAndGet(), Math::max);
            Optional<Prepared> prepared;
            try {
                prepared = prepare(exchange);
            } finally {
                // Before anything is sent, so that a caller's next request never counts together with this one.
                active.decrementAndGet();
            }
            if (prepared.isPresent()) {
                send(exchange, prepared.get());
            }
        } catch (IOException e) {
            // The caller went away: closing the exchange is all there is to do.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does what is asked, faults included; nothing when the server closes meanwhile. */
    private Optional<Prepared> prepare(HttpExchange exchange) throws IOException, InterruptedException {
        var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            return Optional.of(new Prepared(Answer.empty(413), Fault.Ending.WHOLE, Duration.ZERO));
        }
        var request = new SeenRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                parseQuery(exchange.getRequestURI().getRawQuery()),
                headers(exchange.getRequestHeaders()),
                body);
        remember(request);
        var fault = faults.strike(request).orElse(null);
        if (fault == null) {
            return Optional.of(new Prepared(answer(request, Duration.ZERO), Fault.Ending.WHOLE, Duration.ZERO));
        }
        var honest = fault.doing() ? answer(request, fault.hidden()) : Answer.empty(200);
        if (closed.await(fault.delay().toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        var wanted = fault.answer();
        return Optional.of(new Prepared(wanted == null ? honest : wanted, fault.ending(), fault.pace()));
    }

    private void send(HttpExchange exchange, Prepared prepared) throws IOException, InterruptedException {
        var answer = prepared.answer();
        switch (prepared.ending()) {
            case WHOLE -> write(exchange, answer);
            case DROPPED -> {}
            case CUT -> writePart(exchange, answer, answer.body().length / 2);
            case DRIPPED -> drip(exchange, answer, prepared.pace());
        }
    }

    private record Prepared(Answer answer, Fault.Ending ending, Duration pace) {}

    private Answer answer(SeenRequest request, Duration hidden) {
        try {
            return responder.respond(request, hidden);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "answering " + request, e);
            return Answer.serverError(500);
        }
    }

    private void drip(HttpExchange exchange, Answer answer, Duration pace) throws IOException, InterruptedException {
        byte[] body = bytes(answer);
        sendHeaders(exchange, answer, body.length);
        for (byte b : body) {
            exchange.getResponseBody().write(b);
            exchange.getResponseBody().flush();
            if (closed.await(pace.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    private static byte[] bytes(Answer answer) throws IOException, InterruptedException {
        var stream = answer.stream();
        if (stream == null) {
            return answer.body();
        }
        var bytes = new ByteArrayOutputStream();
        stream.writeTo(bytes);
        return bytes.toByteArray();
    }

    private static void writePart(HttpExchange exchange, Answer answer, int bytes) throws IOException {
        sendHeaders(exchange, answer, answer.body().length);
        exchange.getResponseBody().write(answer.body(), 0, bytes);
        exchange.getResponseBody().flush();
    }

    private static void write(HttpExchange exchange, Answer answer) throws IOException, InterruptedException {
        var stream = answer.stream();
        if (stream != null) {
            sendHeaders(exchange, answer, 0);
            stream.writeTo(exchange.getResponseBody());
        } else if (answer.body().length == 0) {
            sendHeaders(exchange, answer, -1);
        } else {
            writePart(exchange, answer, answer.body().length);
        }
    }

    private static void sendHeaders(HttpExchange exchange, Answer answer, long length) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), length);
    }

    private void remember(SeenRequest request) {
        synchronized (seen) {
            seen.addLast(request);
            if (seen.size() > MAX_REMEMBERED_REQUESTS) {
                seen.removeFirst();
            }
        }
    }

    static Map<String, List<String>> parseQuery(@Nullable String raw) {
        var values = new LinkedHashMap<String, List<String>>();
        if (raw != null && !raw.isEmpty()) {
            for (var pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals));
                var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            }
        }
        return values;
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }

    private static Map<String, List<String>> headers(Headers headers) {
        var copy = new LinkedHashMap<String, List<String>>();
        headers.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return copy;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /** Turns a request into an answer; what it throws becomes a 500. */
    @FunctionalInterface
    interface Responder {
        /**
         * Answers one request.
         *
         * @param hidden how long what the request creates stays out of lists
         */
        Answer respond(SeenRequest request, Duration hidden);
    }
}
