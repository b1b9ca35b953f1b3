package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@link InMemoryFlowStore} keeps of a conversation. Not thread-safe; copied before it is changed. */
final class Conversation {

    private static final String CUSTOMER_REPLIED = "customer_replied";

    final ConversationId id;
    final long order;

    @Nullable
    String personKey;

    Ownership ownership = Ownership.INITIAL;

    TurnTiming timing = TurnTiming.DEFAULT;
    Instant lastMessageAt = Instant.EPOCH;
    final List<Waiting> waiting = new ArrayList<>();
    int supersedes;
    int turnAttempts;

    @Nullable
    String turnId;

    @Nullable
    Instant notBefore;

    /** What the turn would wait for came while it was claimed. */
    private boolean woken;

    private @Nullable Claim turnClaim;

    final NavigableSet<Command> commands = new TreeSet<>(Comparator.comparingLong(command -> command.id));
    final List<Command> dead = new ArrayList<>();
    private @Nullable Claim commandClaim;

    Conversation(ConversationId id, long order) {
        this.id = id;
        this.order = order;
    }

    /** A message without a completed turn. */
    record Waiting(long inboxId, InboundMessage message, boolean urgent, Instant arrivedAt) {}

    private record Claim(String token, Instant leaseUntil, long commandId) {}

    /** A command that waits or is dead. Immutable. */
    static final class Command {

        final long id;
        final String turnId;
        final String key;
        final OutboundCommand command;
        final long fence;
        final Instant createdAt;
        final int attempts;
        final Instant due;
        final @Nullable Instant unclearSince;
        final String deadReason;

        Command(long id, String cause, String key, OutboundCommand command, long fence, Instant now) {
            this(id, cause, key, command, fence, now, 0, later(now, command.notBefore()), null, "");
        }

        private Command(
                long id,
                String turnId,
                String key,
                OutboundCommand command,
                long fence,
                Instant createdAt,
                int attempts,
                Instant due,
                @Nullable Instant unclearSince,
                String deadReason) {
            this.id = id;
            this.turnId = turnId;
            this.key = key;
            this.command = command;
            this.fence = fence;
            this.createdAt = createdAt;
            this.attempts = attempts;
            this.due = due;
            this.unclearSince = unclearSince;
            this.deadReason = deadReason;
        }

        private Command with(int newAttempts, Instant newDue, @Nullable Instant newUnclearSince, String newReason) {
            return new Command(
                    id, turnId, key, command, fence, createdAt, newAttempts, newDue, newUnclearSince, newReason);
        }

        /** Whether it is in the line; what is planned for later is not in anybody's way. */
        boolean inLine(Instant now) {
            Instant notBefore = command.notBefore();
            return notBefore == null || !notBefore.isAfter(now);
        }

        Command begun() {
            return with(attempts + 1, due, unclearSince, "");
        }

        Command dueAt(Instant retryAt) {
            return with(attempts, retryAt, unclearSince, "");
        }

        Command unclear(Instant since) {
            return with(attempts, due, since, "");
        }

        /** {@link #due} of a dead command is when it died. */
        Command died(String reason, Instant now) {
            return with(attempts, now, unclearSince, reason);
        }

        Command revived(Instant now) {
            return with(0, now, due, "");
        }

        DeadLetter deadLetter(ConversationId conversation) {
            return new DeadLetter(id, conversation, turnId, key, command, attempts, deadReason, due);
        }
    }

    Conversation copy() {
        var copy = new Conversation(id, order);
        copy.personKey = personKey;
        copy.ownership = ownership;
        copy.timing = timing;
        copy.lastMessageAt = lastMessageAt;
        copy.waiting.addAll(waiting);
        copy.supersedes = supersedes;
        copy.turnAttempts = turnAttempts;
        copy.turnId = turnId;
        copy.notBefore = notBefore;
        copy.woken = woken;
        copy.turnClaim = turnClaim;
        copy.commands.addAll(commands);
        copy.dead.addAll(dead);
        copy.commandClaim = commandClaim;
        return copy;
    }

    /** When the turn can be claimed; empty when no message waits. */
    Optional<Instant> turnDue() {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        if (turnClaim != null) {
            return Optional.of(turnClaim.leaseUntil());
        }
        boolean urgent = waiting.stream().anyMatch(Waiting::urgent);
        Instant first = waiting.get(0).arrivedAt();
        Instant last = waiting.get(waiting.size() - 1).arrivedAt();
        Instant due = timing.dueAt(first, last, waiting.size(), urgent);
        return Optional.of(notBefore != null && notBefore.isAfter(due) ? notBefore : due);
    }

    /** When a command can be claimed; empty when none waits. */
    Optional<Instant> commandDue() {
        if (commandClaim != null) {
            return Optional.of(commandClaim.leaseUntil());
        }
        return commands.stream()
                .filter(each -> each.equals(nextCommand(each.due)))
                .map(each -> each.due)
                .min(Comparator.naturalOrder());
    }

    /** The first in line, whether due or not. */
    @Nullable
    Command nextCommand(Instant now) {
        for (Command each : commands) {
            if (each.inLine(now)) {
                return each;
            }
        }
        return null;
    }

    /** Why it may not be carried out any more; empty when it may. */
    Optional<String> holdsBack(Command command, Instant now) {
        boolean replied = command.command instanceof OutboundCommand.FollowUp followUp
                && followUp.unlessReply()
                && lastMessageAt.isAfter(command.createdAt);
        return replied ? Optional.of(CUSTOMER_REPLIED) : ownership.holdsBack(command.command, command.fence, now);
    }

    boolean holdsTurn(Turn turn) {
        return turnClaim != null && turnClaim.token().equals(turn.token());
    }

    boolean holdsCommand(CommandAttempt attempt) {
        return commandClaim != null && commandClaim.token().equals(attempt.token());
    }

    List<Long> waitingIds() {
        return byMessageId().map(InboundMessage::messageId).toList();
    }

    private java.util.stream.Stream<InboundMessage> byMessageId() {
        return waiting.stream().map(Waiting::message).sorted(Comparator.comparingLong(InboundMessage::messageId));
    }

    Turn claimTurn(Instant leaseUntil) {
        if (turnId == null) {
            throw new IllegalStateException("a turn needs an id before it is claimed");
        }
        turnAttempts++;
        woken = false;
        turnClaim = new Claim(UUID.randomUUID().toString(), leaseUntil, 0);
        long newest = waiting.get(waiting.size() - 1).inboxId();
        return new Turn(
                id,
                turnId,
                byMessageId().toList(),
                turnAttempts,
                supersedes,
                ownership.fence(),
                leaseUntil,
                turnClaim.token(),
                newest);
    }

    boolean hasNewerThan(Turn turn) {
        return waiting.get(waiting.size() - 1).inboxId() > turn.lastInboxId();
    }

    void dropAnswered(Turn turn) {
        waiting.removeIf(each -> each.inboxId() <= turn.lastInboxId());
    }

    void releaseTurn() {
        turnClaim = null;
    }

    /** The turn is due again then, or when it is woken, or when more was written. */
    void waitUntil(Instant until) {
        turnClaim = null;
        turnAttempts = 0;
        notBefore = woken ? null : until;
    }

    /** What a turn waits for is there, or the customer wrote more: it waits no longer. */
    void wake() {
        woken = true;
        if (turnAttempts == 0) {
            notBefore = null;
        }
    }

    /** The next turn begins anew. */
    void endTurn() {
        turnClaim = null;
        woken = false;
        turnId = null;
        turnAttempts = 0;
        supersedes = 0;
        notBefore = null;
    }

    CommandAttempt claimCommand(Command first, String token, Instant leaseUntil) {
        Command begun = first.begun();
        commands.remove(first);
        commands.add(begun);
        commandClaim = new Claim(token, leaseUntil, begun.id);
        return new CommandAttempt(
                begun.id,
                id,
                begun.turnId,
                begun.key,
                begun.command,
                begun.attempts,
                begun.unclearSince,
                leaseUntil,
                token);
    }

    /** Takes a claimed command out of the line. */
    Command endCommand(long commandId) {
        commandClaim = null;
        Command command = find(commands, commandId);
        commands.remove(command);
        return command;
    }

    Command dead(long commandId) {
        return find(dead, commandId);
    }

    private static Command find(Iterable<Command> where, long commandId) {
        for (Command each : where) {
            if (each.id == commandId) {
                return each;
            }
        }
        throw new IllegalStateException("no command " + commandId);
    }

    /** A claim that ended without a result leaves its command unclear and due. */
    void endCommandClaim(Instant now) {
        if (commandClaim == null) {
            return;
        }
        Instant ended = commandClaim.leaseUntil().isBefore(now) ? commandClaim.leaseUntil() : now;
        Command begun = find(commands, commandClaim.commandId());
        commands.remove(begun);
        commands.add(begun.unclear(ended));
        commandClaim = null;
    }

    void endClaims(Instant now) {
        turnClaim = null;
        endCommandClaim(now);
    }

    @Nullable
    Instant oldest(@Nullable Instant before, Instant now) {
        Instant oldest = before;
        if (!waiting.isEmpty()) {
            oldest = earlier(oldest, waiting.get(0).arrivedAt());
        }
        for (Command command : commands) {
            if (command.inLine(now)) {
                oldest = earlier(oldest, later(command.createdAt, command.command.notBefore()));
            }
        }
        return oldest;
    }

    private static Instant earlier(@Nullable Instant a, Instant b) {
        return a != null && a.isBefore(b) ? a : b;
    }

    private static Instant later(Instant a, @Nullable Instant b) {
        return b != null && b.isAfter(a) ? b : a;
    }

    ConversationState state() {
        return new ConversationState(
                ownership,
                waitingIds(),
                turnDue().orElse(null),
                turnClaim == null ? null : turnClaim.leaseUntil(),
                turnAttempts,
                supersedes,
                commands.stream()
                        .map(each -> new WaitingCommand(
                                each.id,
                                each.turnId,
                                each.key,
                                each.command,
                                each.attempts,
                                each.due,
                                each.unclearSince))
                        .toList(),
                commandClaim == null ? null : commandClaim.leaseUntil());
    }
}
