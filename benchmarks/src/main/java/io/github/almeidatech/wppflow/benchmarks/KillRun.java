package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.server.cli.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** One run of the kill loop, from the first start of the server to the verdict. Used once. */
final class KillRun implements AutoCloseable {

    private static final Duration FIRST_LIFE = Duration.ofMillis(1_500);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    /** Whoever has said nothing for so long is killed all the same. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Settings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final Storage storage;
    private final URI address;
    private final Scene scene;
    private final Map<String, String> environment;
    private final Kills kills = new Kills();

    /**
     * What is to be done.
     *
     * @param kills how often
     * @param seed of everything that is drawn
     * @param messagesPerSecond of the customers
     * @param longestLife the server is killed this long after it is ready, or has spoken, or earlier
     * @param whileStarting the share of the kills that come before it is ready
     * @param afterSpeaking the share of the others that come after it has said something: on a slow machine it would die before
     * @param faults whether Chatwoot, the model and Baserow misbehave too
     * @param storage which database
     * @param afterwards how long the customers go on after the last kill, and the server after one more start
     * @param patience how long the rest of the work may take after the last kill
     * @param data an empty directory
     */
    record Settings(
            int kills,
            long seed,
            double messagesPerSecond,
            Duration longestLife,
            double whileStarting,
            double afterSpeaking,
            boolean faults,
            Storage.Kind storage,
            Duration afterwards,
            Duration patience,
            Path data) {}

    /**
     * How it ended.
     *
     * @param took the whole run
     * @param webhooks attempts to deliver a customer's message
     * @param answeredWell of these, with 2xx
     * @param acknowledged messages of customers with at least one of these
     * @param faults how often Chatwoot, the model and Baserow misbehaved
     * @param rows in Baserow
     * @param afterLastKill messages of customers written after the last kill
     * @param exitCode of the server after a stop signal at the end
     */
    record Report(
            Settings settings,
            Duration took,
            Kills kills,
            Kills.Met met,
            int webhooks,
            int answeredWell,
            int acknowledged,
            Map<String, Integer> faults,
            int rows,
            int afterLastKill,
            int exitCode,
            Verdict verdict) {}

    private KillRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        int port = ServerProcess.freePort();
        this.address = URI.create("http://127.0.0.1:" + port);
        this.storage = Storage.empty(settings.storage(), settings.data());
        this.scene =
                new Scene(address, settings.data(), settings.seed(), settings.messagesPerSecond(), settings.faults());
        this.environment = scene.environment(port, storage.url());
    }

    /** Runs it; blocks for the whole time. */
    static Report run(Settings settings, Consumer<String> progress) throws IOException, InterruptedException {
        try (var run = new KillRun(settings, progress)) {
            return run.run();
        }
    }

    private Report run() throws InterruptedException {
        Instant begin = Instant.now();
        Duration startUp = first();
        while (kills.number() < settings.kills()) {
            boolean early = random.nextDouble() < settings.whileStarting();
            try (var server = launch()) {
                if (early) {
                    server.live(upTo(startUp));
                } else {
                    int saidBefore = scene.said();
                    startUp = ready(server);
                    if (random.nextDouble() < settings.afterSpeaking()) {
                        awaitMoreThan(saidBefore, server);
                    }
                    server.live(upTo(settings.longestLife()));
                }
                kill(server, early);
            }
        }
        int exitCode = undisturbed();
        progress.accept("starting once more");
        Evidence evidence = afterwards();
        Instant lastKill = kills.last();
        int afterLastKill = (int) evidence.messages().stream()
                .filter(message ->
                        message.type().equals("incoming") && message.at().isAfter(lastKill))
                .count();
        return new Report(
                settings,
                Duration.between(begin, Instant.now()),
                kills,
                kills.met(evidence),
                scene.receipts().attempts(),
                scene.receipts().answeredWell(),
                evidence.acknowledged().size(),
                scene.struck(),
                scene.rows(),
                afterLastKill,
                exitCode,
                Checker.check(evidence).with(scene.wrongRows(evidence)));
    }

    /** The very first start is left alone: what was written before it is none of the server's business. */
    private Duration first() throws InterruptedException {
        try (var server = launch()) {
            Duration startUp = ready(server);
            server.live(FIRST_LIFE);
            scene.crowd().begin();
            server.live(upTo(settings.longestLife()));
            kill(server, false);
            return startUp;
        }
    }

    /** After the last kill: lets the customers come to an end and everything be answered; tells how the server stops. */
    private int undisturbed() throws InterruptedException {
        try (var server = launch()) {
            ready(server);
            server.live(settings.afterwards());
            scene.end();
            progress.accept("waiting for the rest");
            scene.drained(address, settings.patience(), server::live);
            return server.stop();
        }
    }

    /** One more start, which looks for missed messages again, must not change anything. */
    private Evidence afterwards() throws InterruptedException {
        try (var server = launch()) {
            ready(server);
            server.live(settings.afterwards());
            Evidence evidence = scene.drained(address, settings.patience(), server::live);
            server.stop();
            return evidence;
        }
    }

    private ServerProcess launch() {
        var jvm = ServerProcess.jvm();
        jvm.add("-XX:TieredStopAtLevel=1"); // it lives too short to be compiled better
        return ServerProcess.start(
                jvm, Main.class, List.of("serve"), environment, settings.data().resolve("server.log"));
    }

    /** Waits until it answers; tells how long that took. */
    private Duration ready(ServerProcess server) throws InterruptedException {
        long begin = System.nanoTime();
        server.awaitHealthy();
        scene.crowd().quiet(false);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void awaitMoreThan(int said, ServerProcess server) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_SILENCE.toNanos();
        while (scene.said() <= said && System.nanoTime() < end) {
            server.live(LOOK_EVERY);
        }
    }

    private Duration upTo(Duration longest) {
        return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
    }

    private void kill(ServerProcess server, boolean whileStarting) throws InterruptedException {
        kills.add(Instant.now(), whileStarting);
        server.kill();
        scene.receipts().collect(Instant.now());
        scene.crowd().quiet(true);
        if (kills.number() % 10 == 0) {
            progress.accept(kills.number() + " kills");
        }
    }

    @Override
    public void close() {
        scene.close();
        storage.close();
    }
}
