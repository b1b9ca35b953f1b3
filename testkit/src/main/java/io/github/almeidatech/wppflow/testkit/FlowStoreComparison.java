package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandCompletion;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.DeadLetter;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InMemoryFlowStore;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.NextClaim;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnCompletion;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.FlowStoreContract.Opened;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One random run of a store beside the in-memory store as its model: the same calls, the same answers. What the stores
 * choose by themselves (ids, keys, tokens) is paired up as it appears.
 */
final class FlowStoreComparison implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final int ALL_QUESTIONS_EVERY = 20;
    private static final TenantId[] TENANTS = {new TenantId("hotel"), new TenantId("clinic")};

    private final long seed;
    private final Random random;
    private final InMemoryEventLog modelEvents = new InMemoryEventLog();
    private final FlowStore model = new InMemoryFlowStore(modelEvents);
    private final UnaryOperator<Opened> reopen;
    private FlowStore store;
    private EventLog storeEvents;

    private final List<ConversationId> conversations = new ArrayList<>();
    private final List<Pair<Turn>> turns = new ArrayList<>();
    private final List<Pair<CommandAttempt>> attempts = new ArrayList<>();
    private final Map<String, String> modelIdOf = new HashMap<>();
    private final Map<Long, Long> modelNumberOf = new HashMap<>();
    private Instant now = FlowStoreFixture.T0;
    private long lastMessage = 1000;
    private int texts;
    private @Nullable Pair<Turn> lastTurn;
    private String step = "";

    FlowStoreComparison(long seed, Opened opened, UnaryOperator<Opened> reopen) {
        this.seed = seed;
        this.random = new Random(seed);
        this.reopen = reopen;
        this.store = opened.store();
        this.storeEvents = opened.events();
        for (TenantId tenant : TENANTS) {
            for (int number = 1; number <= 3; number++) {
                conversations.add(new ConversationId(tenant, 7, number));
            }
        }
    }

    private record Pair<T>(T model, T store) {}

    void run(int steps) {
        for (int i = 1; i <= steps; i++) {
            step = "seed " + seed + ", step " + i + " at " + now + ": ";
            act();
            if (i % ALL_QUESTIONS_EVERY == 0 || i == steps) {
                questions().forEach(Runnable::run);
            } else {
                pick(questions()).run(); // all of them after each step would take most of the time
            }
        }
        compareEvents();
    }

    private void act() {
        int dice = random.nextInt(100);
        if (dice < 25) {
            accept();
        } else if (dice < 40) {
            claimTurns();
        } else if (dice < 52) {
            completeTurn();
        } else if (dice < 55) {
            releaseTurn();
        } else if (dice < 58) {
            wakeTurn();
        } else if (dice < 68) {
            claimCommands();
        } else if (dice < 82) {
            completeCommand();
        } else if (dice < 85) {
            decideDeadLetter();
        } else if (dice < 86) {
            restart();
        } else {
            now = now.plusMillis(random.nextInt(10) == 0 ? 25_000 : random.nextInt(4000));
        }
    }

    private <T> @Nullable T same(String what, Function<FlowStore, T> call) {
        step += what + " ";
        T wanted = call.apply(model);
        assertThat(call.apply(store)).as(step).isEqualTo(wanted);
        return wanted;
    }

    private void accept() {
        ConversationId conversation = pick(conversations);
        lastMessage += random.nextInt(5) - 1;
        boolean withMessage = random.nextInt(4) > 0;
        OwnershipSignal signal = withMessage && random.nextInt(5) > 0 ? null : signal();
        var keys = new ArrayList<String>();
        if (withMessage || random.nextBoolean()) {
            keys.add("id:" + lastMessage);
            if (random.nextInt(3) == 0) {
                keys.add("source:" + (lastMessage - random.nextInt(10)));
            }
        }
        var event = new InboundEvent(
                conversation,
                "message_created",
                keys,
                withMessage ? FlowStoreFixture.message(conversation, lastMessage, sometime()) : null,
                signal,
                random.nextInt(10) == 0,
                random.nextBoolean() ? "person-" + conversation.number() : null,
                random.nextBoolean()
                        ? List.of()
                        : List.of(FlowStoreFixture.note(conversation, "message.received", now)),
                new byte[0]);
        var timing = new TurnTiming(
                Duration.ofSeconds(random.nextInt(4)),
                Duration.ofSeconds(3 + random.nextInt(5)),
                2 + random.nextInt(5));
        same("accept", each -> each.accept(event, timing, now));
    }

    private OwnershipSignal signal() {
        Owner owner = pick(List.of(Owner.values()));
        boolean ends = owner != Owner.BOT && random.nextInt(3) == 0;
        Instant at = sometime();
        return new OwnershipSignal(
                owner,
                at,
                ends ? at.plusSeconds(random.nextInt(20)) : null,
                "sign_" + random.nextInt(100),
                random.nextInt(3) == 0);
    }

    private Instant sometime() {
        return now.minusMillis(random.nextInt(4) == 0 ? random.nextInt(8000) : 0);
    }

    private void claimTurns() {
        FreeWorkers free = freeWorkers();
        step += "claimTurns ";
        List<Turn> wanted = drained(() -> model.claimTurns(free, now, LEASE), Turn::conversation);
        List<Turn> got = drained(() -> store.claimTurns(free, now, LEASE), Turn::conversation);
        assertThat(got).as(step).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            Turn mine = wanted.get(i);
            Turn theirs = got.get(i);
            pairIds(mine.id(), theirs.id());
            assertThat(new Turn(
                            theirs.conversation(),
                            mine.id(),
                            theirs.messages(),
                            theirs.attempt(),
                            theirs.supersedes(),
                            theirs.fence(),
                            theirs.leaseUntil(),
                            mine.token(),
                            mine.lastInboxId()))
                    .as(step)
                    .isEqualTo(mine);
            turns.add(new Pair<>(mine, theirs));
            lastTurn = new Pair<>(mine, theirs);
        }
    }

    private void wakeTurn() {
        Pair<Turn> pair = lastTurn;
        if (pair == null) {
            return;
        }
        step += "wakeTurn ";
        ConversationId conversation = pair.model().conversation();
        List<Event> events = List.of(FlowStoreFixture.note(conversation, "answer.came", now));
        assertThat(store.wakeTurn(conversation, pair.store().id(), events, now))
                .as(step)
                .isEqualTo(model.wakeTurn(conversation, pair.model().id(), events, now));
    }

    private void completeTurn() {
        if (turns.isEmpty()) {
            return;
        }
        Pair<Turn> pair = takeOne(turns);
        var commands = new ArrayList<OutboundCommand>();
        for (int i = random.nextInt(4); i > 0; i--) {
            commands.add(command());
        }
        var events = random.nextBoolean()
                ? List.<Event>of()
                : List.of(FlowStoreFixture.note(pair.model().conversation(), "turn.completed", now));
        var result = random.nextInt(5) == 0
                ? TurnResult.waiting(now.plusMillis(random.nextInt(9000)), events)
                : new TurnResult(commands, events, random.nextInt(4) == 0 ? signal() : null)
                        .recorded(
                                random.nextBoolean()
                                        ? List.of()
                                        : List.of(new WriteRow("events", Map.of("n", ++texts), Map.of("text", "e"))));
        NextClaim next = nextClaim();
        step += "completeTurn" + (next == null ? " " : " and claim ");
        TurnCompletion mine = model.completeTurn(pair.model(), result, 2, now, next);
        TurnCompletion theirs = store.completeTurn(pair.store(), result, 2, now, next);
        assertThat(theirs.outcome()).as(step).isEqualTo(mine.outcome());
        assertThat(theirs.next() == null).as(step).isEqualTo(mine.next() == null);
        if (mine.next() != null && theirs.next() != null) {
            claimed(mine.next(), theirs.next());
            assertThat(store.completeTurn(pair.store(), result, 2, now, next))
                    .as("again: " + step)
                    .isEqualTo(theirs);
        }
    }

    private @Nullable NextClaim nextClaim() {
        return random.nextBoolean() ? new NextClaim(UUID.randomUUID().toString(), LEASE) : null;
    }

    private OutboundCommand command() {
        String text = "text " + ++texts;
        return switch (random.nextInt(8)) {
            case 5 -> FlowStoreFixture.webhook(text);
            case 6 -> FlowStoreFixture.named(text);
            case 7 -> new WriteRow("visits", Map.of("n", random.nextInt(3)), Map.of("text", text));
            case 0 -> FlowStoreFixture.label(text);
            case 1 -> FlowStoreFixture.sayHandoff(text);
            case 2 -> new FollowUp(now.plusMillis(random.nextInt(15_000)), text, null, random.nextBoolean());
            default -> FlowStoreFixture.say(text);
        };
    }

    private void releaseTurn() {
        if (turns.isEmpty()) {
            return;
        }
        Pair<Turn> pair = takeOne(turns);
        Instant retryAt = now.plusMillis(random.nextInt(9000));
        step += "releaseTurn ";
        assertThat(store.releaseTurn(pair.store(), retryAt, now))
                .as(step)
                .isEqualTo(model.releaseTurn(pair.model(), retryAt, now));
    }

    private void claimCommands() {
        FreeWorkers free = freeWorkers();
        Line line = pick(List.of(Line.values()));
        step += "claimCommands " + line + " ";
        List<CommandAttempt> wanted =
                drained(() -> model.claimCommands(line, free, now, LEASE), CommandAttempt::conversation);
        List<CommandAttempt> got =
                drained(() -> store.claimCommands(line, free, now, LEASE), CommandAttempt::conversation);
        assertThat(got).as(step).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            claimed(wanted.get(i), got.get(i));
        }
    }

    private void claimed(CommandAttempt mine, CommandAttempt theirs) {
        pairIds(mine.key(), theirs.key());
        modelNumberOf.put(theirs.commandId(), mine.commandId());
        assertThat(new CommandAttempt(
                        mine.commandId(),
                        theirs.conversation(),
                        modelIdOf.getOrDefault(theirs.turnId(), "unknown turn"),
                        mine.key(),
                        theirs.command(),
                        theirs.attempt(),
                        theirs.unclearSince(),
                        theirs.leaseUntil(),
                        mine.token()))
                .as(step)
                .isEqualTo(mine);
        attempts.add(new Pair<>(mine, theirs));
    }

    private void completeCommand() {
        if (attempts.isEmpty()) {
            return;
        }
        Pair<CommandAttempt> pair = takeOne(attempts);
        CommandResult result = switch (random.nextInt(8)) {
            case 0 -> new CommandResult.NotDone("down", null);
            case 1 -> new CommandResult.Unclear("timeout", Duration.ofSeconds(1));
            case 2 -> new CommandResult.Refused("refused");
            case 3 -> new CommandResult.HeldBack(signal(), random.nextBoolean());
            default -> new CommandResult.Done(random.nextBoolean() ? "x" + texts : null);
        };
        Instant retryAt = now.plusMillis(random.nextInt(9000));
        NextClaim next = nextClaim();
        step += "completeCommand " + result + (next == null ? " " : " and claim ");
        CommandCompletion mine = model.completeCommand(pair.model(), result, retryAt, 3, now, next);
        CommandCompletion theirs = store.completeCommand(pair.store(), result, retryAt, 3, now, next);
        assertThat(theirs.stored()).as(step).isEqualTo(mine.stored());
        assertThat(theirs.next() == null).as(step).isEqualTo(mine.next() == null);
        if (mine.next() != null && theirs.next() != null) {
            claimed(mine.next(), theirs.next());
            assertThat(store.completeCommand(pair.store(), result, retryAt, 3, now, next))
                    .as("again: " + step)
                    .isEqualTo(theirs);
        }
    }

    private void decideDeadLetter() {
        TenantId tenant = pick(List.of(TENANTS));
        List<DeadLetter> dead = store.deadLetters(tenant, 0, 100);
        if (dead.isEmpty()) {
            return;
        }
        long theirs = pick(dead).commandId();
        long mine = modelNumberOf.getOrDefault(theirs, -1L);
        boolean retry = random.nextBoolean();
        step += "decideDeadLetter ";
        assertThat(retry ? store.retryDeadLetter(tenant, theirs, now) : store.discardDeadLetter(tenant, theirs, now))
                .as(step)
                .isEqualTo(
                        retry ? model.retryDeadLetter(tenant, mine, now) : model.discardDeadLetter(tenant, mine, now));
    }

    private void restart() {
        Opened again = reopen.apply(new Opened(store, storeEvents));
        store = again.store();
        storeEvents = again.events();
        store.recover(now);
        model.recover(now);
    }

    /** What a store can be asked without changing it. */
    private List<Runnable> questions() {
        ConversationId conversation = pick(conversations);
        TenantId tenant = pick(List.of(TENANTS));
        Line line = pick(List.of(Line.values()));
        return List.of(
                () -> same("nextTurnDue", FlowStore::nextTurnDue),
                () -> same("stats", each -> each.stats(now)),
                () -> same("ownerOf", each -> each.ownerOf(conversation, now)),
                () -> compareNextCommand(line),
                () -> assertThat(named(store.stateOf(conversation)))
                        .as(step + "stateOf")
                        .isEqualTo(named(model.stateOf(conversation))),
                () -> assertThat(texts(store, tenant)).as(step + "deadLetters").isEqualTo(texts(model, tenant)));
    }

    private void compareNextCommand(Line line) {
        var exact = model.nextCommandDue(line);
        var told = store.nextCommandDue(line);
        assertThat(told.isPresent()).as(step + "nextCommandDue").isEqualTo(exact.isPresent());
        exact.ifPresent(due -> assertThat(told.orElseThrow()).as(step).isBeforeOrEqualTo(due));
    }

    private static List<String> texts(FlowStore store, TenantId tenant) {
        return store.deadLetters(tenant, 0, 1000).stream()
                .map(dead -> dead.conversation() + " " + FlowStoreComparison.text(dead.command()) + " "
                        + dead.attempts() + " " + dead.reason() + " " + dead.since())
                .toList();
    }

    /** Without the names a store chooses; texts tell the commands apart. */
    private static ConversationState named(ConversationState state) {
        return new ConversationState(
                state.ownership(),
                state.waitingMessages(),
                state.turnDue(),
                state.turnClaimedUntil(),
                state.turnAttempts(),
                state.supersedes(),
                state.commands().stream()
                        .map(each -> new WaitingCommand(
                                0,
                                "",
                                text(each.command()),
                                each.command(),
                                each.attempts(),
                                each.due(),
                                each.unclearSince()))
                        .toList(),
                state.commandClaimedUntil(),
                state.recordClaimedUntil());
    }

    private static String text(OutboundCommand command) {
        if (command instanceof OutboundCommand.SendMessage message) {
            return message.text();
        }
        return command instanceof FollowUp followUp ? followUp.text() : command.toString();
    }

    private void compareEvents() {
        for (ConversationId conversation : conversations) {
            List<String> wanted = told(modelEvents, conversation, id -> modelIdOf.containsValue(id) ? id : "-");
            List<String> got = told(storeEvents, conversation, id -> modelIdOf.getOrDefault(id, "-"));
            assertThat(got).as("seed " + seed + ", events of " + conversation).isEqualTo(wanted);
        }
    }

    private List<String> told(EventLog log, ConversationId conversation, UnaryOperator<String> name) {
        var lines = new ArrayList<String>();
        String cursor = null;
        do {
            var page = log.query(
                    new EventQuery(conversation.tenant(), conversation, null, null, null, null, 1000, cursor));
            page.events().forEach(event -> lines.add(told(event, name)));
            cursor = page.nextCursor();
        } while (cursor != null);
        return lines;
    }

    private String told(Event event, UnaryOperator<String> name) {
        var payload = new LinkedHashMap<String, @Nullable Object>(event.payload());
        payload.computeIfPresent("key", (key, value) -> name.apply(value.toString()));
        payload.computeIfPresent("into", (key, value) -> name.apply(value.toString()));
        payload.computeIfPresent("turn", (key, value) -> name.apply(value.toString()));
        String cause = event.causeId();
        boolean ours = event.type().startsWith("turn.") || event.type().startsWith("command.");
        String told = cause == null || !ours || Character.isDigit(cause.charAt(0)) && cause.length() < 8
                ? cause
                : name.apply(cause);
        return event.at() + " " + event.type() + " v" + event.version() + " " + new java.util.TreeMap<>(payload) + " "
                + event.source() + " " + event.personKey() + " cause "
                + (event.type().equals("ownership.changed") ? "any" : told);
    }

    private void pairIds(String mine, String theirs) {
        String known = modelIdOf.putIfAbsent(theirs, mine);
        assertThat(known == null || known.equals(mine)).as(step + "the same id").isTrue();
    }

    private static <T> List<T> drained(java.util.function.Supplier<List<T>> claim, Function<T, ConversationId> where) {
        var all = new ArrayList<T>();
        List<T> some = claim.get();
        while (!some.isEmpty()) {
            all.addAll(some);
            some = claim.get();
        }
        all.sort(Comparator.comparing(each -> where.apply(each).toString()));
        return all;
    }

    /** Enough for all; sometimes one tenant has as many as it may have. */
    private FreeWorkers freeWorkers() {
        return random.nextInt(5) == 0
                ? new FreeWorkers(100, Map.of(pick(List.of(TENANTS)), 200), 200)
                : FreeWorkers.of(100);
    }

    /** Mostly takes it away; sometimes leaves it, to be used again when it is stale. */
    private <T> T takeOne(List<T> list) {
        int index = random.nextInt(list.size());
        return random.nextInt(5) == 0 ? list.get(index) : list.remove(index);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @Override
    public void close() {
        store.close();
    }
}
