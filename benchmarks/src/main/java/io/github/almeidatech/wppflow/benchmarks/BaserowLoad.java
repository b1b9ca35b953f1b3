package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Traffic.Measured;
import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Customers are answered by a server in a process of its own while their Baserow is fast, hangs, is down or refuses. Each
 * trouble is another tenant's, between two measurements of the fast one, with which it is compared.
 * Exit codes: 0 everybody was answered and every row is there once, 1 not, or failed.
 */
@Command(
        name = "baserow",
        mixinStandardHelpOptions = true,
        description =
                "Measures replies while Baserow is fast, hangs, is down, answers 429; counts rows lost and doubled.")
final class BaserowLoad implements Callable<Integer> {

    private static final int WARM_UP_ROUNDS = 3;
    private static final int WARM_UP = 25;
    private static final Duration LAST_REPLY = Duration.ofSeconds(60);

    @Option(names = "--turns", defaultValue = "120", description = "turns per measurement (${DEFAULT-VALUE})")
    private int turns;

    @Option(names = "--rate", defaultValue = "15", description = "customers' messages per second (${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--recovery",
            defaultValue = "180",
            description = "seconds within which all rows have to be there after each trouble (${DEFAULT-VALUE})")
    private int recovery;

    private final StringBuilder table = new StringBuilder();
    private int next;

    private BaserowLoad() {}

    /** Measures and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new BaserowLoad()).execute(args));
    }

    /** A tenant and its Baserow. */
    private static final class Hotel implements AutoCloseable {

        private final String name;
        private final String trouble;
        private final Fault fault;
        private final SimulatedBaserow baserow = SimulatedBaserow.start();
        private final BaserowTable contacts = baserow.table(
                "Clientes",
                BaserowField.text("phone"),
                BaserowField.text("name"),
                BaserowField.email("email"),
                BaserowField.longText("custom_fields"),
                BaserowField.checkbox("opted_out"));
        private final BaserowTable events = baserow.table(
                "Eventos",
                BaserowField.text("event_id"),
                BaserowField.text("tenant_id"),
                BaserowField.text("contact_id"),
                BaserowField.text("event_type"),
                BaserowField.longText("payload"),
                BaserowField.dateTime("timestamp"));
        private int asked;

        Hotel(String name, String trouble, Fault fault) {
            this.name = name;
            this.trouble = trouble;
            this.fault = fault;
        }

        private String secret() {
            return "webhook-secret-of-the-invented-" + name;
        }

        private String variable() {
            return "SECRET_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
        }

        private int lost() {
            return 2 * asked - different(contacts, "phone") - different(events, "event_id");
        }

        private int doubled() {
            return contacts.rows().size()
                    + events.rows().size()
                    - different(contacts, "phone")
                    - different(events, "event_id");
        }

        private static int different(BaserowTable table, String column) {
            Set<String> values = new HashSet<>();
            table.rows().forEach(row -> values.add(row.path(column).asText()));
            return values.size();
        }

        @Override
        public void close() {
            baserow.close();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("baserow");
        var fast = new Hotel("hotel-fast", "fast", Fault.slow(Duration.ZERO));
        var troubled = List.of(
                new Hotel("hotel-hanging", "hangs 29 s", Fault.slow(Duration.ofSeconds(29))),
                new Hotel("hotel-down", "down", Fault.drop()),
                new Hotel("hotel-throttled", "429 for 29 s", SimulatedBaserow.throttled(Duration.ofSeconds(29))));
        var hotels = Stream.concat(Stream.of(fast), troubled.stream()).toList();
        try (var chatwoot = new InstantChatwoot();
                var server = server(directory, chatwoot, hotels)) {
            server.awaitHealthy();
            return measure(server, chatwoot, fast, troubled) ? 0 : 1;
        } finally {
            hotels.forEach(Hotel::close);
            Scratch.delete(directory);
        }
    }

    private boolean measure(ServerProcess server, InstantChatwoot chatwoot, Hotel fast, List<Hotel> troubled)
            throws IOException, InterruptedException {
        var bodies = WebhookRequests.of("quanto custa a diária de gato?");
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            ask(server, chatwoot, bodies, fast, WARM_UP, 2 * rate);
            for (Hotel hotel : troubled) {
                ask(server, chatwoot, bodies, hotel, WARM_UP, 2 * rate);
            }
        }
        line(
                "Baserow",
                "answered",
                "p50",
                "p99",
                "p50 ratio",
                "p99 ratio",
                "requests struck",
                "rows",
                "lost",
                "doubled");
        Measured before = ask(server, chatwoot, bodies, fast, turns, rate);
        boolean well = before.refused() == 0;
        Measured allFast = before;
        for (Hotel hotel : troubled) {
            hotel.baserow.faults().always(request -> true, hotel.fault);
            Measured during = ask(server, chatwoot, bodies, hotel, turns, rate);
            hotel.baserow.faults().clear();
            double seconds = recover(server, hotel);
            Measured after = ask(server, chatwoot, bodies, fast, turns, rate);
            well &= result(hotel, during, together(before, after), seconds);
            well &= after.refused() == 0;
            allFast = together(allFast, after);
            before = after;
        }
        recover(server, fast);
        well &= result(fast, allFast, allFast, 0);
        System.out.print(table);
        System.out.printf(
                Locale.ROOT,
                "%.0f messages/s, %d of each trouble, %d processors%n",
                rate,
                turns,
                Runtime.getRuntime().availableProcessors());
        return well;
    }

    /** Waits for all rows, and for those that would be too many; gives the seconds until all were there. */
    private double recover(ServerProcess server, Hotel hotel) throws InterruptedException {
        long begin = System.nanoTime();
        long deadline = begin + TimeUnit.SECONDS.toNanos(recovery);
        while (hotel.lost() > 0 && System.nanoTime() < deadline) {
            server.live(Duration.ofMillis(100));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        server.live(Duration.ofSeconds(1));
        return seconds;
    }

    private boolean result(Hotel hotel, Measured replies, Measured fast, double seconds) {
        int lost = hotel.lost();
        int doubled = hotel.doubled();
        int asked = replies.nanos().length + replies.refused();
        line(
                hotel.trouble,
                replies.nanos().length + " of " + asked,
                millis(replies.millis(0.5)),
                millis(replies.millis(0.99)),
                ratio(replies.millis(0.5) / fast.millis(0.5)),
                ratio(replies.millis(0.99) / fast.millis(0.99)),
                String.valueOf(hotel.baserow.faults().struck()),
                2 * hotel.asked + String.format(Locale.ROOT, " (after %.0f s)", seconds),
                String.valueOf(lost),
                String.valueOf(doubled));
        return replies.refused() == 0 && lost == 0 && doubled == 0;
    }

    /** What was measured before and after: a machine that slows down or speeds up meanwhile counts half. */
    private static Measured together(Measured one, Measured other) {
        long[] nanos = LongStream.concat(LongStream.of(one.nanos()), LongStream.of(other.nanos()))
                .sorted()
                .toArray();
        return new Measured(nanos, one.refused() + other.refused(), one.took().plus(other.took()));
    }

    /** From the moment at which a webhook was due to the first POST of its reply; refused are those never answered. */
    private Measured ask(
            ServerProcess server,
            InstantChatwoot chatwoot,
            WebhookRequests bodies,
            Hotel hotel,
            int count,
            double perSecond)
            throws IOException, InterruptedException {
        int first = next;
        next += count;
        hotel.asked += count;
        long start = System.nanoTime();
        try (var wire = new Wire(server.port())) {
            for (int i = 0; i < count; i++) {
                byte[] request = bodies.prepare(
                                "/webhooks/chatwoot/" + hotel.name + "/agent-bot", hotel.secret(), first + i, 1)[0];
                for (long wait = due(start, i, perSecond) - System.nanoTime();
                        wait > 0;
                        wait = due(start, i, perSecond) - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                int status = wire.send(request);
                if (status != 200) {
                    throw new IOException("a webhook was answered " + status);
                }
            }
        }
        long deadline = System.nanoTime() + LAST_REPLY.toNanos();
        var nanos = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            long answered = chatwoot.firstReply(WebhookRequests.conversation(first + i));
            while (answered == 0 && System.nanoTime() < deadline) {
                server.live(Duration.ofMillis(5));
                answered = chatwoot.firstReply(WebhookRequests.conversation(first + i));
            }
            if (answered != 0) {
                nanos.add(answered - due(start, i, perSecond));
            }
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Measured(sorted, count - sorted.length, Duration.ofNanos(System.nanoTime() - start));
    }

    private static long due(long start, int number, double perSecond) {
        return start + (long) (number * 1e9 / perSecond);
    }

    private static ServerProcess server(Path directory, InstantChatwoot chatwoot, List<Hotel> hotels)
            throws IOException {
        Path knowledge = Scratch.knowledge(directory);
        var yaml = new StringBuilder("""
                server: {webhooks_per_second: 100000, api_calls_per_second: 10000}
                storage: {url: "sqlite:%s"}
                tenants:
                """.formatted(directory.resolve("wppflow.db")));
        Map<String, String> environment = new HashMap<>();
        environment.put("PORT", String.valueOf(ServerProcess.freePort()));
        for (Hotel hotel : hotels) {
            environment.put(hotel.variable(), hotel.secret());
            environment.put("BASEROW_" + hotel.variable(), hotel.baserow.token());
            yaml.append("""
                      %1$s:
                        name: Hotel
                        chatwoot:
                          base_url: "%2$s"
                          account_id: 1
                          bot_token: "${env:%3$s}"
                          user_token: "${env:%3$s}"
                          allow_private_network: true
                          max_calls_per_second: 1000
                          catch_up_every: PT0S
                        webhooks: {agent_bot_secrets: ["${env:%3$s}"]}
                        turns: {quiet: PT0S, max_wait: PT1H, max_messages: 1000}
                        knowledge: {file: "%4$s"}
                        baserow:
                          url: "%5$s"
                          token: "${env:BASEROW_%3$s}"
                          contacts: {table: %6$d}
                          events: {table: %7$d}
                          max_per_second: 100
                    """.formatted(
                            hotel.name,
                            chatwoot.address(),
                            hotel.variable(),
                            knowledge,
                            hotel.baserow.baseUrl(),
                            hotel.contacts.id(),
                            hotel.events.id()));
        }
        Path file = Files.writeString(directory.resolve("wppflow.yaml"), yaml);
        return ServerProcess.start(
                ServerProcess.jvm(),
                Main.class,
                List.of("serve", "--config", file.toString()),
                environment,
                directory.resolve("server.log"));
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    private void line(String... cells) {
        table.append("| ").append(String.join(" | ", Arrays.asList(cells))).append(" |\n");
    }
}
