package io.github.almeidatech.wppflow.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands in front of several servers: gives requests to them in turn. One that refuses the connection is passed over,
 * one that does not answer in time is left out for a while, as usual load balancers do; a request that may have arrived is
 * not repeated. While nobody listens, requests may be held. Thread-safe.
 */
final class Balancer implements AutoCloseable {

    private static final Duration LEFT_OUT = Duration.ofSeconds(2);
    /** What the client makes itself, or is only for the next machine. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade");

    private static final Duration AGAIN = Duration.ofMillis(250);

    private final List<URI> servers;
    private final Duration patience;
    private final Duration holding;
    private final HttpServer listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final AtomicInteger next = new AtomicInteger();
    private final Map<URI, Long> leftOutSince = new ConcurrentHashMap<>();
    private volatile List<URI> chosen;

    private Balancer(List<URI> servers, Duration patience, Duration holding, HttpServer listener) {
        this.servers = List.copyOf(servers);
        this.patience = patience;
        this.holding = holding;
        this.chosen = this.servers;
        this.listener = listener;
    }

    /** In front of these servers, in this order; they may not run yet. Waits three seconds for an answer and holds nothing. */
    static Balancer before(List<URI> servers) throws IOException {
        return before(servers, Duration.ofSeconds(3), Duration.ZERO);
    }

    /**
     * In front of these servers, in this order; they may not run yet.
     *
     * @param patience how long it waits for an answer
     * @param holding how long a request waits for one that listens: Caddy's {@code lb_try_duration}
     */
    static Balancer before(List<URI> servers, Duration patience, Duration holding) throws IOException {
        var listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        var balancer = new Balancer(servers, patience, holding, listener);
        listener.createContext("/", balancer::pass);
        listener.setExecutor(balancer.threads);
        listener.start();
        return balancer;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getAddress().getPort());
    }

    /** From now on everything goes to one of them. */
    void onlyTo(URI server) {
        chosen = List.of(server);
    }

    /** From now on everything goes to all of them in turn. */
    void toAll() {
        chosen = servers;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            long until = System.nanoTime() + holding.toNanos();
            while (!pass(exchange, body)) {
                if (System.nanoTime() + AGAIN.toNanos() > until) {
                    exchange.sendResponseHeaders(502, -1);
                    return;
                }
                TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when nobody listens. */
    private boolean pass(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        List<URI> candidates = chosen;
        int first = next.getAndIncrement();
        for (int i = 0; i < candidates.size(); i++) {
            URI server = candidates.get(Math.floorMod(first + i, candidates.size()));
            if (candidates.size() > 1 && isLeftOut(server)) {
                continue;
            }
            try {
                answer(exchange, http.send(request(server, exchange, body), BodyHandlers.ofByteArray()));
                return true;
            } catch (ConnectException e) {
                // It has not got the request: the next one may have it.
            } catch (IOException e) {
                leftOutSince.put(server, System.nanoTime());
                exchange.sendResponseHeaders(504, -1);
                return true;
            }
        }
        return false;
    }

    private boolean isLeftOut(URI server) {
        Long since = leftOutSince.get(server);
        return since != null && System.nanoTime() - since < LEFT_OUT.toNanos();
    }

    private HttpRequest request(URI server, HttpExchange exchange, byte[] body) {
        var request = HttpRequest.newBuilder(server.resolve(exchange.getRequestURI()))
                .timeout(patience)
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> response) throws IOException {
        byte[] body = response.body();
        exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        listener.stop(0);
        threads.shutdownNow();
    }
}
