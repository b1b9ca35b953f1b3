package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.explain.Explainer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * How long it takes to explain a conversation or a message among millions of events, and to ask for them. Fills a database
 * with answered messages, each four events with their hash chain, conversations in turns; one of them has had ten thousand
 * messages. {@code Explaining <storage url> <conversations> <events>}; a filled database is measured again.
 */
public final class Explaining {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final Instant BEGIN = Instant.parse("2026-01-01T12:00:00Z");
    private static final int EVENTS_OF_A_MESSAGE = 4;
    private static final int LONG_CONVERSATION = 10_000;
    private static final int AT_ONCE = 250;
    private static final int ROUNDS = 300;

    private final Database database;
    private final int conversations;
    private final int messages;

    private Explaining(Database database, int conversations, int events) {
        this.database = database;
        this.conversations = conversations;
        this.messages = events / EVENTS_OF_A_MESSAGE;
    }

    public static void main(String[] arguments) throws Exception {
        int conversations = Integer.parseInt(arguments[1]);
        int events = Integer.parseInt(arguments[2]);
        try (Database database = Database.open(arguments[0])) {
            var explaining = new Explaining(database, conversations, events);
            if (database.eventLog().query(EventQuery.of(HOTEL, 1)).events().isEmpty()) {
                explaining.fill();
            }
            System.out.printf("%,d conversations, %,d events%n", conversations, events);
            explaining.measure();
        }
    }

    private void fill() {
        long begin = System.nanoTime();
        var batch = new ArrayList<Event>();
        for (int message = 1; message <= messages; message++) {
            answered(message, batch);
            if (message % AT_ONCE == 0 || message == messages) {
                database.eventLog().append(batch);
                batch.clear();
            }
        }
        System.out.printf("filled in %,d s%n", (System.nanoTime() - begin) / 1_000_000_000);
    }

    /** The first {@value #LONG_CONVERSATION} messages are all of one conversation, between those of others. */
    private ConversationId conversationOf(int message) {
        boolean inTheLongOne = message % 2 == 0 && message <= 2 * LONG_CONVERSATION;
        return new ConversationId(HOTEL, 1, inTheLongOne ? 1 : 2 + message % (conversations - 1));
    }

    private void answered(int message, List<Event> events) {
        ConversationId conversation = conversationOf(message);
        String person = "+55119" + (10_000_000 + conversation.number());
        Instant at = BEGIN.plusSeconds(message);
        String turn = "turn-" + message;
        events.add(event(
                "m" + message,
                conversation,
                person,
                "message.received",
                Map.of("message_id", message, "reason", "customer_message", "text", "quanto custa a diária do gato?"),
                Event.Source.CUSTOMER,
                String.valueOf(message),
                at));
        events.add(event(
                "t" + message,
                conversation,
                person,
                "turn.completed",
                Map.of(
                        "outcome",
                        "answered",
                        "reason",
                        "knowledge",
                        "message_ids",
                        List.of(message),
                        "heard",
                        "quanto custa a diária do gato?",
                        "reply",
                        "A diária de gato custa R$ 75 na suíte individual.",
                        "intent",
                        "sales"),
                Event.Source.BOT,
                turn,
                at.plusSeconds(5)));
        var say = new OutboundCommand.SendMessage("A diária de gato custa R$ 75.", null, Purpose.ANSWER);
        var label = new OutboundCommand.ChangeLabels(List.of("intencao_sales"), List.of());
        events.add(FlowEvents.commandDone(conversation, person, turn, turn + "-1", say, "9", at.plusSeconds(6)));
        events.add(FlowEvents.commandDone(conversation, person, turn, turn + "-2", label, null, at.plusSeconds(7)));
    }

    private static Event event(
            String id,
            ConversationId conversation,
            String person,
            String type,
            Map<String, Object> payload,
            Event.Source source,
            String cause,
            Instant at) {
        return new Event(id, HOTEL, conversation, person, type, 1, payload, source, null, cause, 0, at);
    }

    private void measure() throws Exception {
        EventLog log = database.eventLog();
        var explainer = new Explainer(
                log,
                database.flowStore(),
                database::knows,
                database.ignoredDeliveries()::of,
                payer -> Amount.ZERO,
                () -> BEGIN.plusSeconds(messages + 60L));
        int[] next = {0};
        time("explain a conversation, 200 events", () -> explainer.ofConversation(conversationOf(some(next)), 200));
        time("explain a message, any", () -> {
            int message = some(next);
            return explainer.ofMessage(conversationOf(message), message).orElseThrow();
        });
        time("explain a message of the conversation with 10,000", () -> {
            int message = 2 + 2 * (next[0]++ * 37 % (LONG_CONVERSATION - 1));
            return explainer.ofMessage(conversationOf(message), message).orElseThrow();
        });
        time(
                "find a message's conversation",
                () -> explainer.conversationOf(HOTEL, some(next)).orElseThrow());
        time(
                "find a person's latest conversation",
                () -> explainer
                        .latestOf(HOTEL, List.of("+55119" + (10_000_002 + some(next) % (conversations - 1))))
                        .orElseThrow());
        time("events of a conversation, 50", () -> log.query(EventQuery.of(conversationOf(some(next)), 50)));
        time(
                "events of a type, 50",
                () -> log.query(new EventQuery(HOTEL, null, null, "turn.completed", null, null, 50, null)));
    }

    /** Messages far from each other, one after the other. */
    private int some(int[] next) {
        return 1 + (int) (next[0]++ * 7_919L % messages);
    }

    private static void time(String what, Callable<?> work) throws Exception {
        var nanos = new ArrayList<Long>();
        for (int i = -ROUNDS; i < ROUNDS; i++) { // compiled before it is measured
            long begin = System.nanoTime();
            work.call();
            if (i >= 0) {
                nanos.add(System.nanoTime() - begin);
            }
        }
        nanos.sort(null);
        System.out.printf(
                "  %-52s p50 %7.2f ms, p95 %7.2f ms%n",
                what, nanos.get(ROUNDS / 2) / 1e6, nanos.get(ROUNDS * 95 / 100) / 1e6);
    }
}
