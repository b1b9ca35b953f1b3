package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.LoadedServers.Costs;
import io.github.almeidatech.wppflow.benchmarks.Traffic.Measured;
import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    /** So many more of them, which take about as long: in a second it has anything from a half to twice its rate. */
    private static final int ECHO_TIMES = 6;

    private static final int STARTS = 3;
    /** So many requests of the warm-up are in memory at once. */
    private static final int PORTION = 10_000;

    private static final String QUESTION = "quanto custa a diária de gato?";

    @Option(names = "--requests", defaultValue = "15000", description = "webhooks per measurement (${DEFAULT-VALUE})")
    private int requests;

    @Option(names = "--turns", defaultValue = "6000", description = "turns end to end (${DEFAULT-VALUE})")
    private int turns;

    @Option(
            names = "--warm-up",
            defaultValue = "60000",
            description = "webhooks before the first measurement, and half as many turns: until then the JVM compiles"
                    + " what it runs (${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--postgresql", description = "on a PostgreSQL of its own instead of SQLite")
    private boolean postgresql;

    @Option(
            names = "--instances",
            defaultValue = "1",
            description = "servers that share the database; more than one wants --postgresql (${DEFAULT-VALUE})")
    private int instances;

    @Option(
            names = "--cores-each",
            description =
                    "processors that each server may have while turns are measured, such as 0.4, so that several can be"
                            + " compared with one on a machine that is enough for all of them (Linux, as root)")
    private @Nullable Double coresEach;

    @Option(
            names = "--only",
            split = ",",
            defaultValue = "start,accept,turns",
            description = "start, accept, turns (${DEFAULT-VALUE})")
    private Set<String> only;

    @Option(names = "--jvm", description = "a further setting of the servers' JVM, such as -XX:TieredStopAtLevel=1")
    private List<String> furtherSettings = List.of();

    private final StringBuilder table = new StringBuilder();
    private @Nullable LocalPostgres postgres;
    /** Further settings of the servers' JVM. */
    private List<String> launch = List.of();

    private Load() {}

    /** Measures and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Load()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        if (instances > 1 && !postgresql) {
            throw new CommandLine.ParameterException(new CommandLine(this), "--instances wants --postgresql");
        }
        Path directory = Files.createTempDirectory("load");
        line(
                "processors",
                Runtime.getRuntime().availableProcessors() + ", Java "
                        + Runtime.version().feature());
        line("database", (postgresql ? "PostgreSQL" : "SQLite") + ", servers " + instances);
        try (var chatwoot = new InstantChatwoot();
                var database = postgresql ? LocalPostgres.start() : null) {
            postgres = database;
            makeArchive(directory, chatwoot);
            if (only.contains("start")) {
                startUp(directory, chatwoot);
            }
            if (only.contains("accept")) {
                accepts(directory, chatwoot);
            }
            if (only.contains("turns")) {
                endToEnd(directory, chatwoot);
            }
        } finally {
            Scratch.delete(directory);
        }
        System.out.print(table);
        return 0;
    }

    /** The archive of classes that {@code ./wppflow warm-up} makes: all servers here start with it, as they do in production. */
    private void makeArchive(Path directory, InstantChatwoot chatwoot) throws IOException, InterruptedException {
        Path archive = directory.resolve("classes.archive");
        boolean cache = Runtime.version().feature() >= 25;
        launch = List.of("-XX:" + (cache ? "AOTCacheOutput=" : "ArchiveClassesAtExit=") + archive);
        try (var server = server(directory, "warm-up", storage(directory, "warm-up"), chatwoot, "PT4S")) {
            server.awaitHealthy();
            server.stop(Duration.ofMinutes(3)); // which writes the archive
        }
        boolean made = Files.exists(archive) && Files.size(archive) > 0;
        launch = made ? List.of("-XX:" + (cache ? "AOTCache=" : "SharedArchiveFile=") + archive) : List.of();
        line("archive of classes", made ? Files.size(archive) / (1 << 20) + " MiB" : "none came out");
    }

    private void startUp(Path directory, InstantChatwoot chatwoot) throws IOException, InterruptedException {
        var nanos = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
            String storage = storage(directory, "start-up-" + i);
            long begin = System.nanoTime();
            try (var server = server(directory, "start-up", storage, chatwoot, "PT4S")) {
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
        var bodies = WebhookRequests.of(QUESTION);
        Measured most;
        Measured steady;
        try (var servers = servers(directory, "accept", chatwoot, "PT1H")) {
            var traffic = new Traffic(servers.ports(), CONNECTIONS);
            int number = 0;
            while (number < warmUp) {
                byte[][] requests = accepted(bodies, number, Math.min(PORTION, warmUp - number));
                traffic.asFastAsPossible(requests.length, n -> requests[n]);
                number += requests.length;
            }
            byte[][] first = accepted(bodies, number, requests);
            Costs before = servers.costs();
            most = traffic.asFastAsPossible(requests, n -> first[n]);
            Costs costs = servers.costs().minus(before);
            byte[][] second = accepted(bodies, number + requests, requests);
            steady = traffic.atRate(most.perSecond() / 2, requests, n -> second[n]);
            line("webhook body", bodies.bodyBytes() + " bytes, " + CONNECTIONS + " connections");
            line("durable accepts", rate(most) + ", refused " + most.refused());
            line("  each costs", costs.per(requests));
            line("memory after accepting", servers.peakMemoryMib() + " MiB at its peak");
        }
        Measured echo;
        Measured steadyEcho;
        Map<String, String> environment = Map.of("PORT", String.valueOf(ServerProcess.freePort()));
        try (var server = ServerProcess.start(
                ServerProcess.jvm(), Echo.class, List.of(), environment, directory.resolve("echo.log"))) {
            server.awaitHealthy();
            var traffic = new Traffic(List.of(server.port()), CONNECTIONS);
            byte[][] same = bodies.prepare("/echo", secret(0), 0, requests);
            traffic.asFastAsPossible(Math.max(warmUp, requests), n -> same[n % requests]);
            echo = traffic.asFastAsPossible(ECHO_TIMES * requests, n -> same[n % requests]);
            steadyEcho = traffic.atRate(most.perSecond() / 2, requests, n -> same[n]);
        }
        line("bare Javalin echo of the same", rate(echo));
        line(
                "  ratio",
                ratio(most.perSecond() / echo.perSecond()) + "; of p99 "
                        + ratio(most.millis(0.99) / echo.millis(0.99)));
        line("open loop at half of that", latencies(steady));
        line("  the echo at the same rate", latencies(steadyEcho));
        for (int batch : new int[] {1, 8, CONNECTIONS}) {
            String storage = storage(directory, "bare-" + batch);
            double bare = BareCommits.rowsPerSecond(storage, batch, bodies.bodyBytes(), Duration.ofSeconds(3));
            line(
                    "bare database, " + batch + " rows a commit",
                    Math.round(bare) + " rows/s, ratio of the accepts to it " + ratio(most.perSecond() / bare));
        }
    }

    private static byte[][] accepted(WebhookRequests bodies, int number, int count) {
        return bodies.prepare(path(0), secret(0), number, count);
    }

    private void endToEnd(Path directory, InstantChatwoot chatwoot) throws IOException, InterruptedException {
        var bodies = WebhookRequests.of(QUESTION);
        try (var servers = servers(directory, "turns", chatwoot, "PT0S")) {
            int number = Math.max(1, warmUp / 2);
            answer(0, number, bodies, servers, chatwoot);
            if (coresEach != null) {
                servers.limit(coresEach);
                line("processors for each server", ratio(coresEach));
            }
            Answered together = answer(number, turns, bodies, servers, chatwoot);
            number += turns;
            line("turns end to end", together.rate());
            line("  each costs", together.costs());
            line("  and here", micros(together.own(), turns) + " of processor, generator and Chatwoot");
            if (instances > 1) {
                servers.keepFirst();
                Answered alone = answer(number, turns, bodies, servers, chatwoot);
                number += turns;
                line("by one of them alone", alone.rate());
                line("  each costs", alone.costs());
                line("  ratio", ratio(together.perSecond() / alone.perSecond()));
            }
            line("latency added, one at a time", oneAtATime(servers.ports().get(0), bodies, number, chatwoot));
            line("memory after the turns", servers.peakMemoryMib() + " MiB at its peak");
        }
    }

    /** @param own the processor time of this process, generator and Chatwoot */
    private record Answered(int expected, int seen, double perSecond, Costs spent, int calls, Duration own) {

        String rate() {
            return Math.round(perSecond) + "/s" + (seen < expected ? ", NOT ALL of " + expected : "");
        }

        String costs() {
            return spent.per(expected) + ", " + ratio(calls / (double) expected) + " calls of Chatwoot";
        }
    }

    /** Sends so many questions, each of another conversation and none sent before, and waits for their answers. */
    private static Answered answer(
            int from, int count, WebhookRequests bodies, LoadedServers servers, InstantChatwoot chatwoot)
            throws IOException, InterruptedException {
        byte[][] requests = new byte[count][];
        for (int i = 0; i < count; i++) {
            requests[i] = bodies.prepare(path(i % TENANTS), secret(i % TENANTS), from + i, 1)[0];
        }
        int messages = chatwoot.messages();
        int calls = chatwoot.calls();
        Costs before = servers.costs();
        Duration own = ownTime();
        long begin = System.nanoTime();
        new Traffic(servers.ports(), 16).asFastAsPossible(count, n -> requests[n]);
        await(chatwoot, messages + count, Duration.ofMinutes(10));
        double seconds = (chatwoot.lastNanos() - begin) / 1e9;
        int seen = chatwoot.messages() - messages;
        return new Answered(
                count,
                seen,
                seen / seconds,
                servers.costs().minus(before),
                chatwoot.calls() - calls,
                ownTime().minus(own));
    }

    private String oneAtATime(int port, WebhookRequests bodies, int number, InstantChatwoot chatwoot)
            throws IOException, InterruptedException {
        int times = 400;
        var nanos = new long[times];
        try (var wire = new Wire(port)) {
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

    /** An address for the server's database, of which there is nothing yet. */
    private String storage(Path directory, String name) {
        return postgres == null ? "sqlite:" + directory.resolve(name + ".db") : postgres.newDatabase();
    }

    private LoadedServers servers(Path directory, String name, InstantChatwoot chatwoot, String quiet)
            throws IOException, InterruptedException {
        String storage = storage(directory, name);
        var servers = new LoadedServers(postgres);
        for (int i = 0; i < instances; i++) {
            servers.add(server(directory, name + "-" + i, storage, chatwoot, quiet));
        }
        return servers;
    }

    /** Several tenants, because each has its own limits towards its Chatwoot. */
    private ServerProcess server(Path directory, String name, String storage, InstantChatwoot chatwoot, String quiet)
            throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        Path knowledge = Scratch.knowledge(own);
        var yaml = new StringBuilder("""
                server: {webhooks_per_second: 100000, api_calls_per_second: 10000}
                storage: {url: "${env:LOAD_STORAGE}"}
                api: {tokens: [{name: load, token: "${env:LOAD_TOKEN}", scopes: [admin]}]}
                tenants:
                """);
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
        environment.put("PORT", String.valueOf(ServerProcess.freePort()));
        environment.put("LOAD_STORAGE", storage);
        environment.put("LOAD_TOKEN", LoadedServers.TOKEN);
        for (int i = 0; i < TENANTS; i++) {
            environment.put("LOAD_SECRET_" + i, secret(i));
        }
        return ServerProcess.start(
                Stream.of(ServerProcess.jvm(), launch, furtherSettings)
                        .flatMap(List::stream)
                        .toList(),
                Main.class,
                List.of("serve", "--config", file.toString()),
                environment,
                own.resolve("server.log"));
    }

    private static Duration ownTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static String micros(Duration all, int pieces) {
        return String.format(Locale.ROOT, "%.0f µs", all.toNanos() / 1e3 / pieces);
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
