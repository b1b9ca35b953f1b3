package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Traffic.Measured;
import io.github.almeidatech.wppflow.server.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What one tenant notices of another that floods: the same steady traffic alone, beside a flood that meets the limit of
 * requests, and beside one without that limit, so that only the sharing of workers is left. Exit codes: 0 measured, 1 failed.
 */
@Command(
        name = "fairness",
        mixinStandardHelpOptions = true,
        description = "Measures the time to acknowledge and to answer one tenant while another one floods.")
final class Fairness implements Callable<Integer> {

    private static final int FLOODERS = 16;
    private static final int UNLIMITED = 100_000;
    private static final int WARM_UP = 150;
    private static final String NEIGHBOUR = "neighbour";
    private static final String FLOODER = "flooder";
    private static final Duration LATEST = Duration.ofSeconds(60);

    @Option(names = "--seconds", defaultValue = "30", description = "of each measurement (${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--rate",
            defaultValue = "10",
            description = "the neighbour's messages per second (${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--flood",
            defaultValue = "1000",
            description = "the flooder's messages per second, as far as they are taken (${DEFAULT-VALUE})")
    private int flood;

    @Option(
            names = "--limit",
            defaultValue = "50",
            description = "webhooks per second and tenant, as by default (${DEFAULT-VALUE})")
    private int limit;

    private final StringBuilder table = new StringBuilder();

    private Fairness() {}

    /** Measures and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Fairness()).execute(args));
    }

    /**
     * What the neighbour saw.
     *
     * @param accepts from when a webhook was due to its 200
     * @param answers from when it was due to the reply in Chatwoot
     * @param missing without any
     */
    private record Seen(Measured accepts, Measured answers, int missing) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("fairness");
        try (var own = new InstantChatwoot();
                var other = new InstantChatwoot()) {
            line("processors", Runtime.getRuntime().availableProcessors() + ", shared with the generator");
            Seen alone;
            try (var server = server(directory, "limited", limit, own, other)) {
                warmUp(server.port(), own, 0, Math.min(WARM_UP, limit * 4 / 5));
                alone = neighbour(server.port(), own, 100_000);
                line("neighbour alone", describe(alone));
                beside(server.port(), own, 200_000, "flood, limit of " + limit + " a second", alone);
            }
            try (var server = server(directory, "unlimited", UNLIMITED, own, other)) {
                warmUp(server.port(), own, 300_000, WARM_UP);
                beside(server.port(), own, 400_000, "flood without a limit", alone);
            }
        } finally {
            Scratch.delete(directory);
        }
        System.out.print(table);
        return 0;
    }

    private void warmUp(int port, InstantChatwoot chatwoot, int first, int perSecond)
            throws IOException, InterruptedException {
        var bodies = WebhookRequests.of("quanto custa a diária de gato?");
        byte[][] requests = bodies.prepare(path(NEIGHBOUR), secret(NEIGHBOUR), first, 1_000);
        int before = chatwoot.messages();
        new Traffic(List.of(port), 4).atRate(perSecond, requests.length, n -> requests[n]);
        awaitUntil(() -> chatwoot.messages() >= before + requests.length);
    }

    private void beside(int port, InstantChatwoot own, int first, String name, Seen alone)
            throws IOException, InterruptedException {
        var end = new AtomicBoolean();
        var taken = new AtomicInteger();
        var refused = new AtomicInteger();
        var bodies = WebhookRequests.of("quanto custa o banho?");
        var number = new AtomicInteger(first + 50_000);
        long begin = System.nanoTime();
        Thread[] flooders = new Thread[FLOODERS];
        for (int i = 0; i < FLOODERS; i++) {
            flooders[i] = new Thread(() -> flood(port, bodies, number, end, taken, refused), "flooder");
            flooders[i].start();
        }
        Seen seen = neighbour(port, own, first);
        end.set(true);
        for (Thread each : flooders) {
            each.join();
        }
        double took = (System.nanoTime() - begin) / 1e9;
        line("beside a " + name, describe(seen));
        line(
                "  the flood",
                String.format(
                        Locale.ROOT,
                        "%.0f/s sent, %.0f/s taken, %d connections",
                        (taken.get() + refused.get()) / took,
                        taken.get() / took,
                        FLOODERS));
        line(
                "  ratio to alone",
                String.format(
                        Locale.ROOT,
                        "acknowledged p50 %.1f, p99 %.1f; answered p50 %.1f, p95 %.1f, p99 %.1f",
                        seen.accepts().millis(0.5) / alone.accepts().millis(0.5),
                        seen.accepts().millis(0.99) / alone.accepts().millis(0.99),
                        seen.answers().millis(0.5) / alone.answers().millis(0.5),
                        seen.answers().millis(0.95) / alone.answers().millis(0.95),
                        seen.answers().millis(0.99) / alone.answers().millis(0.99)));
    }

    private void flood(
            int port,
            WebhookRequests bodies,
            AtomicInteger number,
            AtomicBoolean end,
            AtomicInteger taken,
            AtomicInteger refused) {
        try (var wire = new Wire(port)) {
            long pause = TimeUnit.SECONDS.toNanos(FLOODERS) / flood;
            for (long due = System.nanoTime(); !end.get(); due += pause) {
                LockSupport.parkNanos(due - System.nanoTime());
                byte[] request = bodies.prepare(path(FLOODER), secret(FLOODER), number.getAndIncrement(), 1)[0];
                (wire.send(request) == 200 ? taken : refused).incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Seen neighbour(int port, InstantChatwoot chatwoot, int first) throws InterruptedException {
        var bodies = WebhookRequests.of("quanto custa a diária de gato?");
        int count = rate * seconds;
        byte[][] requests = bodies.prepare(path(NEIGHBOUR), secret(NEIGHBOUR), first, count);
        var sent = new long[count];
        Measured accepts = new Traffic(List.of(port), 8).atRate(rate, count, n -> {
            sent[n] = System.nanoTime();
            return requests[n];
        });
        awaitUntil(() -> replies(chatwoot, first, count) == count);
        var nanos = new long[count];
        int answered = 0;
        for (int i = 0; i < count; i++) {
            long reply = chatwoot.firstReply(WebhookRequests.conversation(first + i));
            if (reply != 0) {
                nanos[answered++] = reply - sent[i];
            }
        }
        long[] all = Arrays.copyOf(nanos, answered);
        Arrays.sort(all);
        return new Seen(accepts, new Measured(all, 0, accepts.took()), count - answered);
    }

    private static long replies(InstantChatwoot chatwoot, int first, int count) {
        return IntStream.range(first, first + count)
                .filter(number -> chatwoot.firstReply(WebhookRequests.conversation(number)) != 0)
                .count();
    }

    private static void awaitUntil(BooleanSupplier done) {
        long deadline = System.nanoTime() + LATEST.toNanos();
        while (!done.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static String secret(String tenant) {
        return "webhook-secret-of-the-invented-" + tenant;
    }

    private static String path(String tenant) {
        return "/webhooks/chatwoot/" + tenant + "/agent-bot";
    }

    private ServerProcess server(
            Path directory, String name, int webhooksPerSecond, InstantChatwoot own, InstantChatwoot other)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(directory.resolve(name));
        Path knowledge = Scratch.knowledge(folder);
        var yaml = new StringBuilder("""
                server: {webhooks_per_second: %d, api_calls_per_second: 10000}
                storage: {url: "sqlite:%s"}
                tenants:
                """.formatted(webhooksPerSecond, folder.resolve("wppflow.db")));
        Map<String, String> environment = new HashMap<>();
        environment.put("PORT", String.valueOf(ServerProcess.freePort()));
        Map.of(NEIGHBOUR, own, FLOODER, other).forEach((tenant, chatwoot) -> {
            String variable = tenant.toUpperCase(Locale.ROOT);
            environment.put(variable, secret(tenant));
            yaml.append("""
                      %s:
                        name: Hotel
                        chatwoot:
                          base_url: "%s"
                          account_id: 1
                          bot_token: "${env:%s}"
                          user_token: "${env:%s}"
                          allow_private_network: true
                          max_calls_per_second: 1000
                          catch_up_every: PT0S
                        webhooks: {agent_bot_secrets: ["${env:%s}"]}
                        turns: {quiet: PT0S}
                        knowledge: {file: "%s"}
                    """.formatted(tenant, chatwoot.address(), variable, variable, variable, knowledge));
        });
        Path file = Files.writeString(folder.resolve("wppflow.yaml"), yaml);
        ServerProcess server = ServerProcess.start(
                ServerProcess.jvm(),
                Main.class,
                List.of("serve", "--config", file.toString()),
                environment,
                folder.resolve("server.log"));
        server.awaitHealthy();
        return server;
    }

    private static String describe(Seen seen) {
        return String.format(
                Locale.ROOT,
                "acknowledged p50 %.1f ms, p99 %.1f ms; answered p50 %.1f ms, p95 %.1f ms, p99 %.1f ms; refused %d, unanswered %d",
                seen.accepts().millis(0.5),
                seen.accepts().millis(0.99),
                seen.answers().millis(0.5),
                seen.answers().millis(0.95),
                seen.answers().millis(0.99),
                seen.accepts().refused(),
                seen.missing());
    }

    private void line(String what, String value) {
        System.err.println(what + ": " + value);
        table.append(String.format(Locale.ROOT, "%-42s%s%n", what, value));
    }
}
