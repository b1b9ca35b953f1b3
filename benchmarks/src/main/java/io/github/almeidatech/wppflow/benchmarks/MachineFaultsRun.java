package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Crossing.Death;
import io.github.almeidatech.wppflow.benchmarks.Crossing.Order;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Violation;
import io.github.almeidatech.wppflow.server.cli.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One server, whose machine fails in one way after the other while customers write. Used once. */
final class MachineFaultsRun implements AutoCloseable {

    /** What an exhausted JVM ends with. */
    private static final int EXHAUSTED = 3;

    private static final int DISK_MEGABYTES = 48;
    private static final Duration BETWEEN = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    private final Settings settings;
    private final Consumer<String> progress;
    private final @Nullable SmallDisk disk;
    private final Storage storage;
    private final @Nullable Cable toDatabase;
    private final Cable toChatwoot;
    private final URI address;
    private final Scene scene;
    private final Map<String, String> environment;
    private final List<String> jvm;
    private final Operator operator;
    private final Kills outages = new Kills();
    private final List<Course> courses = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private ServerProcess server;

    /**
     * What is to be done.
     *
     * @param outages these, in an order that is drawn
     * @param times each so often
     */
    record Settings(
            List<MachineFault> outages,
            int times,
            Storage.Kind storage,
            long seed,
            double messagesPerSecond,
            boolean faults,
            Duration patience,
            Path data) {

        Settings {
            outages = outages.stream().filter(each -> each.existsOn(storage)).toList();
        }
    }

    /**
     * How one went.
     *
     * @param attempts webhooks of customers' messages meanwhile
     * @param answeredWell of these, with 2xx
     * @param notReadyAfter until the server said that it is not ready; null when it never did
     * @param readyAfter from the end of the outage until it said that it is
     * @param logLines written meanwhile
     */
    record Course(
            MachineFault outage,
            int attempts,
            int answeredWell,
            @Nullable Duration notReadyAfter,
            Duration readyAfter,
            long logLines) {}

    /**
     * How it ended.
     *
     * @param staleSignatures webhooks that were refused for their time
     * @param overslept messages and commands that still waited at the end, for a time of a clock that had been ahead
     */
    record Report(
            Settings settings,
            Duration took,
            List<Course> courses,
            boolean hasSmallDisk,
            Kills.Met met,
            int staleSignatures,
            int overslept,
            int webhooks,
            int answeredWell,
            Map<String, Integer> faults,
            int rows,
            Verdict verdict) {}

    private MachineFaultsRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        int port = ServerProcess.freePort();
        this.address = URI.create("http://127.0.0.1:" + port);
        Path folder = settings.data().resolve("disk");
        this.disk = settings.storage() == Storage.Kind.SQLITE ? smallDisk(folder) : null;
        this.storage = Storage.empty(settings.storage(), Files.createDirectories(folder));
        this.toDatabase = settings.storage() == Storage.Kind.POSTGRESQL
                ? Cable.to(storage.postgres().port())
                : null;
        this.scene =
                new Scene(address, settings.data(), settings.seed(), settings.messagesPerSecond(), settings.faults());
        this.toChatwoot = Cable.to(scene.chatwoot().baseUrl().getPort());
        this.environment = scene.environment(port, storageUrl());
        environment.put("CHATWOOT_BASE_URL", "http://127.0.0.1:" + toChatwoot.port());
        this.jvm = ServerProcess.jvm();
        jvm.add(KillPointAgent.option(settings.data()));
        this.operator = new Operator(address);
        this.server = launch();
    }

    private @Nullable SmallDisk smallDisk(Path folder) {
        try {
            return SmallDisk.at(folder, DISK_MEGABYTES);
        } catch (IOException e) {
            progress.accept("no disk is filled: " + e.getMessage());
            return null;
        }
    }

    private String storageUrl() {
        return toDatabase == null
                ? storage.url()
                : storage.url().replace(":" + storage.postgres().port(), ":" + toDatabase.port());
    }

    /** Runs it; blocks for the whole time. */
    static Report run(Settings settings, Consumer<String> progress)
            throws IOException, InterruptedException, SQLException {
        try (var run = new MachineFaultsRun(settings, progress)) {
            return run.run();
        }
    }

    private Report run() throws InterruptedException, IOException, SQLException {
        Instant begin = Instant.now();
        server.awaitHealthy();
        operator.awaitReady(server);
        scene.crowd().peopleOpen(); // for seconds no webhook tells of them
        scene.crowd().begin();
        var random = new Random(settings.seed());
        for (int i = 0; i < settings.times(); i++) {
            var round = new ArrayList<>(settings.outages());
            if (disk == null) {
                round.removeAll(List.of(MachineFault.DISK_FULL, MachineFault.DISK_FULL_ONCE));
            }
            Collections.shuffle(round, random);
            for (MachineFault outage : round) {
                server.live(BETWEEN);
                Course course = suffer(outage);
                courses.add(course);
                progress.accept(course.toString());
            }
        }
        server.live(BETWEEN);
        scene.end();
        progress.accept("waiting for the rest");
        Evidence evidence = scene.drained(address, settings.patience(), server::live);
        int overslept = new EventReader(address, HotelSettings.API_TOKEN).waiting();
        double stale = operator.metric("wppflow_webhook_refused_total", "stale_signature");
        server.stop();
        return new Report(
                settings,
                Duration.between(begin, Instant.now()),
                courses,
                disk != null,
                outages.met(evidence),
                (int) stale,
                overslept,
                scene.receipts().attempts(),
                scene.receipts().answeredWell(),
                scene.struck(),
                scene.rows(),
                Checker.check(evidence).with(scene.wrongRows(evidence)).with(violations));
    }

    private Course suffer(MachineFault outage) throws InterruptedException, IOException, SQLException {
        scene.receipts().collect(Instant.now());
        int attempts = scene.receipts().attempts();
        int well = scene.receipts().answeredWell();
        long lines = logLines();
        outages.add(Instant.now(), false);
        long begin = System.nanoTime();
        Duration notReadyAfter = null;
        try (AutoCloseable end = begin(outage)) {
            while (System.nanoTime() - begin < outage.lasting().toNanos()) {
                server.live(POLL);
                if (notReadyAfter == null && operator.status("/ready") != 200) {
                    notReadyAfter = since(begin);
                }
            }
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        scene.receipts().collect(Instant.now());
        int attemptsMeanwhile = scene.receipts().attempts() - attempts;
        int wellMeanwhile = scene.receipts().answeredWell() - well;
        server.live(outage.aftermath());
        Duration readyAfter = ready(outage);
        if (outage.stopsWriting() && notReadyAfter == null) {
            violations.add(new Violation(Promise.UNEXPLAINED, "ready all the time: " + outage));
        }
        return new Course(outage, attemptsMeanwhile, wellMeanwhile, notReadyAfter, readyAfter, logLines() - lines);
    }

    private static Duration since(long nanos) {
        return Duration.ofMillis((System.nanoTime() - nanos) / 1_000_000);
    }

    /** Waits until it is, without being started again. */
    private Duration ready(MachineFault outage) throws InterruptedException {
        long begin = System.nanoTime();
        while (operator.status("/ready") != 200) {
            server.live(POLL);
            if (System.nanoTime() - begin > BACK_WITHIN.toNanos()) {
                violations.add(new Violation(Promise.UNEXPLAINED, "not ready half a minute after: " + outage));
                break;
            }
        }
        return since(begin);
    }

    /** Closing ends it. */
    private AutoCloseable begin(MachineFault outage) throws IOException, SQLException, InterruptedException {
        switch (outage) {
            case DISK_FULL_ONCE, DISK_FULL -> {
                SmallDisk small = java.util.Objects.requireNonNull(disk);
                small.fill();
                return small::empty;
            }
            case LOCKED_1S, LOCKED_10S -> {
                Connection other = DriverManager.getConnection("jdbc:" + storage.url());
                try (var statement = other.createStatement()) {
                    statement.execute("pragma busy_timeout = 5000");
                    statement.execute("begin immediate");
                }
                return other;
            }
            case DATABASE_STOPPED -> {
                storage.postgres().stopAtOnce();
                return storage.postgres()::startAgain;
            }
            case DATABASE_CUT_OFF -> {
                return pulled(java.util.Objects.requireNonNull(toDatabase));
            }
            case CHATWOOT_CUT_OFF -> {
                return pulled(toChatwoot);
            }
            case NO_HANDLES -> {
                return Grip.noMoreHandles(server.pid());
            }
            case DISK_SLOW -> {
                return Grip.slowSynchronisation(server.pid(), Duration.ofMillis(200));
            }
            case DISK_STALLS -> {
                return Grip.slowSynchronisation(server.pid(), Duration.ofMillis(2_500));
            }
            case OUT_OF_MEMORY -> {
                exhausted();
                return () -> {};
            }
            case CLOCK_HOUR_AHEAD,
                    CLOCK_HOUR_BACK,
                    CLOCK_DAY_AHEAD,
                    CLOCK_DAY_BACK,
                    CLOCK_SET_DAY_AHEAD,
                    CLOCK_SET_DAY_BACK,
                    CLOCK_BACK_IN_LEASE -> {
                Path file = clock();
                ShiftedClock.turn(file, outage.clockShift());
                return () -> Files.delete(file);
            }
        }
        throw new IllegalStateException(outage.toString());
    }

    private static AutoCloseable pulled(Cable cable) {
        cable.pull();
        return cable::plugIn;
    }

    /** In the middle of a turn there is no memory left: the process ends by itself, at once, and is started again. */
    private void exhausted() throws IOException, InterruptedException {
        Path file = settings.data().resolve("order");
        new Order(KillPoint.K07.name(), 1, Death.MEMORY).writeTo(file);
        boolean ended = server.ends(Duration.ofSeconds(20));
        Files.delete(file);
        if (!ended || server.exitCode() != EXHAUSTED) {
            violations.add(new Violation(Promise.UNEXPLAINED, "without memory it did not end as it should"));
            server.kill();
        }
        server = launch();
        server.awaitHealthy();
        operator.awaitReady(server);
    }

    private Path clock() {
        return settings.data().resolve("clock");
    }

    private long logLines() throws IOException {
        try (var lines = Files.lines(log())) {
            return lines.count();
        }
    }

    private Path log() {
        return settings.data().resolve("server.log");
    }

    private ServerProcess launch() {
        return ServerProcess.watched(jvm, Main.class, List.of("serve"), environment, log());
    }

    @Override
    public void close() {
        server.close();
        scene.close();
        toChatwoot.close();
        if (toDatabase != null) {
            toDatabase.close();
        }
        storage.close();
        if (disk != null) {
            disk.close();
        }
    }
}
