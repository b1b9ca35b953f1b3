package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.OutsideFault.Misbehaviour;
import io.github.almeidatech.wppflow.benchmarks.OutsideFault.Neighbour;
import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Faults;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One server; what it asks misbehaves in one way after the other while customers write. Used once. */
final class OutsideFaultsRun implements AutoCloseable {

    private static final double SHARE = 0.5;
    /** So long a fault waits for something to strike. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Settings settings;
    private final Consumer<String> progress;
    private final Storage storage;
    private final URI address;
    private final Scene scene;
    private final ServerProcess server;
    private final Strikes strikes;

    /**
     * What is to be done.
     *
     * @param faults in this order
     * @param each how long it lasts, striking every second request
     * @param between how long all is well before the next
     * @param patience how long the rest of the work may take at the end
     * @param data an empty directory
     */
    record Settings(
            List<OutsideFault> faults,
            Storage.Kind storage,
            long seed,
            double messagesPerSecond,
            Duration each,
            Duration between,
            Duration patience,
            Path data) {

        Settings {
            faults = List.copyOf(faults);
        }
    }

    /**
     * How one went.
     *
     * @param requests of the server to that system meanwhile
     * @param struck how many of them were failed
     * @param verdict over the conversations in which a customer wrote meanwhile
     * @param waits of these customers
     */
    record Row(OutsideFault fault, int requests, int struck, Verdict verdict, Waits waits) {}

    /** How it ended. */
    record Report(Settings settings, Duration took, List<Row> rows, int rowsInBaserow, Verdict verdict) {}

    private record Course(OutsideFault fault, Instant from, Instant to, int requests, int struck) {}

    private OutsideFaultsRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        int port = ServerProcess.freePort();
        this.address = URI.create("http://127.0.0.1:" + port);
        this.storage = Storage.empty(settings.storage(), settings.data());
        this.scene = new Scene(address, settings.data(), settings.seed(), settings.messagesPerSecond(), false);
        this.strikes = new Strikes(new Random(settings.seed() + 3));
        strikes.at(Neighbour.CHATWOOT, scene.chatwoot().faults());
        strikes.at(Neighbour.MODEL, scene.model().faults());
        strikes.at(Neighbour.BASEROW, scene.baserow().faults());
        this.server = ServerProcess.start(
                ServerProcess.jvm(),
                Main.class,
                List.of("serve"),
                scene.environment(port, storage.url()),
                settings.data().resolve("server.log"));
    }

    /** Runs it; blocks for the whole time. */
    static Report run(Settings settings, Consumer<String> progress) throws IOException, InterruptedException {
        try (var run = new OutsideFaultsRun(settings, progress)) {
            return run.run();
        }
    }

    private Report run() throws InterruptedException {
        Instant begin = Instant.now();
        server.awaitHealthy();
        new Operator(address).awaitReady(server);
        scene.crowd().begin();
        var courses = new ArrayList<Course>();
        for (OutsideFault fault : settings.faults()) {
            server.live(settings.between());
            courses.add(suffer(fault));
        }
        server.live(settings.between());
        scene.end();
        progress.accept("waiting for the rest");
        Evidence evidence = scene.drained(address, settings.patience(), server::live);
        server.stop();
        return new Report(
                settings,
                Duration.between(begin, Instant.now()),
                courses.stream().map(course -> row(course, evidence)).toList(),
                scene.rows(),
                Checker.check(evidence).with(scene.wrongRows(evidence)));
    }

    private Course suffer(OutsideFault fault) throws InterruptedException {
        Instant from = Instant.now();
        strikes.begin(fault);
        server.live(settings.each());
        for (int i = 0; strikes.struck() == 0 && i < LONGEST.toSeconds(); i++) { // on a slow machine
            server.live(Duration.ofSeconds(1));
        }
        strikes.end();
        scene.receipts().collect(Instant.now());
        var course = new Course(fault, from, Instant.now(), strikes.requests(), strikes.struck());
        progress.accept(fault + ": " + course.struck() + " of " + course.requests() + " requests");
        return course;
    }

    private Row row(Course course, Evidence evidence) {
        Set<Long> conversations = evidence.messages().stream()
                .filter(message -> message.type().equals("incoming")
                        && !message.at().isBefore(course.from())
                        && message.at().isBefore(course.to()))
                .map(ChatMessage::conversation)
                .collect(Collectors.toSet());
        Evidence theirs = evidence.of(conversations);
        return new Row(course.fault(), course.requests(), course.struck(), Checker.check(theirs), Waits.of(theirs));
    }

    @Override
    public void close() {
        server.close();
        scene.close();
        storage.close();
    }

    /** Which fault is on, and how often it has struck. Thread-safe. */
    private static final class Strikes {

        private final Random random;
        private @Nullable OutsideFault on;
        private int requests;
        private int struck;

        Strikes(Random random) {
            this.random = random;
        }

        void at(Neighbour system, Faults faults) {
            faults.always(request -> isSeen(system), Misbehaviour.ERROR.fault());
            for (Misbehaviour what : Misbehaviour.values()) {
                var fault = new OutsideFault(system, what);
                faults.always(request -> strikes(fault), what.fault());
            }
        }

        /** Strikes never: only counts. */
        private synchronized boolean isSeen(Neighbour system) {
            OutsideFault now = on;
            requests += now != null && now.system() == system ? 1 : 0;
            return false;
        }

        private synchronized boolean strikes(OutsideFault fault) {
            boolean strikes = fault.equals(on) && random.nextDouble() < SHARE;
            struck += strikes ? 1 : 0;
            return strikes;
        }

        synchronized void begin(OutsideFault fault) {
            on = fault;
            requests = 0;
            struck = 0;
        }

        synchronized void end() {
            on = null;
        }

        synchronized int requests() {
            return requests;
        }

        synchronized int struck() {
            return struck;
        }
    }
}
