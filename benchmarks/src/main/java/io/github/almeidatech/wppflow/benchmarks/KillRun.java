package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
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
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Settings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final SimulatedChatwoot chatwoot;
    private final Map<String, String> environment;
    private final URI address;
    private final Wiretap wiretap;
    private final Trouble trouble;
    private final Crowd crowd;
    private final Receipts receipts;
    private final Kills kills = new Kills();

    /**
     * What is to be done.
     *
     * @param kills how often
     * @param seed of everything that is drawn
     * @param messagesPerSecond of the customers
     * @param longestLife the server is killed this long after it is ready, or earlier
     * @param whileStarting the share of the kills that come before it is ready
     * @param faults whether Chatwoot misbehaves too
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
            boolean faults,
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
     * @param faults how often Chatwoot misbehaved
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
            int afterLastKill,
            int exitCode,
            Verdict verdict) {}

    private KillRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        int port = ServerProcess.freePort(random);
        this.address = URI.create("http://127.0.0.1:" + port);
        this.chatwoot = SimulatedChatwoot.builder()
                .keepPendingWhenBotFails(true)
                .retryPause(Duration.ofMillis(500))
                .start();
        WebhookEndpoint webhook = chatwoot.connectAgentBot(address.resolve(HotelSettings.WEBHOOK));
        this.environment = HotelSettings.of(
                chatwoot, webhook, port, "sqlite:" + settings.data().resolve("wppflow.db"), settings.data());
        this.wiretap = Wiretap.on(chatwoot);
        this.trouble = settings.faults() ? Trouble.with(chatwoot, new Random(settings.seed() + 1)) : Trouble.none();
        this.crowd = new Crowd(chatwoot, new Random(settings.seed() + 2), settings.messagesPerSecond());
        this.receipts = new Receipts(chatwoot);
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
                    startUp = ready(server);
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
                receipts.attempts(),
                receipts.answeredWell(),
                evidence.acknowledged().size(),
                trouble.struck(),
                afterLastKill,
                exitCode,
                Checker.check(evidence));
    }

    /** The very first start is left alone: what was written before it is none of the server's business. */
    private Duration first() throws InterruptedException {
        try (var server = launch()) {
            Duration startUp = ready(server);
            server.live(FIRST_LIFE);
            crowd.begin();
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
            trouble.end();
            crowd.end();
            progress.accept("waiting for the rest");
            drained(server);
            return server.stop();
        }
    }

    /** One more start, which looks for missed messages again, must not change anything. */
    private Evidence afterwards() throws InterruptedException {
        try (var server = launch()) {
            ready(server);
            server.live(settings.afterwards());
            Evidence evidence = drained(server);
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
        crowd.quiet(false);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private Duration upTo(Duration longest) {
        return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
    }

    private void kill(ServerProcess server, boolean whileStarting) throws InterruptedException {
        kills.add(Instant.now(), whileStarting);
        server.kill();
        receipts.collect(Instant.now());
        crowd.quiet(true);
        if (kills.number() % 10 == 0) {
            progress.accept(kills.number() + " kills");
        }
    }

    private Evidence drained(ServerProcess server) throws InterruptedException {
        return new Observation(chatwoot, crowd, receipts, wiretap)
                .drained(new EventReader(address, HotelSettings.API_TOKEN), settings.patience(), PAUSE, server::live);
    }

    @Override
    public void close() {
        crowd.close();
        chatwoot.close();
    }
}
