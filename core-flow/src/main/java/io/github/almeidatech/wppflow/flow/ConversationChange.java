package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.CommandLine.Command;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What happens to one conversation in one transaction of {@link InMemoryFlowStore}, and the events it leaves. */
final class ConversationChange {

    private final Conversation conversation;
    private final Instant now;
    private final List<Event> events;
    private final List<Event> decided;
    private final LongSupplier ids;

    /**
     * @param events to be written, and shown to policies
     * @param decided to be written, with all policies have to say about them
     */
    ConversationChange(
            Conversation conversation, Instant now, List<Event> events, List<Event> decided, LongSupplier ids) {
        this.conversation = conversation;
        this.now = now;
        this.events = events;
        this.decided = decided;
        this.ids = ids;
    }

    Acceptance accept(InboundEvent event, TurnTiming timing) {
        if (event.personKey() != null) {
            conversation.personKey = event.personKey();
        }
        events.addAll(event.events());
        String cause = event.events().isEmpty() ? null : event.events().get(0).id();
        OwnershipSignal signal = event.signal();
        if (signal != null) {
            own(conversation.ownership.after(signal, now), cause);
        }
        InboundMessage message = event.message();
        return message == null ? Acceptance.STORED : acceptMessage(message, event.urgent(), timing, cause);
    }

    private void own(Ownership after, @Nullable String cause) {
        Ownership before = conversation.ownership;
        conversation.ownership = after;
        Owner owner = after.effective(now);
        if (owner != before.effective(now)) {
            events.add(FlowEvents.ownershipChanged(
                    conversation.id, conversation.personKey, owner, after.reason(), cause, now));
        }
    }

    private Acceptance acceptMessage(
            InboundMessage message, boolean urgent, TurnTiming timing, @Nullable String cause) {
        own(conversation.ownership.afterMessage(message.sentAt(), now), cause);
        conversation.lastMessageAt = now;
        if (conversation.ownership.effective(now) != Owner.BOT) {
            silenced(List.of(message.messageId()), String.valueOf(message.messageId()));
            return Acceptance.HUMAN_OWNED;
        }
        conversation.timing = timing;
        conversation.waiting.add(new Conversation.Waiting(ids.getAsLong(), message, urgent, now));
        conversation.wake(now);
        return Acceptance.STORED;
    }

    private void silenced(List<Long> messageIds, String cause) {
        Ownership ownership = conversation.ownership;
        events.add(FlowEvents.turnSilenced(
                conversation.id,
                conversation.personKey,
                ownership.reason(),
                ownership.effective(now),
                messageIds,
                cause,
                now));
    }

    void claimTurn(Duration lease, List<Turn> out) {
        if (conversation.turnId == null) {
            conversation.turnId = Uuid7.at(now);
        }
        if (conversation.ownership.effective(now) != Owner.BOT) {
            silenced(conversation.waitingIds(), conversation.turnId);
            conversation.waiting.clear();
            conversation.endTurn();
            return;
        }
        out.add(conversation.claimTurn(now.plus(lease)));
    }

    TurnCompletion completeTurn(Turn turn, TurnResult result, int maxSupersedes, @Nullable NextClaim next) {
        Optional<CommandAttempt> before = claimed(Line.REPLIES, next);
        if (before.isPresent()) {
            return new TurnCompletion(TurnOutcome.COMPLETED, before.get());
        }
        TurnOutcome outcome = completeTurn(turn, result, maxSupersedes);
        boolean goesOn = outcome == TurnOutcome.COMPLETED
                && !conversation.line(Line.REPLIES).isHeld(now);
        return new TurnCompletion(outcome, goesOn ? claimNext(Line.REPLIES, next) : null);
    }

    private TurnOutcome completeTurn(Turn turn, TurnResult result, int maxSupersedes) {
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
            queue(turn.id(), result.records(), turn.fence());
            return TurnOutcome.TAKEN_OVER;
        }
        if (result.waitUntil() != null) {
            events.addAll(result.events());
            conversation.waitUntil(result.waitUntil(), now);
            return TurnOutcome.WAITING;
        }
        if (conversation.hasNewerThan(turn) && turn.supersedes() < maxSupersedes) {
            events.add(FlowEvents.turnSuperseded(
                    conversation.id,
                    conversation.personKey,
                    turn.id(),
                    turn.messages().stream().map(InboundMessage::messageId).toList(),
                    now));
            conversation.endTurn();
            conversation.supersedes = turn.supersedes() + 1;
            return TurnOutcome.SUPERSEDED;
        }
        conversation.dropAnswered(turn);
        conversation.endTurn();
        PolicyPlan plan = result.plan();
        if (plan == null) {
            events.addAll(result.events());
        } else {
            decided.addAll(result.events());
            decided.addAll(plan.events());
        }
        queue(turn.id(), result.allCommands(), turn.fence());
        if (plan != null) {
            queue(plan, turn.fence());
        }
        OwnershipSignal ownership = result.ownership();
        if (ownership != null) {
            own(conversation.ownership.afterOwn(ownership), result.ownershipCause(turn));
        }
        return TurnOutcome.COMPLETED;
    }

    boolean wakeTurn(String turnId, List<Event> because) {
        if (!turnId.equals(conversation.turnId)) {
            return false;
        }
        events.addAll(because);
        conversation.wake(now);
        return true;
    }

    private void queue(PolicyPlan plan, long fence) {
        plan.byFiring().forEach((firingId, commands) -> queue(firingId, commands, fence));
    }

    private void queue(String cause, List<OutboundCommand> commands, long fence) {
        int number = 0;
        for (OutboundCommand command : commands) {
            String key = CommandAttempt.key(cause, ++number);
            lineOf(command).add(new Command(ids.getAsLong(), cause, key, command, fence, now));
        }
    }

    /** What policies want about an event outside of turns. */
    void apply(PolicyPlan wanted) {
        PolicyPlan plan = conversation.ownership.allowed(wanted, now);
        queue(plan, conversation.ownership.fence());
        OwnershipSignal ownership = plan.ownership();
        if (ownership != null) {
            own(conversation.ownership.afterPolicy(ownership, now), plan.ownershipCause());
        }
    }

    boolean releaseTurn(Turn turn, Instant retryAt) {
        if (!conversation.holdsTurn(turn)) {
            return false;
        }
        conversation.releaseTurn();
        conversation.notBefore = retryAt;
        return true;
    }

    void claimCommand(Line name, Duration lease, List<CommandAttempt> out) {
        claimCommand(name, UUID.randomUUID().toString(), lease).ifPresent(out::add);
    }

    private Optional<CommandAttempt> claimCommand(Line name, String token, Duration lease) {
        CommandLine line = conversation.line(name);
        line.endClaim(now);
        Command next = line.next(now);
        while (next != null && !next.due.isAfter(now)) {
            Optional<String> reason = conversation.holdsBack(next, now);
            if (reason.isEmpty()) {
                Command whole = withLaterOnes(line, next);
                return Optional.of(conversation.claimCommand(whole, token, now.plus(lease)));
            }
            holdBack(next, reason.get());
            next = line.next(now);
        }
        return Optional.empty();
    }

    /** Later commands about the same row or contact are carried out together with the first. */
    private Command withLaterOnes(CommandLine line, Command first) {
        Command whole = first;
        for (Command later : List.copyOf(line.commands.tailSet(first, false))) {
            Optional<Command> merged = later.inLine(now) ? whole.mergedWith(later) : Optional.empty();
            if (merged.isPresent()) {
                line.replace(whole, merged.get());
                line.commands.remove(later);
                whole = merged.get();
                events.add(FlowEvents.commandMerged(
                        conversation.id,
                        conversation.personKey,
                        later.turnId,
                        later.key,
                        later.command,
                        whole.key,
                        now));
            }
        }
        return whole;
    }

    CommandCompletion completeCommand(
            CommandAttempt attempt, CommandResult result, Instant retryAt, int maxAttempts, @Nullable NextClaim next) {
        Line name = attempt.command().line();
        Optional<CommandAttempt> before = claimed(name, next);
        if (before.isPresent()) {
            return new CommandCompletion(true, before.get());
        }
        CommandLine line = conversation.line(name);
        if (!line.holds(attempt)) {
            return new CommandCompletion(false, null);
        }
        Command command = line.end(attempt.commandId());
        result.accept(new Completion(command, retryAt, attempt.attempt() >= maxAttempts));
        return new CommandCompletion(true, claimNext(name, next));
    }

    /** What was claimed already when the same result was stored before. */
    private Optional<CommandAttempt> claimed(Line name, @Nullable NextClaim next) {
        return next == null ? Optional.empty() : conversation.claimed(name, next.token());
    }

    private @Nullable CommandAttempt claimNext(Line name, @Nullable NextClaim next) {
        return next == null
                ? null
                : claimCommand(name, next.token(), next.lease()).orElse(null);
    }

    private Set<Command> lineOf(OutboundCommand command) {
        return conversation.line(command.line()).commands;
    }

    private void holdBack(Command command, String reason) {
        lineOf(command.command).remove(command);
        events.add(FlowEvents.commandHeldBack(
                conversation.id, conversation.personKey, command.turnId, command.key, command.command, reason, now));
    }

    void retry(long commandId) {
        Command command = conversation.dead(commandId);
        conversation.dead.remove(command);
        lineOf(command.command).add(command.revived(now));
        events.add(FlowEvents.commandRetried(
                conversation.id, conversation.personKey, command.turnId, command.key, command.command, now));
    }

    void discard(long commandId) {
        Command command = conversation.dead(commandId);
        conversation.dead.remove(command);
        events.add(FlowEvents.commandDiscarded(
                conversation.id, conversation.personKey, command.turnId, command.key, command.command, now));
    }

    /** What the result of a try does with its command, which is out of the line already. */
    private final class Completion implements CommandResult.Visitor<Boolean> {

        private final Command command;
        private final Instant retryAt;
        private final boolean last;

        Completion(Command command, Instant retryAt, boolean last) {
            this.command = command;
            this.retryAt = retryAt;
            this.last = last;
        }

        @Override
        public Boolean done(CommandResult.Done result) {
            return events.add(FlowEvents.commandDone(
                    conversation.id,
                    conversation.personKey,
                    command.turnId,
                    command.key,
                    command.command,
                    result.externalId(),
                    now));
        }

        @Override
        public Boolean notDone(CommandResult.NotDone result) {
            return last ? bury(result.reason()) : lineOf(command.command).add(command.dueAt(retryAt));
        }

        @Override
        public Boolean unclear(CommandResult.Unclear result) {
            return last
                    ? bury(result.reason())
                    : lineOf(command.command).add(command.dueAt(retryAt).unclear(now));
        }

        @Override
        public Boolean refused(CommandResult.Refused result) {
            return bury(result.reason());
        }

        @Override
        public Boolean heldBack(CommandResult.HeldBack result) {
            OwnershipSignal signal = result.ownership();
            if (!result.known()) {
                own(conversation.ownership.after(signal, now), command.turnId);
            }
            holdBack(command, signal.reason());
            for (Command later : List.copyOf(conversation.line(Line.REPLIES).commands)) {
                if (later.command.isAnswer()) {
                    Optional<String> reason = result.known()
                            ? conversation.ownership.holdsBack(later.command, later.fence, now)
                            : Optional.of(signal.reason());
                    reason.ifPresent(why -> holdBack(later, why));
                }
            }
            return true;
        }

        private boolean bury(String reason) {
            conversation.dead.add(command.died(reason, now));
            return events.add(FlowEvents.commandDeadLettered(
                    conversation.id,
                    conversation.personKey,
                    command.turnId,
                    command.key,
                    command.command,
                    reason,
                    now));
        }
    }
}
