package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Several servers on one PostgreSQL behind a load balancer, disturbed one after the other while customers write. Used once. */
final class InstancesRun implements AutoCloseable {

    private static final Duration FIRST_LIFE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final String LEASE = "PT3S";
    /** Longer than the leases, the time a transaction may stand idle, and a load balancer's patience. */
    private static final Duration BEYOND_LEASES = Duration.ofSeconds(6);

    private final Settings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final Postgres postgres;
    private final String storage;
    private final SimulatedChatwoot chatwoot;
    private final Balancer balancer;
    private final List<Map<String, String>> environments = new ArrayList<>();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final Wiretap wiretap;
    private final Trouble trouble;
    private final Crowd crowd;
    private final Receipts receipts;
    private final Kills disturbances = new Kills();
    private final Map<Disturbance, Integer> done = new EnumMap<>(Disturbance.class);
    private int endedByItself;

    /** What happens to one of the servers, or to what they share. */
    enum Disturbance {
        /** {@code kill -9}, and started again at once. */
        KILLED,
        /** Stands still for longer than its leases, and then goes on where it was. */
        PAUSED,
        /** All connections of all servers to the database end. */
        CUT_OFF,
        /** The database is killed and started again. */
        DATABASE_KILLED,
        /** Stopped in peace and started again: a rolling upgrade. */
        ROLLED
    }

    /**
     * What is to be done.
     *
     * @param instances how many servers
     * @param disturbances these, one after the other
     * @param seed of everything that is drawn
     * @param messagesPerSecond of the customers
     * @param between the longest time from one to the next
     * @param faults whether Chatwoot misbehaves too
     * @param patience how long the rest of the work may take after the last one
     * @param data an empty directory
     */
    record Settings(
            int instances,
            List<Disturbance> disturbances,
            long seed,
            double messagesPerSecond,
            Duration between,
            boolean faults,
            Duration patience,
            Path data) {

        Settings {
            disturbances = List.copyOf(disturbances);
        }
    }

    /**
     * How it ended.
     *
     * @param stored what the database holds more than before the first message
     * @param endedByItself servers that ended because the database was away while they started, and were started again
     * @param met what was in progress when somebody was disturbed
     * @param webhooks attempts to deliver a customer's message
     * @param answeredWell of these, with 2xx
     */
    record Report(
            Settings settings,
            Duration took,
            Postgres.Stored stored,
            Map<Disturbance, Integer> done,
            int endedByItself,
            Kills.Met met,
            int webhooks,
            int answeredWell,
            Map<String, Integer> faults,
            Verdict verdict) {}

    private InstancesRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        this.postgres = Postgres.start();
        this.storage = postgres.newDatabase();
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < settings.instances(); i++) {
            addresses.add(URI.create("http://127.0.0.1:" + ServerProcess.freePort(random)));
        }
        this.balancer = Balancer.before(addresses);
        this.chatwoot = SimulatedChatwoot.builder()
                .keepPendingWhenBotFails(true)
                .retryPause(Duration.ofMillis(500))
                .start();
        WebhookEndpoint webhook = chatwoot.connectAgentBot(balancer.address().resolve(HotelSettings.WEBHOOK));
        for (URI address : addresses) {
            var environment = HotelSettings.of(chatwoot, webhook, address.getPort(), storage, settings.data());
            environment.put("WPPFLOW_FLOW__TURN_LEASE", LEASE);
            environment.put("WPPFLOW_FLOW__COMMAND_LEASE", LEASE);
            environments.add(environment);
        }
        this.wiretap = Wiretap.on(chatwoot);
        this.trouble = settings.faults() ? Trouble.with(chatwoot, new Random(settings.seed() + 1)) : Trouble.none();
        this.crowd = new Crowd(chatwoot, new Random(settings.seed() + 2), settings.messagesPerSecond());
        this.receipts = new Receipts(chatwoot);
    }

    /**
     * Runs it; blocks for the whole time.
     *
     * @throws IllegalStateException when there is no PostgreSQL
     */
    static Report run(Settings settings, Consumer<String> progress) throws IOException, InterruptedException {
        try (var run = new InstancesRun(settings, progress)) {
            return run.run();
        }
    }

    private Report run() throws InterruptedException {
        Instant begin = Instant.now();
        for (int i = 0; i < settings.instances(); i++) {
            servers.add(launch(i));
        }
        for (ServerProcess server : servers) {
            server.awaitHealthy();
        }
        pass(FIRST_LIFE);
        Postgres.Stored before = postgres.stored(storage);
        crowd.begin();
        for (Disturbance disturbance : settings.disturbances()) {
            pass(Duration.ofNanos(
                    (long) (random.nextDouble() * settings.between().toNanos())));
            disturb(disturbance, random.nextInt(servers.size()));
            receipts.collect(Instant.now());
            done.merge(disturbance, 1, Integer::sum);
            progress.accept(
                    disturbances.number() + " of " + settings.disturbances().size() + ": " + disturbance);
        }
        pass(FIRST_LIFE);
        trouble.end();
        crowd.end();
        progress.accept("waiting for the rest");
        Evidence evidence = new Observation(chatwoot, crowd, receipts, wiretap)
                .drained(
                        new EventReader(
                                URI.create("http://127.0.0.1:" + servers.get(0).port()), HotelSettings.API_TOKEN),
                        settings.patience(),
                        PAUSE,
                        this::pass);
        for (ServerProcess server : servers) {
            server.stop();
        }
        return new Report(
                settings,
                Duration.between(begin, Instant.now()),
                postgres.stored(storage).minus(before),
                Map.copyOf(done),
                endedByItself,
                disturbances.met(evidence),
                receipts.attempts(),
                receipts.answeredWell(),
                trouble.struck(),
                Checker.check(evidence));
    }

    private void disturb(Disturbance disturbance, int which) throws InterruptedException {
        ServerProcess server = servers.get(which);
        disturbances.add(Instant.now(), false);
        switch (disturbance) {
            case KILLED -> {
                server.kill();
                startAgain(which);
            }
            case PAUSED -> {
                server.pause();
                TimeUnit.NANOSECONDS.sleep(BEYOND_LEASES.toNanos());
                server.goOn();
            }
            case CUT_OFF -> postgres.cutConnections();
            case DATABASE_KILLED -> {
                postgres.stopAtOnce();
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                postgres.startAgain();
            }
            case ROLLED -> {
                int code = server.stop();
                if (!KillLoop.STOPPED.contains(code)) {
                    throw new IllegalStateException("a stop signal led to exit code " + code);
                }
                startAgain(which);
            }
        }
    }

    private void startAgain(int which) throws InterruptedException {
        ServerProcess server = launch(which);
        servers.set(which, server);
        server.awaitHealthy();
    }

    private ServerProcess launch(int which) {
        var jvm = ServerProcess.jvm();
        jvm.add("-XX:TieredStopAtLevel=1"); // it lives too short to be compiled better
        Path log = settings.data().resolve("server-" + which + ".log");
        return ServerProcess.start(jvm, Main.class, List.of("serve"), environments.get(which), log);
    }

    /** Lets time pass, and does what a supervisor does: a server that was starting while the database was away has ended. */
    private void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).hasEnded()) {
                endedByItself++;
                startAgain(i);
            }
        }
    }

    @Override
    public void close() {
        crowd.close();
        servers.forEach(ServerProcess::close);
        balancer.close();
        chatwoot.close();
        postgres.close();
    }
}
