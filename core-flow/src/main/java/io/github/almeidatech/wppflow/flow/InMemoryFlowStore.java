package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store that forgets with its process: for tests, for the sandbox, and for embedding where nothing needs to survive a
 * crash. Conversations and keys are kept for as long as it lives. Policies are asked about the events it writes itself, not
 * about what others append to the log. Thread-safe: one lock, held also while events are appended to the log.
 */
public final class InMemoryFlowStore implements FlowStore {

    private final EventLog log;
    private final Object lock = new Object();
    private final Set<Key> keys = new HashSet<>();
    private final Map<ConversationId, Conversation> conversations = new HashMap<>();
    private final Map<Long, ConversationId> deadLetters = new HashMap<>();
    private final Map<TenantId, UndecidedEvents> undecided = new LinkedHashMap<>();
    private final DueConversations dueTurns = new DueConversations();
    private final Map<Line, DueConversations> dueCommands = new EnumMap<>(Line.class);
    private long lastId;

    /** @param log where the events go; must not call back into this store */
    public InMemoryFlowStore(EventLog log) {
        this.log = log;
    }

    private record Key(TenantId tenant, String key) {}

    /** A tenant's events from a place on. */
    private static final class UndecidedEvents {

        private final ArrayDeque<Event> events = new ArrayDeque<>();
        private long place;

        void decided(Undecided batch) {
            while (place < batch.upTo()) {
                events.remove();
                place++;
            }
        }
    }

    @Override
    public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
        return inTransaction(
                now,
                tx -> tx.remember(event.conversation().tenant(), event.keys())
                        ? tx.change(event.conversation()).accept(event, timing)
                        : Acceptance.DUPLICATE);
    }

    @Override
    public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
        return inTransaction(
                now,
                tx -> claim(dueTurns, free, now, (id, turns) -> tx.change(id).claimTurn(lease, turns)));
    }

    @Override
    public TurnCompletion completeTurn(
            Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
        return inTransaction(now, tx -> tx.change(turn.conversation()).completeTurn(turn, result, maxSupersedes, next));
    }

    @Override
    public boolean releaseTurn(Turn turn, Instant retryAt, Instant now) {
        return inTransaction(now, tx -> tx.change(turn.conversation()).releaseTurn(turn, retryAt));
    }

    @Override
    public boolean wakeTurn(ConversationId conversation, String turnId, List<Event> events, Instant now) {
        return inTransaction(now, tx -> tx.change(conversation).wakeTurn(turnId, events));
    }

    @Override
    public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
        return inTransaction(
                now,
                tx -> claim(
                        dueCommands(line),
                        free,
                        now,
                        (id, tries) -> tx.change(id).claimCommand(line, lease, tries)));
    }

    @Override
    public CommandCompletion completeCommand(
            CommandAttempt attempt,
            CommandResult result,
            Instant retryAt,
            int maxAttempts,
            Instant now,
            @Nullable NextClaim next) {
        return inTransaction(
                now,
                tx -> tx.change(attempt.conversation()).completeCommand(attempt, result, retryAt, maxAttempts, next));
    }

    @Override
    public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt, Instant now) {
        synchronized (lock) {
            Conversation known = conversations.get(attempt.conversation());
            return known == null
                    ? Optional.empty()
                    : known.ownership.silence(attempt.command(), known.fenceOf(attempt), now);
        }
    }

    @Override
    public Optional<Instant> nextTurnDue() {
        synchronized (lock) {
            return dueTurns.next();
        }
    }

    @Override
    public Optional<Instant> nextCommandDue(Line line) {
        synchronized (lock) {
            return dueCommands(line).next();
        }
    }

    private DueConversations dueCommands(Line line) {
        return dueCommands.computeIfAbsent(line, missing -> new DueConversations());
    }

    @Override
    public Owner ownerOf(ConversationId conversation, Instant now) {
        return stateOf(conversation).ownership().effective(now);
    }

    @Override
    public ConversationState stateOf(ConversationId conversation) {
        synchronized (lock) {
            Conversation known = conversations.get(conversation);
            return known == null ? ConversationState.UNSEEN : known.state();
        }
    }

    @Override
    public List<DeadLetter> deadLetters(TenantId tenant, long afterId, int limit) {
        synchronized (lock) {
            return deadLetters.entrySet().stream()
                    .filter(each ->
                            each.getKey() > afterId && each.getValue().tenant().equals(tenant))
                    .sorted(Map.Entry.comparingByKey())
                    .limit(limit)
                    .map(each -> dead(each.getValue(), each.getKey()))
                    .toList();
        }
    }

    private DeadLetter dead(ConversationId id, long commandId) {
        Conversation conversation = conversations.get(id);
        if (conversation == null) {
            throw new IllegalStateException("a dead letter of an unknown conversation");
        }
        return conversation.dead(commandId).deadLetter(id);
    }

    @Override
    public boolean retryDeadLetter(TenantId tenant, long commandId, Instant now) {
        return withDeadLetter(tenant, commandId, now, change -> change.retry(commandId));
    }

    @Override
    public boolean discardDeadLetter(TenantId tenant, long commandId, Instant now) {
        return withDeadLetter(tenant, commandId, now, change -> change.discard(commandId));
    }

    private boolean withDeadLetter(TenantId tenant, long commandId, Instant now, Consumer<ConversationChange> action) {
        return inTransaction(now, tx -> {
            ConversationId id = deadLetters.get(commandId);
            if (id == null || !id.tenant().equals(tenant)) {
                return false;
            }
            action.accept(tx.change(id));
            return true;
        });
    }

    @Override
    public List<Undecided> undecided(int max) {
        synchronized (lock) {
            var batches = new ArrayList<Undecided>();
            undecided.forEach((tenant, waiting) -> {
                if (!waiting.events.isEmpty()) {
                    List<Event> oldest = waiting.events.stream().limit(max).toList();
                    batches.add(new Undecided(tenant, waiting.place, waiting.place + oldest.size(), oldest));
                }
            });
            return batches;
        }
    }

    @Override
    public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
        return inTransaction(now, tx -> {
            UndecidedEvents waiting = undecided.get(batch.tenant());
            if (waiting == null || waiting.place != batch.after()) {
                return false;
            }
            for (int i = 0; i < plans.size(); i++) {
                tx.decided.addAll(plans.get(i).events());
                ConversationId conversation = batch.events().get(i).conversation();
                if (conversation != null) {
                    tx.change(conversation).apply(plans.get(i));
                }
            }
            tx.decidedNow = batch;
            return true;
        });
    }

    @Override
    public void recover(Instant now) {
        inTransaction(now, tx -> {
            for (ConversationId id : List.copyOf(conversations.keySet())) {
                tx.conversation(id).endClaims(now);
            }
            return true;
        });
    }

    @Override
    public FlowStats stats(Instant now) {
        synchronized (lock) {
            long messages = 0;
            long replies = 0;
            long records = 0;
            long elsewhere = 0;
            Instant oldest = null;
            Instant oldestRecord = null;
            for (Conversation conversation : conversations.values()) {
                messages += conversation.waiting.size();
                replies += conversation.line(Line.REPLIES).commands.size();
                records += conversation.line(Line.RECORDS).commands.size();
                elsewhere += conversation.waitsElsewhere(now) ? 1 : 0;
                oldest = conversation.oldest(oldest, now);
                oldestRecord = conversation.oldest(Line.RECORDS, oldestRecord, now);
            }
            return new FlowStats(messages, replies, deadLetters.size(), oldest, records, oldestRecord, elsewhere);
        }
    }

    @Override
    public void close() {}

    private <T> List<T> claim(
            DueConversations due, FreeWorkers free, Instant now, BiConsumer<ConversationId, List<T>> claimOne) {
        var claimed = new ArrayList<T>();
        due.claimable(free, now).forEach(id -> claimOne.accept(id, claimed));
        return claimed;
    }

    private <R> R inTransaction(Instant now, Function<Transaction, R> work) {
        synchronized (lock) {
            var tx = new Transaction(now);
            R result = work.apply(tx);
            tx.commit();
            return result;
        }
    }

    /** Changes copies, so that nothing has happened when something throws before the end. */
    private final class Transaction {

        private final Instant now;
        private final Map<ConversationId, Conversation> touched = new LinkedHashMap<>();
        private final Set<Key> newKeys = new HashSet<>();
        private final List<Event> decided = new ArrayList<>();
        private @Nullable Undecided decidedNow;
        private final List<Event> events = new ArrayList<>();

        Transaction(Instant now) {
            this.now = now;
        }

        Conversation conversation(ConversationId id) {
            return touched.computeIfAbsent(id, missing -> {
                Conversation known = conversations.get(id);
                return known == null ? new Conversation(id, ++lastId) : known.copy();
            });
        }

        void commit() {
            if (!events.isEmpty() || !decided.isEmpty()) {
                var all = new ArrayList<>(decided);
                all.addAll(events);
                log.append(all);
            }
            for (Event event : events) {
                undecided
                        .computeIfAbsent(event.tenant(), tenant -> new UndecidedEvents())
                        .events
                        .add(event);
            }
            if (decidedNow != null) {
                undecided
                        .computeIfAbsent(decidedNow.tenant(), tenant -> new UndecidedEvents())
                        .decided(decidedNow);
            }
            keys.addAll(newKeys);
            touched.forEach((id, changed) -> {
                Conversation before = conversations.put(id, changed);
                if (before != null) {
                    unlist(before);
                }
                list(changed);
            });
        }

        private void unlist(Conversation before) {
            before.turnDue().ifPresent(at -> dueTurns.remove(at, before.order, before.id));
            for (Line line : Line.values()) {
                before.line(line).due().ifPresent(at -> dueCommands(line).remove(at, before.order, before.id));
            }
            before.dead.forEach(command -> deadLetters.remove(command.id));
        }

        private void list(Conversation changed) {
            changed.turnDue().ifPresent(at -> dueTurns.add(at, changed.order, changed.id));
            for (Line line : Line.values()) {
                changed.line(line).due().ifPresent(at -> dueCommands(line).add(at, changed.order, changed.id));
            }
            changed.dead.forEach(command -> deadLetters.put(command.id, changed.id));
        }

        boolean remember(TenantId tenant, List<String> wanted) {
            boolean fresh = true;
            for (String each : wanted) {
                var key = new Key(tenant, each);
                fresh &= !keys.contains(key);
                newKeys.add(key);
            }
            return fresh;
        }

        ConversationChange change(ConversationId id) {
            return new ConversationChange(conversation(id), now, events, decided, () -> ++lastId);
        }
    }
}
