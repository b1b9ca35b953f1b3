package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Crossing.Death;
import io.github.almeidatech.wppflow.benchmarks.Crossing.Order;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Violation;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.testkit.DeliveryFault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Kills the server at each named point, once with a start in peace and once with another kill in the middle of it. Used once. */
final class KillPointsRun implements AutoCloseable {

    private static final Duration FIRST_LIFE = Duration.ofSeconds(1);
    private static final Duration RECOVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ASKED_AGAIN = 15;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String DOCUMENT = "Carteira de vacina de um cachorro inventado. ".repeat(40);

    private final Settings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final Storage storage;
    private final URI address;
    private final Scene scene;
    private final Trap trap = new Trap();
    private final Map<String, String> environment;
    private final List<String> jvm;
    private final Operator operator;
    private final Kills kills = new Kills();
    private final Map<KillPoint, Hits> hits = new EnumMap<>(KillPoint.class);
    private final List<String> forgotten = new ArrayList<>();
    private Duration startUp = Duration.ofSeconds(3);
    private @Nullable ServerProcess latest;

    /**
     * What is to be done.
     *
     * @param points these, in an order that is drawn
     * @param times each so often, with both kinds of start after it
     * @param storage which database
     * @param seed of everything that is drawn
     * @param messagesPerSecond of the customers
     * @param faults whether Chatwoot, the model and Baserow misbehave too
     * @param patience how long the rest of the work may take at the end
     * @param data an empty directory
     */
    record Settings(
            List<KillPoint> points,
            int times,
            Storage.Kind storage,
            long seed,
            double messagesPerSecond,
            boolean faults,
            Duration patience,
            Path data) {

        Settings {
            points = points.stream().filter(point -> point.existsOn(storage)).toList();
        }
    }

    /**
     * How often the server died at a point.
     *
     * @param wanted how often it was to
     * @param peace of these, followed by a start in peace
     * @param again of these, followed by a kill during recovery
     */
    record Hits(int wanted, int peace, int again) {
        Hits plus(Hits other) {
            return new Hits(wanted + other.wanted, peace + other.peace, again + other.again);
        }
    }

    /** How it ended. */
    record Report(
            Settings settings,
            Duration took,
            Map<KillPoint, Hits> hits,
            Kills kills,
            Kills.Met met,
            int webhooks,
            int answeredWell,
            Map<String, Integer> faults,
            int rows,
            int forgotten,
            Verdict verdict) {

        /** Points at which it never died: the run shows nothing about them. */
        List<KillPoint> missed() {
            return hits.entrySet().stream()
                    .filter(each -> each.getValue().peace() + each.getValue().again()
                            < each.getValue().wanted())
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private KillPointsRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        int port = ServerProcess.freePort();
        this.address = URI.create("http://127.0.0.1:" + port);
        this.storage = Storage.empty(settings.storage(), settings.data());
        this.scene = new Scene(
                address, settings.data(), settings.seed(), settings.messagesPerSecond(), settings.faults(), trap);
        this.environment = scene.environment(port, storage.url());
        environment.put("WPPFLOW_STORAGE__BACKUP_FOLDER", backups().toString());
        this.jvm = ServerProcess.jvm();
        jvm.add("-XX:TieredStopAtLevel=1"); // it lives too short to be compiled better
        jvm.add(KillPointAgent.option(settings.data()));
        this.operator = new Operator(address);
    }

    /** Runs it; blocks for the whole time. */
    static Report run(Settings settings, Consumer<String> progress) throws IOException, InterruptedException {
        try (var run = new KillPointsRun(settings, progress)) {
            return run.run();
        }
    }

    private Report run() throws InterruptedException, IOException {
        Instant begin = Instant.now();
        var points = new ArrayList<>(settings.points());
        ServerProcess server = points.remove(KillPoint.K22) ? migrated() : launch();
        ready(server);
        server.live(FIRST_LIFE);
        scene.crowd().begin();
        for (int i = 0; i < settings.times(); i++) {
            Collections.shuffle(points, random);
            for (KillPoint point : points) {
                server = killedAt(server, point, false);
                server = killedAt(server, point, true);
                progress.accept(point + " " + hits.get(point));
            }
        }
        server.live(FIRST_LIFE);
        scene.end();
        progress.accept("waiting for the rest");
        Evidence evidence = scene.drained(address, settings.patience(), server::live);
        Verdict verdict =
                Checker.check(evidence).with(scene.wrongRows(evidence)).with(wrongCopiesAndErasures());
        server.stop();
        return new Report(
                settings,
                Duration.between(begin, Instant.now()),
                new EnumMap<>(hits),
                kills,
                kills.met(evidence),
                scene.receipts().attempts(),
                scene.receipts().answeredWell(),
                scene.struck(),
                scene.rows(),
                forgotten.size(),
                verdict);
    }

    /** Killed in the first step of the tables, then in the second, and so on, until there is none left. */
    private ServerProcess migrated() throws InterruptedException, IOException {
        for (int step = 1; ; step++) {
            order(KillPoint.K22, step == 1 ? 1 : 2); // the one before it goes through
            ServerProcess server = launch();
            if (!endsBefore(server, () -> isHealthy(server))) {
                dismiss();
                return server;
            }
            noteHit(KillPoint.K22, new Hits(1, 1, 0));
        }
    }

    /** Lets it die there, and gives the one that follows. */
    private ServerProcess killedAt(ServerProcess server, KillPoint point, boolean again)
            throws InterruptedException, IOException {
        ServerProcess victim = server;
        if (point.cause() == KillPoint.Cause.START) {
            server.stop();
            order(point, 1);
            victim = launch();
        } else if (!point.steps().isEmpty()) {
            boolean often = point.cause() == KillPoint.Cause.CUSTOMERS || point.cause() == KillPoint.Cause.LOST_WEBHOOK;
            order(point, often ? 1 + random.nextInt(3) : 1);
        }
        try (Provocation provocation = provoke(victim, point)) {
            ServerProcess waited = victim;
            boolean died = endsBefore(waited, () -> provocation.isLate());
            scene.receipts().collect(Instant.now());
            noteHit(point, new Hits(1, died && !again ? 1 : 0, died && again ? 1 : 0));
        }
        victim.kill();
        dismiss();
        trap.disarm();
        scene.crowd().quiet(true);
        if (again) {
            try (var second = launch()) {
                second.live(Duration.ofNanos(
                        (long) (random.nextDouble() * startUp.plus(RECOVERY).toNanos())));
                kills.add(Instant.now(), true);
                second.kill();
                scene.receipts().collect(Instant.now());
            }
        }
        ServerProcess next = launch();
        startUp = ready(next);
        next.live(RECOVERY);
        return next;
    }

    private void noteHit(KillPoint point, Hits more) {
        hits.merge(point, more, Hits::plus);
        if (more.peace() + more.again() > 0) {
            kills.add(Instant.now(), point.cause() == KillPoint.Cause.START);
        }
    }

    /** Something done to make the server come to the point; undone by closing. */
    private record Provocation(long deadline, List<AutoCloseable> open) implements AutoCloseable {

        boolean isLate() {
            return System.nanoTime() > deadline;
        }

        @Override
        public void close() throws IOException {
            for (AutoCloseable each : open) {
                try {
                    each.close();
                } catch (IOException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
    }

    private Provocation provoke(ServerProcess server, KillPoint point) throws InterruptedException, IOException {
        var open = new ArrayList<AutoCloseable>();
        Runnable kill = () -> killed(server);
        switch (point.cause()) {
            case CUSTOMERS, START -> {}
            case STOP -> server.signalStop();
            case HALF_A_BODY -> {
                Socket socket = operator.halfAWebhook();
                open.add(socket);
                server.live(POLL);
                kill.run();
            }
            case FILE -> scene.visitor().sendsPdf("carteira.pdf", Pdf.of(DOCUMENT), "essa vacina serve?");
            case FILE_HALF_SENT -> {
                trap.arm(Trap.Moment.ANSWERING, SeenRequest.matching("GET", "/storage/*/file"), kill);
                scene.visitor().sendsPdf("carteira.pdf", Pdf.of(DOCUMENT), "essa vacina serve?");
            }
            case MODEL_ASKED -> trap.arm(Trap.Moment.DONE, SeenRequest.matching("POST", "/chat/completions"), kill);
            case MESSAGE_ASKED ->
                trap.arm(Trap.Moment.ARRIVED, SeenRequest.matching("POST", "/conversations/*/messages"), kill);
            case MESSAGE_DONE ->
                trap.arm(Trap.Moment.DONE, SeenRequest.matching("POST", "/conversations/*/messages"), kill);
            case ROW_ASKED ->
                trap.arm(
                        Trap.Moment.ARRIVED,
                        request -> request.method().equals("POST")
                                && request.path().startsWith("/api/database/rows/"),
                        kill);
            case LOST_WEBHOOK ->
                scene.chatwoot()
                        .webhooks()
                        .next(1, delivery -> delivery.event().equals("message_created"), DeliveryFault.drop());
            case ERASE -> eraseSomebody();
            case BACKUP -> aside(() -> operator.backUp());
            case TOKEN ->
                aside(() -> operator.ask(
                        "POST",
                        "/api/v1/tokens",
                        "{\"name\":\"kill point\",\"scopes\":[\"read\"],\"expires_in_days\":1}"));
        }
        return new Provocation(System.nanoTime() + PATIENCE.toNanos(), open);
    }

    /** A visitor writes, is answered, and asks to be forgotten. */
    private void eraseSomebody() throws InterruptedException {
        long conversation = scene.visitor()
                .writes("quanto custa a diária? " + canary(forgotten.size()))
                .conversation();
        scene.leaveOut(conversation);
        String phone = scene.phoneOfLastVisitor();
        forgotten.add(phone);
        scene.chatwoot()
                .await(
                        conversation,
                        messages -> messages.stream().anyMatch(each -> "AgentBot".equals(each.author())),
                        PATIENCE);
        aside(() -> erasedAtLast(phone));
    }

    /** Asks again while what lies elsewhere could not be reached. */
    private boolean erasedAtLast(String phone) throws InterruptedException {
        for (int i = 0; i < ASKED_AGAIN; i++) {
            if (operator.erase(phone)
                    .filter(each -> each.path("state").asText().equals("done"))
                    .isPresent()) {
                return true;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        return false;
    }

    private static String canary(int number) {
        return "Zyxwvut" + number + "q";
    }

    private void killed(ServerProcess server) {
        try {
            server.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that may never be answered. */
    private interface Asking {
        Object ask() throws InterruptedException;
    }

    private static void aside(Asking asking) {
        var unused = CompletableFuture.runAsync(() -> {
            try {
                asking.ask();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void order(KillPoint point, int passing) throws IOException {
        new Order(point.name(), passing, Death.HALT).writeTo(orders());
    }

    private void dismiss() throws IOException {
        Files.deleteIfExists(orders());
    }

    private Path orders() {
        return settings.data().resolve("order");
    }

    private Path backups() {
        return settings.data().resolve("backup");
    }

    private ServerProcess launch() {
        var launched = ServerProcess.watched(
                jvm, Main.class, List.of("serve"), environment, settings.data().resolve("server.log"));
        latest = launched;
        return launched;
    }

    private Duration ready(ServerProcess server) throws InterruptedException {
        long begin = System.nanoTime();
        server.awaitHealthy();
        scene.crowd().quiet(false);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Whether it ends before something holds. */
    private static boolean endsBefore(ServerProcess server, Condition condition) throws InterruptedException {
        while (!server.ends(POLL)) {
            if (condition.holds()) {
                return false;
            }
        }
        return true;
    }

    private boolean isHealthy(ServerProcess server) throws InterruptedException {
        return !server.hasEnded() && operator.status("/health") == 200;
    }

    /** Every backup in place is whole, and nobody who asked to be forgotten is still there. */
    private List<Violation> wrongCopiesAndErasures() throws InterruptedException, IOException {
        var violations = new ArrayList<Violation>();
        for (Path copy : filesIn(backups(), ".db")) {
            try {
                Database.checkBackup(copy);
            } catch (FlowException e) {
                violations.add(new Violation(Promise.LOST, "the backup " + copy.getFileName() + ": " + e.getMessage()));
            }
        }
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < forgotten.size(); i++) {
            operator.erase(forgotten.get(i)); // whoever asked was not told, and asks again
            if (operator.knows(forgotten.get(i))) {
                found.add(i);
            }
        }
        for (Path file : filesIn(settings.data(), "wppflow.db", "wppflow.db-wal")) {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            for (int i = 0; i < forgotten.size(); i++) {
                if (bytes.contains(canary(i))) {
                    found.add(i);
                }
            }
        }
        found.forEach(each -> violations.add(
                new Violation(Promise.UNEXPLAINED, "visitor " + each + " asked to be forgotten, and is still known")));
        return violations;
    }

    private static List<Path> filesIn(Path folder, String... ends) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> List.of(ends).stream().anyMatch(file.toString()::endsWith))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        if (latest != null) {
            latest.close();
        }
        scene.close();
        storage.close();
    }
}
