package io.github.almeidatech.wppflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.DatabaseOptions;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * How long the server's API takes to rehearse ten policies over the events of thirty days that its database holds, alone and
 * against another set, and over the last of these days. {@code Rehearsing <folder> <events>}; a filled folder is measured
 * again.
 */
public final class Rehearsing {

    private static final TenantId HOTEL = new TenantId(Sandbox.TENANT);
    private static final Duration TIME = Duration.ofDays(30);
    private static final DatabaseOptions PATIENT = new DatabaseOptions(Duration.ofMinutes(10), 256, 4_096, 4);
    private static final int AT_ONCE = 1_000;
    private static final int PEOPLE = 5_000;
    private static final String[] TYPES = {
        "message.received", "message.received", "message.received", "turn.completed", "turn.completed",
        "command.done", "command.done", "command.done", "ownership.changed", "conversation.observed"
    };
    private static final String[] INTENTS = {"price", "booking", "greeting", "complaint", "general"};

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Rehearsing() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int events = Integer.parseInt(arguments[1]);
        String storage = "sqlite:" + folder.resolve("rehearsing.db");
        fill(storage, events);
        new Rehearsing().measure(storage, folder);
    }

    private static void fill(String storage, int events) {
        Instant end = Instant.now();
        try (Database database = Database.open(storage, PATIENT)) {
            if (!database.eventLog().query(EventQuery.of(HOTEL, 1)).events().isEmpty()) {
                return;
            }
            long begin = System.nanoTime();
            var random = new Random(42);
            var batch = new ArrayList<Event>();
            for (int i = 1; i <= events; i++) {
                batch.add(event(i, end.minusMillis(TIME.toMillis() * (events - i) / events), random));
                if (i % AT_ONCE == 0 || i == events) {
                    database.eventLog().append(batch);
                    batch.clear();
                }
            }
            print("%,d events stored in %,d s", events, (System.nanoTime() - begin) / 1_000_000_000);
        }
    }

    private static Event event(int number, Instant at, Random random) {
        return new Event(
                "e" + number,
                HOTEL,
                new ConversationId(HOTEL, 1, 1 + number % PEOPLE),
                "+55119" + (10_000_000 + number % PEOPLE),
                TYPES[random.nextInt(TYPES.length)],
                1,
                Map.of(
                        "intent",
                        INTENTS[random.nextInt(INTENTS.length)],
                        "text",
                        "quanto custa a diária?",
                        "n",
                        number),
                Event.Source.CUSTOMER,
                random.nextDouble(),
                null,
                0,
                at);
    }

    private void measure(String storage, Path folder) throws Exception {
        try (SimulatedChatwoot chatwoot = SimulatedChatwoot.builder().start()) {
            int port = ServerProcess.freePort();
            var webhook = chatwoot.connectAgentBot(URI.create("http://127.0.0.1:" + port + HotelSettings.WEBHOOK));
            Map<String, String> settings = HotelSettings.of(chatwoot, webhook, port, storage, folder);
            try (ServerProcess server = ServerProcess.start(
                    ServerProcess.jvm(), Main.class, List.of("serve"), settings, folder.resolve("server.log"))) {
                server.awaitHealthy();
                String ten = json.writeValueAsString(policies());
                for (int round = 1; round <= 2; round++) {
                    rehearse("10 policies, all of it", server, "{\"policies\":" + ten + "}");
                }
                rehearse("10 policies against as many", server, "{\"policies\":" + ten + ",\"against\":" + ten + "}");
                String from = ",\"from\":\"" + Instant.now().minus(Duration.ofDays(1)) + "\"}";
                rehearse("10 policies, the last day", server, "{\"policies\":" + ten + from);
                print("the server's memory: %d MiB at most", server.peakMemoryKib() / 1_024);
                server.stop();
            }
        }
    }

    private void rehearse(String what, ServerProcess server, String body) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/policies/dry-run"))
                .header("Authorization", "Bearer " + HotelSettings.API_TOKEN)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        Duration processor = server.processorTime();
        long begin = System.nanoTime();
        var answer = http.send(request, BodyHandlers.ofString());
        double seconds = (System.nanoTime() - begin) / 1e9;
        JsonNode report = json.readTree(answer.body()).path("data");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        print(
                "%s: %,d events, %,d matched, %.1f s, %.1f s of processor",
                what,
                report.path("events").asLong(),
                report.path("matched").asLong(),
                seconds,
                server.processorTime().minus(processor).toMillis() / 1e3);
    }

    /** Five on one type each, three on a prefix, one on everything, one on what the others emit. */
    private static List<Map<String, Object>> policies() {
        var policies = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < 10; i++) {
            String event = switch (i) {
                case 0, 1, 2 -> "turn.completed";
                case 3, 4 -> "message.received";
                case 5, 6, 7 -> "command.*";
                case 8 -> "*";
                default -> "lead.new";
            };
            Map<String, Object> intent = Map.of("==", List.of(Map.of("var", "intent"), INTENTS[i % INTENTS.length]));
            Map<String, Object> sure = Map.of(">=", List.of(Map.of("var", "confidence"), 0.7));
            policies.add(Map.of(
                    "id",
                    "p" + i,
                    "event",
                    event,
                    "when",
                    Map.of("and", List.of(intent, sure)),
                    "then",
                    List.of(
                            Map.of("labels", Map.of("add", List.of("{{intent}}"))),
                            Map.of("send_message", "Sobre {{intent}}: um momento"),
                            Map.of(
                                    "emit_event",
                                    Map.of("type", "lead.new", "payload", Map.of("intent", "{{intent}}"))))));
        }
        return policies;
    }

    private static void print(String line, Object... values) {
        System.out.printf(Locale.ROOT, line + "%n", values);
    }
}
