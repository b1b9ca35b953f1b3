package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.flow.CommandLine.Command;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Until when the turn waits, or has waited, for somebody else's answer. */
    private @Nullable Instant waitedUntil;

    private @Nullable Claim turnClaim;

    private final Map<Line, CommandLine> lines = new EnumMap<>(Line.class);
    final List<Command> dead = new ArrayList<>();

    Conversation(ConversationId id, long order) {
        this.id = id;
        this.order = order;
    }

    /** A message without a completed turn. */
    record Waiting(long inboxId, InboundMessage message, boolean urgent, Instant arrivedAt) {}

    private record Claim(String token, Instant leaseUntil) {}

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
        copy.waitedUntil = waitedUntil;
        copy.turnClaim = turnClaim;
        lines.forEach((name, line) -> copy.lines.put(name, line.copy()));
        copy.dead.addAll(dead);
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

    CommandLine line(Line name) {
        return lines.computeIfAbsent(name, missing -> new CommandLine());
    }

    /** Why it may not be carried out any more; empty when it may. */
    Optional<String> holdsBack(Command command, Instant now) {
        boolean replied = command.command instanceof OutboundCommand.FollowUp followUp
                && followUp.unlessReply()
                && lastMessageAt.isAfter(command.createdAt);
        return replied ? Optional.of(CUSTOMER_REPLIED) : ownership.holdsBack(command.command, command.fence, now);
    }

    /** The number a command that is tried was stored under; the present one for somebody else's command. */
    long fenceOf(CommandAttempt attempt) {
        return line(attempt.command().line()).commands.stream()
                .filter(each -> each.id == attempt.commandId() && each.turnId.equals(attempt.turnId()))
                .mapToLong(each -> each.fence)
                .findFirst()
                .orElse(ownership.fence());
    }

    boolean holdsTurn(Turn turn) {
        return turnClaim != null && turnClaim.token().equals(turn.token());
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
        turnClaim = new Claim(UUID.randomUUID().toString(), leaseUntil);
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
    void waitUntil(Instant until, Instant now) {
        turnClaim = null;
        turnAttempts = 0;
        notBefore = woken ? null : until;
        waitedUntil = woken ? now : until;
    }

    /** What a turn waits for is there, or the customer wrote more: it waits no longer. */
    void wake(Instant now) {
        woken = true;
        if (turnAttempts == 0) {
            notBefore = null;
        }
        if (waitsElsewhere(now)) {
            waitedUntil = now;
        }
    }

    /** Whether the turn waits for somebody else's answer. */
    boolean waitsElsewhere(Instant now) {
        return waitedUntil != null && waitedUntil.isAfter(now);
    }

    /** The next turn begins anew. */
    void endTurn() {
        turnClaim = null;
        woken = false;
        turnId = null;
        turnAttempts = 0;
        supersedes = 0;
        notBefore = null;
        waitedUntil = null;
    }

    CommandAttempt claimCommand(Command first, String token, Instant leaseUntil) {
        return attempt(line(first.command.line()).claim(first, token, leaseUntil), token, leaseUntil);
    }

    /** What is claimed with a token. */
    Optional<CommandAttempt> claimed(Line name, String token) {
        CommandLine line = line(name);
        Instant leaseUntil = line.claimedUntil();
        return leaseUntil == null
                ? Optional.empty()
                : line.claimedWith(token).map(command -> attempt(command, token, leaseUntil));
    }

    private CommandAttempt attempt(Command begun, String token, Instant leaseUntil) {
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

    Command dead(long commandId) {
        return CommandLine.find(dead, commandId);
    }

    void endClaims(Instant now) {
        turnClaim = null;
        lines.values().forEach(line -> line.endClaim(now));
    }

    /** Since when the oldest command of a line waits, or an earlier instant. */
    @Nullable
    Instant oldest(Line name, @Nullable Instant before, Instant now) {
        Instant oldest = before;
        for (Command command : line(name).commands) {
            if (command.inLine(now)) {
                oldest = earlier(oldest, command.waitsSince());
            }
        }
        return oldest;
    }

    /** Since when the oldest message or reply waits, or an earlier instant. */
    @Nullable
    Instant oldest(@Nullable Instant before, Instant now) {
        Instant oldest = before;
        if (!waiting.isEmpty() && !waitsElsewhere(now)) {
            Instant arrived = waiting.get(0).arrivedAt();
            oldest = earlier(before, waitedUntil != null && waitedUntil.isAfter(arrived) ? waitedUntil : arrived);
        }
        return oldest(Line.REPLIES, oldest, now);
    }

    private static Instant earlier(@Nullable Instant a, Instant b) {
        return a != null && a.isBefore(b) ? a : b;
    }

    ConversationState state() {
        return new ConversationState(
                ownership,
                waitingIds(),
                turnDue().orElse(null),
                turnClaim == null ? null : turnClaim.leaseUntil(),
                turnAttempts,
                supersedes,
                lines.values().stream()
                        .flatMap(line -> line.commands.stream())
                        .sorted(Comparator.comparingLong(each -> each.id))
                        .map(Command::waiting)
                        .toList(),
                line(Line.REPLIES).claimedUntil(),
                line(Line.RECORDS).claimedUntil());
    }
}
