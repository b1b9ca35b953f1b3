package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store that forgets with its process: for tests, for the sandbox, and for embedding where nothing needs to survive a
 * crash. Conversations and keys are kept for as long as it lives. Thread-safe: one lock, held also while events are
 * appended to the log.
 */
public final class InMemoryFlowStore implements FlowStore {

    private final EventLog log;
    private final Object lock = new Object();
    private final Set<Key> keys = new HashSet<>();
    private final Map<ConversationId, Conversation> conversations = new HashMap<>();
    private final Map<Long, ConversationId> deadLetters = new HashMap<>();
    private final NavigableSet<Due> dueTurns = new TreeSet<>();
    private final NavigableSet<Due> dueCommands = new TreeSet<>();
    private long lastId;

    /** @param log where the events go; must not call back into this store */
    public InMemoryFlowStore(EventLog log) {
        this.log = log;
    }

    private record Key(TenantId tenant, String key) {}

    /** A conversation in the order of its next due time. */
    private record Due(Instant at, long order, ConversationId id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    @Override
    public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
        return inTransaction(now, tx -> {
            if (!tx.remember(event.conversation().tenant(), event.keys())) {
                return Acceptance.DUPLICATE;
            }
            Conversation conversation = tx.conversation(event.conversation());
            if (event.personKey() != null) {
                conversation.personKey = event.personKey();
            }
            tx.events.addAll(event.events());
            String cause =
                    event.events().isEmpty() ? null : event.events().get(0).id();
            OwnershipSignal signal = event.signal();
            if (signal != null) {
                tx.own(conversation, conversation.ownership.after(signal, now), cause);
            }
            InboundMessage message = event.message();
            return message == null
                    ? Acceptance.STORED
                    : tx.acceptMessage(conversation, message, event.urgent(), timing, cause);
        });
    }

    @Override
    public List<Turn> claimTurns(int max, Set<TenantId> except, Instant now, Duration lease) {
        return inTransaction(
                now,
                tx -> claim(
                        dueTurns, max, except, now, (id, turns) -> tx.claimTurn(tx.conversation(id), lease, turns)));
    }

    @Override
    public TurnOutcome completeTurn(Turn turn, TurnResult result, int maxSupersedes, Instant now) {
        return inTransaction(
                now, tx -> tx.completeTurn(tx.conversation(turn.conversation()), turn, result, maxSupersedes));
    }

    @Override
    public boolean releaseTurn(Turn turn, Instant retryAt, Instant now) {
        return inTransaction(now, tx -> {
            Conversation conversation = tx.conversation(turn.conversation());
            if (!conversation.holdsTurn(turn)) {
                return false;
            }
            conversation.releaseTurn();
            conversation.notBefore = retryAt;
            return true;
        });
    }

    @Override
    public List<CommandAttempt> claimCommands(int max, Set<TenantId> except, Instant now, Duration lease) {
        return inTransaction(
                now,
                tx -> claim(
                        dueCommands, max, except, now, (id, out) -> tx.claimCommand(tx.conversation(id), lease, out)));
    }

    @Override
    public boolean completeCommand(
            CommandAttempt attempt, CommandResult result, Instant retryAt, int maxAttempts, Instant now) {
        return inTransaction(now, tx -> {
            Conversation conversation = tx.conversation(attempt.conversation());
            return conversation.holdsCommand(attempt)
                    && result.accept(new Completion(tx, conversation, attempt, retryAt, maxAttempts));
        });
    }

    @Override
    public Optional<Instant> nextTurnDue() {
        synchronized (lock) {
            return dueTurns.isEmpty()
                    ? Optional.empty()
                    : Optional.of(dueTurns.first().at());
        }
    }

    @Override
    public Optional<Instant> nextCommandDue() {
        synchronized (lock) {
            return dueCommands.isEmpty()
                    ? Optional.empty()
                    : Optional.of(dueCommands.first().at());
        }
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
        return withDeadLetter(tenant, commandId, now, (tx, conversation) -> tx.retry(conversation, commandId));
    }

    @Override
    public boolean discardDeadLetter(TenantId tenant, long commandId, Instant now) {
        return withDeadLetter(tenant, commandId, now, (tx, conversation) -> tx.discard(conversation, commandId));
    }

    private boolean withDeadLetter(
            TenantId tenant, long commandId, Instant now, BiConsumer<Transaction, Conversation> action) {
        return inTransaction(now, tx -> {
            ConversationId id = deadLetters.get(commandId);
            if (id == null || !id.tenant().equals(tenant)) {
                return false;
            }
            action.accept(tx, tx.conversation(id));
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
            long commands = 0;
            Instant oldest = null;
            for (Conversation conversation : conversations.values()) {
                messages += conversation.waiting.size();
                commands += conversation.commands.size();
                oldest = conversation.oldest(oldest, now);
            }
            return new FlowStats(messages, commands, deadLetters.size(), oldest);
        }
    }

    @Override
    public void close() {}

    private <T> List<T> claim(
            NavigableSet<Due> queue,
            int max,
            Set<TenantId> except,
            Instant now,
            BiConsumer<ConversationId, List<T>> claimOne) {
        var claimed = new ArrayList<T>();
        for (Due due : queue) {
            if (claimed.size() >= max || due.at().isAfter(now)) {
                break;
            }
            if (!except.contains(due.id().tenant())) {
                claimOne.accept(due.id(), claimed);
            }
        }
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
            if (!events.isEmpty()) {
                log.append(events);
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
            before.turnDue().ifPresent(at -> dueTurns.remove(new Due(at, before.order, before.id)));
            before.commandDue().ifPresent(at -> dueCommands.remove(new Due(at, before.order, before.id)));
            before.dead.forEach(command -> deadLetters.remove(command.id));
        }

        private void list(Conversation changed) {
            changed.turnDue().ifPresent(at -> dueTurns.add(new Due(at, changed.order, changed.id)));
            changed.commandDue().ifPresent(at -> dueCommands.add(new Due(at, changed.order, changed.id)));
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

        void own(Conversation conversation, Ownership after, @Nullable String cause) {
            Ownership before = conversation.ownership;
            conversation.ownership = after;
            Owner owner = after.effective(now);
            if (owner != before.effective(now)) {
                events.add(FlowEvents.ownershipChanged(
                        conversation.id, conversation.personKey, owner, after.reason(), cause, now));
            }
        }

        Acceptance acceptMessage(
                Conversation conversation,
                InboundMessage message,
                boolean urgent,
                TurnTiming timing,
                @Nullable String cause) {
            own(conversation, conversation.ownership.afterMessage(message.sentAt(), now), cause);
            conversation.lastMessageAt = now;
            if (conversation.ownership.effective(now) != Owner.BOT) {
                silenced(conversation, List.of(message.messageId()), String.valueOf(message.messageId()));
                return Acceptance.HUMAN_OWNED;
            }
            conversation.timing = timing;
            conversation.waiting.add(new Conversation.Waiting(++lastId, message, urgent, now));
            return Acceptance.STORED;
        }

        private void silenced(Conversation conversation, List<Long> ids, String cause) {
            Ownership ownership = conversation.ownership;
            events.add(FlowEvents.turnSilenced(
                    conversation.id,
                    conversation.personKey,
                    ownership.reason(),
                    ownership.effective(now),
                    ids,
                    cause,
                    now));
        }

        void claimTurn(Conversation conversation, Duration lease, List<Turn> out) {
            if (conversation.turnId == null) {
                conversation.turnId = Uuid7.at(now);
            }
            if (conversation.ownership.effective(now) != Owner.BOT) {
                silenced(conversation, conversation.waitingIds(), conversation.turnId);
                conversation.waiting.clear();
                conversation.endTurn();
                return;
            }
            out.add(conversation.claimTurn(now.plus(lease)));
        }

        TurnOutcome completeTurn(Conversation conversation, Turn turn, TurnResult result, int maxSupersedes) {
            if (!conversation.holdsTurn(turn)) {
                return TurnOutcome.LEASE_LOST;
            }
            Optional<String> silence = conversation.ownership.silences(turn.fence(), now);
            if (silence.isPresent()) {
                events.addAll(result.events());
                events.add(FlowEvents.turnSilenced(
                        conversation.id,
                        conversation.personKey,
                        silence.get(),
                        conversation.ownership.effective(now),
                        turn.messages().stream().map(InboundMessage::messageId).toList(),
                        turn.id(),
                        now));
                conversation.dropAnswered(turn);
                conversation.endTurn();
                return TurnOutcome.TAKEN_OVER;
            }
            if (conversation.hasNewerThan(turn) && turn.supersedes() < maxSupersedes) {
                events.add(FlowEvents.turnSuperseded(conversation.id, conversation.personKey, turn.id(), now));
                conversation.endTurn();
                conversation.supersedes = turn.supersedes() + 1;
                return TurnOutcome.SUPERSEDED;
            }
            conversation.dropAnswered(turn);
            conversation.endTurn();
            events.addAll(result.events());
            int number = 0;
            for (OutboundCommand command : result.commands()) {
                conversation.commands.add(
                        new Conversation.Command(++lastId, turn, turn.id() + "-" + ++number, command, now));
            }
            OwnershipSignal ownership = result.ownership();
            if (ownership != null) {
                own(conversation, conversation.ownership.afterOwn(ownership), turn.id());
            }
            return TurnOutcome.COMPLETED;
        }

        void claimCommand(Conversation conversation, Duration lease, List<CommandAttempt> out) {
            conversation.endCommandClaim(now);
            Conversation.@Nullable Command next = conversation.nextCommand(now);
            while (next != null && !next.due.isAfter(now)) {
                Optional<String> reason = conversation.holdsBack(next, now);
                if (reason.isEmpty()) {
                    out.add(conversation.claimCommand(next, UUID.randomUUID().toString(), now.plus(lease)));
                    return;
                }
                holdBack(conversation, next, reason.get());
                next = conversation.nextCommand(now);
            }
        }

        void holdBack(Conversation conversation, Conversation.Command command, String reason) {
            conversation.commands.remove(command);
            events.add(FlowEvents.commandHeldBack(
                    conversation.id,
                    conversation.personKey,
                    command.turnId,
                    command.key,
                    command.command,
                    reason,
                    now));
        }

        void retry(Conversation conversation, long commandId) {
            Conversation.Command command = conversation.dead(commandId);
            conversation.dead.remove(command);
            conversation.commands.add(command.revived(now));
            events.add(FlowEvents.commandRetried(
                    conversation.id, conversation.personKey, command.turnId, command.key, command.command, now));
        }

        void discard(Conversation conversation, long commandId) {
            Conversation.Command command = conversation.dead(commandId);
            conversation.dead.remove(command);
            events.add(FlowEvents.commandDiscarded(
                    conversation.id, conversation.personKey, command.turnId, command.key, command.command, now));
        }
    }

    /** What the result of a try does. */
    private static final class Completion implements CommandResult.Visitor<Boolean> {

        private final Transaction tx;
        private final Conversation conversation;
        private final Conversation.Command command;
        private final Instant retryAt;
        private final boolean last;

        Completion(
                Transaction tx, Conversation conversation, CommandAttempt attempt, Instant retryAt, int maxAttempts) {
            this.tx = tx;
            this.conversation = conversation;
            this.command = conversation.waitingCommand(attempt.commandId());
            this.retryAt = retryAt;
            this.last = attempt.attempt() >= maxAttempts;
            conversation.releaseCommand();
        }

        @Override
        public Boolean done(CommandResult.Done result) {
            conversation.commands.remove(command);
            tx.events.add(FlowEvents.commandDone(
                    conversation.id,
                    conversation.personKey,
                    command.turnId,
                    command.key,
                    command.command,
                    result.externalId(),
                    tx.now));
            return true;
        }

        @Override
        public Boolean notDone(CommandResult.NotDone result) {
            return last ? bury(result.reason()) : replace(command.dueAt(retryAt));
        }

        @Override
        public Boolean unclear(CommandResult.Unclear result) {
            return last ? bury(result.reason()) : replace(command.dueAt(retryAt).unclear(tx.now));
        }

        @Override
        public Boolean refused(CommandResult.Refused result) {
            return bury(result.reason());
        }

        @Override
        public Boolean heldBack(CommandResult.HeldBack result) {
            OwnershipSignal signal = result.ownership();
            tx.own(conversation, conversation.ownership.after(signal, tx.now), command.turnId);
            tx.holdBack(conversation, command, signal.reason());
            for (Conversation.Command later : List.copyOf(conversation.commands)) {
                if (later.command.isAnswer()) {
                    tx.holdBack(conversation, later, signal.reason());
                }
            }
            return true;
        }

        private boolean replace(Conversation.Command changed) {
            conversation.commands.remove(command);
            conversation.commands.add(changed);
            return true;
        }

        private boolean bury(String reason) {
            conversation.commands.remove(command);
            conversation.dead.add(command.died(reason, tx.now));
            tx.events.add(FlowEvents.commandDeadLettered(
                    conversation.id,
                    conversation.personKey,
                    command.turnId,
                    command.key,
                    command.command,
                    reason,
                    tx.now));
            return true;
        }
    }
}
