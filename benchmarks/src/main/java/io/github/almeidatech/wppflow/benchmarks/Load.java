package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Traffic.Measured;
import io.github.almeidatech.wppflow.server.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the server in a process of its own, beside a bare Javalin and the bare database in the same run, so that the
 * ratios mean something on any machine. Exit codes: 0 measured, 1 failed.
 */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Measures start-up, durable accepts, turns end to end, added latency and memory, with ratios.")
final class Load implements Callable<Integer> {

    private static final int CONNECTIONS = 64;
    private static final int TENANTS = 8;
    private static final int STARTS = 3;

    @Option(names = "--requests", defaultValue = "15000", description = "webhooks per measurement (${DEFAULT-VALUE})")
    private int requests;

    @Option(names = "--turns", defaultValue = "4000", description = "turns end to end (${DEFAULT-VALUE})")
    private int turns;

    private final Random random = new Random();
    private final StringBuilder table = new StringBuilder();

    private Load() {}

    /** Measures and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Load()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        Path directory = Files.createTempDirectory("load");
        line(
                "processors",
                Runtime.getRuntime().availableProcessors() + ", Java "
                        + Runtime.version().feature());
        try (var chatwoot = new InstantChatwoot()) {
            startUp(directory, chatwoot);
            accepts(directory, chatwoot);
            endToEnd(directory, chatwoot);
        } finally {
            Scratch.delete(directory);
        }
        System.out.print(table);
        return 0;
    }

    private void startUp(Path directory, InstantChatwoot chatwoot) throws IOException, InterruptedException {
        var nanos = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long begin = System.nanoTime();
            try (var server = server(directory, "start-up", chatwoot, "PT4S")) {
                server.awaitHealthy();
                nanos[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(nanos);
        line("first healthy answer", millis(nanos[STARTS / 2] / 1e6) + " after the start (median of " + STARTS + ")");
    }

    /** Nothing is answered meanwhile: the quiet time is an hour. */
    private void accepts(Path directory, InstantChatwoot chatwoot)
            throws IOException, InterruptedException, SQLException {
        var bodies = WebhookRequests.of("quanto custa a diária de gato?");
        Measured most;
        Measured steady;
        try (var server = server(directory, "accept", chatwoot, "PT1H")) {
            server.awaitHealthy();
            var traffic = new Traffic(server.port(), CONNECTIONS);
            int number = 0;
            for (int i = 0; i < 2; i++) {
                byte[][] warmUp = bodies.prepare(path(0), secret(0), number, requests / 2);
                traffic.asFastAsPossible(warmUp.length, n -> warmUp[n]);
                number += warmUp.length;
            }
            byte[][] first = bodies.prepare(path(0), secret(0), number, requests);
            most = traffic.asFastAsPossible(requests, n -> first[n]);
            byte[][] second = bodies.prepare(path(0), secret(0), number + requests, requests);
            steady = traffic.atRate(most.perSecond() / 2, requests, n -> second[n]);
            line("memory after accepting", server.peakMemoryKib() / 1024 + " MiB at its peak");
        }
        Measured echo;
        Measured steadyEcho;
        Map<String, String> environment = Map.of("PORT", String.valueOf(ServerProcess.freePort(random)));
        try (var server = ServerProcess.start(
                ServerProcess.jvm(), Echo.class, List.of(), environment, directory.resolve("echo.log"))) {
            server.awaitHealthy();
            var traffic = new Traffic(server.port(), CONNECTIONS);
            byte[][] same = bodies.prepare("/echo", secret(0), 0, requests);
            traffic.asFastAsPossible(requests, n -> same[n]);
            echo = traffic.asFastAsPossible(requests, n -> same[n]);
            steadyEcho = traffic.atRate(most.perSecond() / 2, requests, n -> same[n]);
        }
        line("webhook body", bodies.bodyBytes() + " bytes, " + CONNECTIONS + " connections");
        line("durable accepts", rate(most) + ", refused " + most.refused());
        line("bare Javalin echo of the same", rate(echo));
        line(
                "  ratio",
                ratio(most.perSecond() / echo.perSecond()) + "; of p99 "
                        + ratio(most.millis(0.99) / echo.millis(0.99)));
        line("open loop at half of that", latencies(steady));
        line("  the echo at the same rate", latencies(steadyEcho));
        for (int batch : new int[] {1, 8, CONNECTIONS}) {
            double bare = BareCommits.rowsPerSecond(directory, batch, bodies.bodyBytes(), Duration.ofSeconds(3));
            line(
                    "bare SQLite, " + batch + " rows a commit",
                    Math.round(bare) + " rows/s, ratio of the accepts to it " + ratio(most.perSecond() / bare));
        }
    }

    private void endToEnd(Path directory, InstantChatwoot chatwoot) throws IOException, InterruptedException {
        var bodies = WebhookRequests.of("quanto custa a diária de gato?");
        try (var server = server(directory, "turns", chatwoot, "PT0S")) {
            server.awaitHealthy();
            int number = 0;
            for (int size : new int[] {turns / 2, turns}) {
                long begin = System.nanoTime();
                int before = chatwoot.messages();
                byte[][] requests = new byte[size][];
                for (int i = 0; i < size; i++) {
                    requests[i] = bodies.prepare(path(i % TENANTS), secret(i % TENANTS), number + i, 1)[0];
                }
                number += size;
                begin = System.nanoTime();
                new Traffic(server.port(), 16).asFastAsPossible(size, n -> requests[n]);
                boolean all = await(chatwoot, before + size, Duration.ofMinutes(2));
                double seconds = (chatwoot.lastNanos() - begin) / 1e9;
                int seen = chatwoot.messages() - before;
                if (size == turns) {
                    line("turns end to end", Math.round(seen / seconds) + "/s" + (all ? "" : ", NOT ALL of " + size));
                }
            }
            line("latency added, one at a time", oneAtATime(server, bodies, number, chatwoot));
            line("memory after the turns", server.peakMemoryKib() / 1024 + " MiB at its peak");
        }
    }

    private String oneAtATime(ServerProcess server, WebhookRequests bodies, int number, InstantChatwoot chatwoot)
            throws IOException, InterruptedException {
        int times = 400;
        var nanos = new long[times];
        try (var wire = new Wire(server.port())) {
            for (int i = 0; i < times; i++) {
                byte[] request = bodies.prepare(path(i % TENANTS), secret(i % TENANTS), number + i, 1)[0];
                int before = chatwoot.messages();
                long begin = System.nanoTime();
                wire.send(request);
                await(chatwoot, before + 1, Duration.ofSeconds(10));
                nanos[i] = chatwoot.lastNanos() - begin;
                // The labels that follow are not to slow down the next one.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        Arrays.sort(nanos);
        return latencies(new Measured(nanos, 0, Duration.ZERO)) + ", webhook to the reply's POST";
    }

    private static boolean await(InstantChatwoot chatwoot, int messages, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (chatwoot.messages() < messages && System.nanoTime() < deadline) {
            LockSupport.parkNanos(200_000);
        }
        return chatwoot.messages() >= messages;
    }

    private static String secret(int tenant) {
        return "webhook-secret-of-the-invented-hotel-" + tenant;
    }

    private static String path(int tenant) {
        return "/webhooks/chatwoot/hotel-" + tenant + "/agent-bot";
    }

    /** Several tenants, because each has its own limits towards its Chatwoot. */
    private ServerProcess server(Path directory, String name, InstantChatwoot chatwoot, String quiet)
            throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        Path knowledge = Scratch.knowledge(own);
        var yaml = new StringBuilder("""
                server: {webhooks_per_second: 100000}
                storage: {url: "sqlite:%s"}
                tenants:
                """.formatted(own.resolve("wppflow.db")));
        for (int i = 0; i < TENANTS; i++) {
            yaml.append("""
                      hotel-%d:
                        name: Hotel %d
                        chatwoot:
                          base_url: "%s"
                          account_id: 1
                          bot_token: "${env:LOAD_SECRET_%d}"
                          user_token: "${env:LOAD_SECRET_%d}"
                          allow_private_network: true
                          max_calls_per_second: 1000
                          catch_up_every: PT0S
                        webhooks: {agent_bot_secrets: ["${env:LOAD_SECRET_%d}"]}
                        turns: {quiet: %s, max_wait: PT1H, max_messages: 1000}
                        knowledge: {file: "%s"}
                    """.formatted(i, i, chatwoot.address(), i, i, i, quiet, knowledge));
        }
        Path file = Files.writeString(own.resolve("wppflow.yaml"), yaml);
        Map<String, String> environment = new HashMap<>();
        environment.put("PORT", String.valueOf(ServerProcess.freePort(random)));
        for (int i = 0; i < TENANTS; i++) {
            environment.put("LOAD_SECRET_" + i, secret(i));
        }
        return ServerProcess.start(
                ServerProcess.jvm(),
                Main.class,
                List.of("serve", "--config", file.toString()),
                environment,
                own.resolve("server.log"));
    }

    private static String rate(Measured measured) {
        return Math.round(measured.perSecond()) + "/s, " + latencies(measured);
    }

    private static String latencies(Measured measured) {
        return "p50 " + millis(measured.millis(0.5)) + ", p99 " + millis(measured.millis(0.99)) + ", p99.9 "
                + millis(measured.millis(0.999));
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    private void line(String what, String value) {
        System.err.println(what + ": " + value);
        table.append(String.format(Locale.ROOT, "%-34s%s%n", what, value));
    }
}
