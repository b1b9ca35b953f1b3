package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One random life of a few conversations on a virtual clock: customers write, people take over and give back, webhooks
 * come twice, late and out of order, processes die at any call and come back, workers sleep past their leases, sending
 * fails in every way. Then the trouble ends, everything must come to rest, and the {@link Witness} judges. The steps of
 * the engine are the real ones. Everything follows from the seed.
 */
final class Simulation {

    static final int MAX_SUPERSEDES = 2;
    private static final Instant BEGIN = Instant.parse("2026-09-01T12:00:00Z");
    private static final Duration TURN_LEASE = Duration.ofSeconds(60);
    private static final Duration COMMAND_LEASE = Duration.ofSeconds(40);
    private static final int MOST_STEPS_TO_REST = 4000;
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    final Map<String, Integer> hits = new TreeMap<>();
    private final Random random;
    private final Witness witness = new Witness();
    private final WatchedLog log;
    private final FlowStore store;
    private final SimulatedChatwoot chatwoot;
    private final SimulatedBot bot;
    private final SimulatedPolicies policies;
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final List<ConversationId> conversations = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final TurnTiming timing;
    private Instant now = BEGIN;
    private long lastMessage = 100;
    private int words;
    private final int[] weights;

    /**
     * @param faulty makes a store with a planted fault out of a right one
     * @param fault one planted elsewhere
     */
    Simulation(long seed, UnaryOperator<FlowStore> faulty, Fault fault) {
        random = new Random(seed);
        log = new WatchedLog(event -> witness.logged(written(event, fault)));
        store = new WitnessedStore(faulty.apply(new InMemoryFlowStore(log)), witness);
        chatwoot = new SimulatedChatwoot(random, () -> now, witness, hits, fault);
        bot = new SimulatedBot(random, () -> now, hits);
        var settings = new EngineSettings(
                TURN_LEASE, COMMAND_LEASE, turn -> MAX_SUPERSEDES, 3, 5 + random.nextInt(6), 5 + random.nextInt(20));
        policies = new SimulatedPolicies(random, log, hits, fault);
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            processes.add(new SimulatedProcess(
                    new CrashingStore(store, random, hits),
                    bot,
                    chatwoot,
                    () -> now,
                    settings,
                    policies,
                    random,
                    fault));
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            var tenant = new TenantId(random.nextBoolean() ? "hotel" : "clinic");
            conversations.add(new ConversationId(tenant, 7, i));
        }
        timing = new TurnTiming(
                Duration.ofSeconds(random.nextInt(5)),
                Duration.ofSeconds(5 + random.nextInt(20)),
                3 + random.nextInt(10));
        weights = new int[] {
            1 + random.nextInt(5),
            random.nextInt(3),
            2 + random.nextInt(6),
            4 + random.nextInt(8),
            4 + random.nextInt(12),
            1,
            1 + random.nextInt(6),
            2 + random.nextInt(4)
        };
    }

    /** What the log is given, but for what the fault loses of it. */
    private static Event written(Event event, Fault fault) {
        boolean loses = switch (fault) {
            case SILENCES_WITHOUT_REASON -> event.type().equals(FlowEvents.TURN_SILENCED);
            case HOLDS_BACK_WITHOUT_REASON -> event.type().equals(FlowEvents.COMMAND_HELD_BACK);
            case DECIDES_WITHOUT_REASON -> "silent".equals(event.payload().get("outcome"));
            default -> false;
        };
        if (!loses) {
            return event;
        }
        var payload = new HashMap<>(event.payload());
        payload.remove("reason");
        return event.with(payload);
    }

    private record Delivery(InboundEvent event, Instant at) {}

    int conversations() {
        return conversations.size();
    }

    void run() {
        trouble(random.nextDouble() * 0.8, random.nextDouble() * 0.3, random.nextDouble() * 0.05);
        for (int steps = 80 + random.nextInt(200); steps > 0; steps--) {
            act();
            revive();
        }
        trouble(0, 0, 0);
        chatwoot.recordsDown = true;
        rest(Set.of(Line.REPLIES));
        witness.judgeReplies();
        chatwoot.recordsDown = false;
        rest(Set.of(Line.values()));
        decideDeadLetters();
        rest(Set.of(Line.values()));
        witness.judge();
        log.events.forEach(event -> hits.merge(event.type(), 1, Integer::sum));
    }

    private void trouble(double sending, double thinking, double storing) {
        chatwoot.trouble = sending;
        bot.trouble = thinking;
        policies.trouble = thinking;
        processes.forEach(each -> each.store.breakWith(storing));
    }

    private void act() {
        boolean acted = switch (pickWeighted()) {
            case 0 -> customerWrites();
            case 1 -> personActs();
            case 2 -> deliver();
            case 3 -> anyProcess().turnAction();
            case 4 -> anyProcess().commandAction();
            case 5 -> anyProcess().wakeAction();
            case 6 -> anyProcess().policyAction();
            default -> false;
        };
        if (!acted) {
            timePasses();
        }
        chatwoot.settle();
        witness.complain();
    }

    private int pickWeighted() {
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        int dice = random.nextInt(total);
        int index = 0;
        while (dice >= weights[index]) {
            dice -= weights[index++];
        }
        return index;
    }

    private SimulatedProcess anyProcess() {
        return processes.get(random.nextInt(processes.size()));
    }

    /** One word: mostly one message id, sometimes two with the same source; several deliveries, some much later. */
    private boolean customerWrites() {
        ConversationId conversation = anyConversation();
        String word = "word " + ++words;
        boolean urgent = random.nextInt(10) == 0;
        for (int twins = random.nextInt(8) == 0 ? 2 : 1; twins > 0; twins--) {
            long id = ++lastMessage;
            witness.written(word, id);
            var keys = List.of("message:" + id, "source:" + word);
            var message = new InboundMessage(
                    conversation, id, 3L, now, ContentType.TEXT, word, List.of(), Sender.UNKNOWN, null);
            var event = new InboundEvent(
                    conversation,
                    "message_created",
                    keys,
                    message,
                    null,
                    urgent,
                    null,
                    List.of(wrote(conversation)),
                    new byte[0]);
            underway(event);
        }
        chatwoot.customerWrote(conversation);
        return true;
    }

    private Event wrote(ConversationId conversation) {
        return new Event(
                Uuid7.at(now),
                conversation.tenant(),
                conversation,
                "person",
                "customer.wrote",
                1,
                Map.of(),
                Event.Source.CUSTOMER,
                null,
                null,
                0,
                now);
    }

    private void underway(InboundEvent event) {
        for (int copies = 1 + random.nextInt(3); copies > 0; copies--) {
            int delay = random.nextInt(6) == 0 ? random.nextInt(90_000) : random.nextInt(2000);
            deliveries.add(new Delivery(event, now.plusMillis(delay)));
        }
    }

    private @Nullable Instant randomEnd() {
        return random.nextInt(4) == 0 ? null : now.plusSeconds(random.nextInt(60));
    }

    /** Speaks, takes it without a word, pauses the bot, resolves, or gives it back. */
    private boolean personActs() {
        ConversationId conversation = anyConversation();
        String reason = "sign " + ++words;
        OwnershipSignal signal = switch (random.nextInt(8)) {
            case 0 -> new OwnershipSignal(Owner.HUMAN, seconds(), null, reason, true);
            case 1 -> new OwnershipSignal(Owner.HUMAN, seconds(), randomEnd(), reason, true);
            case 2 -> new OwnershipSignal(Owner.HUMAN, now, null, reason, false);
            case 3 -> new OwnershipSignal(Owner.PAUSED, now, randomEnd(), "bot_off_command", true);
            case 4 -> new OwnershipSignal(Owner.CLOSED, now, null, reason, false);
            default -> new OwnershipSignal(Owner.BOT, now, null, reason, false);
        };
        var event = new InboundEvent(
                conversation, "signal", List.of("signal:" + words), null, signal, false, null, List.of(), new byte[0]);
        if (signal.spoken()) {
            chatwoot.personSpoke(event);
        }
        if (random.nextInt(3) == 0) {
            foundLater(event);
        } else {
            underway(event);
        }
        return true;
    }

    /** All its webhooks are lost: catching up finds it, some time. */
    private void foundLater(InboundEvent event) {
        deliveries.add(new Delivery(event, now.plusSeconds(60 + random.nextInt(240))));
    }

    /** As Chatwoot tells the time of a message. */
    private Instant seconds() {
        return Instant.ofEpochSecond(now.getEpochSecond());
    }

    /** A delivery that is not answered comes again, as catch-up makes sure. */
    private boolean deliver() {
        List<Delivery> due =
                deliveries.stream().filter(each -> !each.at().isAfter(now)).toList();
        if (due.isEmpty()) {
            return false;
        }
        Delivery delivery = due.get(random.nextInt(due.size()));
        deliveries.remove(delivery);
        try {
            anyProcess().store.accept(delivery.event(), timing, now);
        } catch (IllegalStateException broken) {
            deliveries.add(new Delivery(delivery.event(), now.plusMillis(random.nextInt(5000))));
        }
        return true;
    }

    private void timePasses() {
        int dice = random.nextInt(20);
        if (dice == 0) {
            now = now.plus(random.nextBoolean() ? COMMAND_LEASE : TURN_LEASE).plusMillis(random.nextInt(5000) - 2000);
        } else if (dice < 3) {
            now = now.plusMillis(5000 + random.nextInt(20_000));
        } else if (dice < 13) {
            nextDue(Set.of(Line.values())).filter(due -> due.isAfter(now)).ifPresent(due -> now = due);
        } else {
            now = now.plusMillis(random.nextInt(3000));
        }
    }

    private Optional<Instant> nextDue(Set<Line> lines) {
        Instant next = store.nextTurnDue().orElse(null);
        for (Line line : lines) {
            next = earlier(next, store.nextCommandDue(line).orElse(null));
        }
        for (Delivery each : deliveries) {
            next = earlier(next, each.at());
        }
        return Optional.ofNullable(next);
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isBefore(b) ? a : b;
    }

    /** A process that died comes back; alone on its store, it ends what it had claimed before. */
    private void revive() {
        for (SimulatedProcess each : processes) {
            while (each.store.isDead()) {
                each.restart();
                if (processes.size() == 1) {
                    recover(each);
                }
            }
        }
    }

    private void recover(SimulatedProcess process) {
        try {
            process.store.recover(now);
        } catch (IllegalStateException broken) {
            process.store.kill();
        }
    }

    /** Until nothing is due in these lines, under way or in anybody's hands. */
    private void rest(Set<Line> lines) {
        Instant latest = now.plus(LONGEST_REST);
        for (int steps = 0; steps < MOST_STEPS_TO_REST && now.isBefore(latest); steps++) {
            revive();
            boolean acted = false;
            for (SimulatedProcess each : processes) {
                acted |= each.finishEverything();
            }
            acted |= deliver();
            chatwoot.settle();
            witness.complain();
            if (acted) {
                continue;
            }
            Optional<Instant> next = nextDue(lines);
            if (next.isEmpty()) {
                now = now.plus(SimulatedChatwoot.SETTLE);
                chatwoot.settle();
                return;
            }
            now = next.get().isAfter(now) ? next.get() : now.plusSeconds(1);
        }
        throw new Witness.Violation("it does not come to rest: " + store.stats(now));
    }

    private void decideDeadLetters() {
        for (String tenant : List.of("hotel", "clinic")) {
            for (DeadLetter each : store.deadLetters(new TenantId(tenant), 0, 1000)) {
                if (random.nextBoolean()) {
                    hits.merge("dead letter retried", 1, Integer::sum);
                    store.retryDeadLetter(new TenantId(tenant), each.commandId(), now);
                } else if (random.nextBoolean()) {
                    store.discardDeadLetter(new TenantId(tenant), each.commandId(), now);
                }
            }
        }
    }

    private ConversationId anyConversation() {
        return conversations.get(random.nextInt(conversations.size()));
    }
}
