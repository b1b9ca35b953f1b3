package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
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
import org.jspecify.annotations.Nullable;

/** Several servers on one PostgreSQL behind a load balancer, disturbed one after the other while customers write. Used once. */
final class InstancesRun implements AutoCloseable {

    private static final Duration FIRST_LIFE = Duration.ofSeconds(1);
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final String LEASE = "PT3S";
    /** Longer than the leases, the time a transaction may stand idle, and a load balancer's patience. */
    private static final Duration BEYOND_LEASES = Duration.ofSeconds(6);

    private final Settings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final Storage storage;
    private final Scene scene;
    private final Balancer balancer;
    private final List<Map<String, String>> environments = new ArrayList<>();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<Cable> toDatabase = new ArrayList<>();
    private final List<Cable> toChatwoot = new ArrayList<>();
    private final List<Path> homes = new ArrayList<>();
    private final List<Boolean> isOld = new ArrayList<>();
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
        /** Stopped in peace and started again; with two versions, as the other one. */
        ROLLED,
        /** For longer than the leases no byte goes between one of them and the database, and nobody is told. */
        SPLIT_FROM_DATABASE,
        /** The same between one of them and Chatwoot, whose webhooks arrive. */
        SPLIT_FROM_CHATWOOT,
        /** The clock of one is an hour ahead for a while: it takes all leases of the others for over. */
        CLOCK_AHEAD,
        /** The clock of one is an hour late for a while: what is due is not due to it. */
        CLOCK_LATE
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
     * @param older class path of an older version, which half of them run at first; null for this one alone
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
            @Nullable String older,
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
     * @param overslept messages and commands that still waited at the end, for a time of a clock that had been ahead
     * @param met what was in progress when somebody was disturbed
     * @param webhooks attempts to deliver a customer's message
     * @param answeredWell of these, with 2xx
     */
    record Report(
            Settings settings,
            Duration took,
            LocalPostgres.Stored stored,
            Map<Disturbance, Integer> done,
            int endedByItself,
            int overslept,
            Kills.Met met,
            int webhooks,
            int answeredWell,
            Map<String, Integer> faults,
            Verdict verdict) {}

    private InstancesRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        this.storage = Storage.empty(Storage.Kind.POSTGRESQL, settings.data());
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < settings.instances(); i++) {
            addresses.add(URI.create("http://127.0.0.1:" + ServerProcess.freePort()));
        }
        this.balancer = Balancer.before(addresses);
        this.scene = new Scene(
                balancer.address(), settings.data(), settings.seed(), settings.messagesPerSecond(), settings.faults());
        for (URI address : addresses) {
            Cable database = Cable.to(storage.postgres().port());
            Cable chatwoot = Cable.to(scene.chatwoot().baseUrl().getPort());
            toDatabase.add(database);
            toChatwoot.add(chatwoot);
            homes.add(Files.createDirectories(settings.data().resolve("home-" + homes.size())));
            isOld.add(settings.older() != null && isOld.size() % 2 == 1);
            String url = storage.url().replace(":" + storage.postgres().port() + "/", ":" + database.port() + "/");
            var environment = scene.environment(address.getPort(), url);
            environment.put("CHATWOOT_BASE_URL", "http://127.0.0.1:" + chatwoot.port());
            environment.put("WPPFLOW_FLOW__TURN_LEASE", LEASE);
            environment.put("WPPFLOW_FLOW__COMMAND_LEASE", LEASE);
            if (!isOld.get(isOld.size() - 1)) { // which may not know it
                environment.put("WPPFLOW_MEDIA__PER_TURN", "PT2S"); // has to be within the lease
            }
            environments.add(environment);
        }
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

    private Report run() throws InterruptedException, IOException {
        Instant begin = Instant.now();
        for (int i = 0; i < settings.instances(); i++) {
            servers.add(launch(i));
        }
        for (ServerProcess server : servers) {
            server.awaitHealthy();
        }
        pass(FIRST_LIFE);
        scene.crowd().peopleOpen(); // an instance whose clock is wrong refuses the webhooks that tell of them
        LocalPostgres.Stored before = storage.postgres().stored(storage.url());
        scene.crowd().begin();
        for (Disturbance disturbance : settings.disturbances()) {
            pass(Duration.ofNanos(
                    (long) (random.nextDouble() * settings.between().toNanos())));
            disturb(disturbance, random.nextInt(servers.size()));
            scene.receipts().collect(Instant.now());
            done.merge(disturbance, 1, Integer::sum);
            progress.accept(
                    disturbances.number() + " of " + settings.disturbances().size() + ": " + disturbance);
        }
        pass(FIRST_LIFE);
        scene.end();
        progress.accept("waiting for the rest");
        Evidence evidence = scene.drained(address(0), settings.patience(), this::pass);
        int overslept = new EventReader(address(0), HotelSettings.API_TOKEN).waiting();
        for (ServerProcess server : servers) {
            server.stop();
        }
        return new Report(
                settings,
                Duration.between(begin, Instant.now()),
                storage.postgres().stored(storage.url()).minus(before),
                Map.copyOf(done),
                endedByItself,
                overslept,
                disturbances.met(evidence),
                scene.receipts().attempts(),
                scene.receipts().answeredWell(),
                scene.struck(),
                Checker.check(evidence).with(scene.wrongRows(evidence)));
    }

    private void disturb(Disturbance disturbance, int which) throws InterruptedException, IOException {
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
            case CUT_OFF -> storage.postgres().cutConnections();
            case DATABASE_KILLED -> {
                storage.postgres().stopAtOnce();
                TimeUnit.NANOSECONDS.sleep(Scene.PAUSE.toNanos());
                storage.postgres().startAgain();
            }
            case ROLLED -> {
                int code = server.stop();
                if (!KillLoop.STOPPED.contains(code)) {
                    throw new IllegalStateException("a stop signal led to exit code " + code);
                }
                isOld.set(which, settings.older() != null && !isOld.get(which));
                startAgain(which);
            }
            case SPLIT_FROM_DATABASE -> split(toDatabase.get(which));
            case SPLIT_FROM_CHATWOOT -> split(toChatwoot.get(which));
            case CLOCK_AHEAD -> shift(which, AHEAD);
            case CLOCK_LATE -> shift(which, AHEAD.negated());
        }
    }

    private static void split(Cable cable) throws InterruptedException {
        cable.pull();
        TimeUnit.NANOSECONDS.sleep(BEYOND_LEASES.toNanos());
        cable.plugIn();
    }

    private void shift(int which, Duration by) throws InterruptedException, IOException {
        Path clock = homes.get(which).resolve("clock");
        ShiftedClock.turn(clock, by);
        TimeUnit.NANOSECONDS.sleep(BEYOND_LEASES.toNanos());
        Files.delete(clock);
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
        String older = settings.older();
        if (older != null && isOld.get(which)) {
            return ServerProcess.start(
                    jvm, older, Main.class.getName(), List.of("serve"), environments.get(which), log);
        }
        try {
            jvm.add(KillPointAgent.option(homes.get(which)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ServerProcess.watched(jvm, Main.class, List.of("serve"), environments.get(which), log);
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

    private URI address(int which) {
        return URI.create("http://127.0.0.1:" + servers.get(which).port());
    }

    @Override
    public void close() {
        servers.forEach(ServerProcess::close);
        scene.close();
        balancer.close();
        toDatabase.forEach(Cable::close);
        toChatwoot.forEach(Cable::close);
        storage.close();
    }
}
