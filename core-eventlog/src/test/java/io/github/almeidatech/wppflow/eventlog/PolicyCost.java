package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Measures what policies cost per event: 10 policies on a million invented events (30 days), live and rehearsed, and the
 * same with 500 policies. Run its {@code main}; not a test.
 */
final class PolicyCost {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final String[] TYPES = {
        "message.received", "message.received", "message.received", "turn.completed", "turn.completed",
        "command.done", "command.done", "command.done", "ownership.changed", "conversation.observed"
    };
    private static final String[] INTENTS = {"price", "booking", "greeting", "complaint", "general"};

    private PolicyCost() {}

    public static void main(String[] args) {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Policies ten = parse(documents(10));
        Policies many = parse(documents(500));
        var engine = new PolicyEngine(ten);
        var crowded = new PolicyEngine(many);
        history(50_000).forEach(event -> engine.decide(List.of(event), PolicyContext.at(event.at())));
        history(20_000).forEach(event -> crowded.decide(List.of(event), PolicyContext.at(event.at())));

        measure("making the events alone", events, n -> history(n).forEach(event -> {}));
        long[] fired = new long[1];
        measure(
                "10 policies, live",
                events,
                n -> history(n)
                        .forEach(event -> fired[0] += engine.decide(List.of(event), PolicyContext.at(event.at()))
                                .firings()
                                .size()));
        print("  firings: " + fired[0]);
        measure("10 policies, rehearsed", events, n -> DryRun.of(ten).over(history(n)));
        measure(
                "10 policies, rehearsed against themselves",
                events,
                n -> DryRun.of(ten).against(ten).over(history(n)));
        measure(
                "500 policies, live",
                events / 10,
                n -> history(n).forEach(event -> crowded.decide(List.of(event), PolicyContext.at(event.at()))));
    }

    private static void measure(String what, long events, LongConsumer run) {
        long start = System.nanoTime();
        run.accept(events);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        print(String.format(
                Locale.ROOT,
                "%s: %d events, %.1f s, %.2f us per event",
                what,
                events,
                time.toMillis() / 1e3,
                time.toNanos() / 1e3 / events));
    }

    private static Stream<Event> history(long count) {
        var random = new Random(42);
        return LongStream.range(0, count).mapToObj(i -> {
            Map<String, Object> payload = new LinkedHashMap<>();
            payload.put("intent", INTENTS[random.nextInt(INTENTS.length)]);
            payload.put("text", "quanto custa a diária?");
            payload.put("message_id", i);
            return new Event(
                    "e" + i,
                    TENANT,
                    new ConversationId(TENANT, 1, 1 + i % 5000),
                    "person " + i % 5000,
                    TYPES[random.nextInt(TYPES.length)],
                    1,
                    payload,
                    Event.Source.CUSTOMER,
                    random.nextDouble(),
                    null,
                    0,
                    BEGIN.plusMillis(i * 2592));
        });
    }

    /** Of every ten: five on one type each, three on a prefix, one on everything, one on what another emits. */
    private static List<Map<String, Object>> documents(int count) {
        var documents = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < count; i++) {
            String round = i < 10 ? "" : "." + i / 10;
            String event = switch (i % 10) {
                case 0, 1, 2 -> "turn.completed" + round;
                case 3, 4 -> "message.received" + round;
                case 5, 6, 7 -> i < 10 ? "command.*" : "other" + i + ".*";
                case 8 -> i < 10 ? "*" : "rare." + i;
                default -> "lead.new" + round;
            };
            Map<String, Object> intent = Map.of("==", List.of(Map.of("var", "intent"), INTENTS[i % INTENTS.length]));
            Map<String, Object> sure = Map.of(">=", List.of(Map.of("var", "confidence"), 0.7));
            documents.add(Map.of(
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
                                    Map.of("type", "lead.new" + round, "payload", Map.of("intent", "{{intent}}"))))));
        }
        return documents;
    }

    private static Policies parse(List<Map<String, Object>> documents) {
        return Policies.parse(documents).match(policies -> policies, problems -> {
            throw new IllegalStateException(problems.toString());
        });
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
