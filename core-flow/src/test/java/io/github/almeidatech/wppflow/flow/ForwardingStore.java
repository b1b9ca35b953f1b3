package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does what another store does; subclasses change one thing. */
class ForwardingStore implements FlowStore {

    final FlowStore inner;

    ForwardingStore(FlowStore inner) {
        this.inner = inner;
    }

    @Override
    public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
        return inner.accept(event, timing, now);
    }

    @Override
    public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
        return inner.claimTurns(free, now, lease);
    }

    @Override
    public TurnCompletion completeTurn(
            Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
        return inner.completeTurn(turn, result, maxSupersedes, now, next);
    }

    @Override
    public boolean releaseTurn(Turn turn, Instant retryAt, Instant now) {
        return inner.releaseTurn(turn, retryAt, now);
    }

    @Override
    public boolean wakeTurn(ConversationId conversation, String turnId, List<Event> events, Instant now) {
        return inner.wakeTurn(conversation, turnId, events, now);
    }

    @Override
    public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
        return inner.claimCommands(line, free, now, lease);
    }

    @Override
    public CommandCompletion completeCommand(
            CommandAttempt attempt,
            CommandResult result,
            Instant retryAt,
            int maxAttempts,
            Instant now,
            @Nullable NextClaim next) {
        return inner.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
    }

    @Override
    public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt, Instant now) {
        return inner.holdsBack(attempt, now);
    }

    @Override
    public Optional<Instant> nextTurnDue() {
        return inner.nextTurnDue();
    }

    @Override
    public Optional<Instant> nextCommandDue(Line line) {
        return inner.nextCommandDue(line);
    }

    @Override
    public Owner ownerOf(ConversationId conversation, Instant now) {
        return inner.ownerOf(conversation, now);
    }

    @Override
    public ConversationState stateOf(ConversationId conversation) {
        return inner.stateOf(conversation);
    }

    @Override
    public List<DeadLetter> deadLetters(TenantId tenant, long afterId, int limit) {
        return inner.deadLetters(tenant, afterId, limit);
    }

    @Override
    public boolean retryDeadLetter(TenantId tenant, long commandId, Instant now) {
        return inner.retryDeadLetter(tenant, commandId, now);
    }

    @Override
    public boolean discardDeadLetter(TenantId tenant, long commandId, Instant now) {
        return inner.discardDeadLetter(tenant, commandId, now);
    }

    @Override
    public List<Undecided> undecided(int max) {
        return inner.undecided(max);
    }

    @Override
    public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
        return inner.decide(batch, plans, now);
    }

    @Override
    public void recover(Instant now) {
        inner.recover(now);
    }

    @Override
    public FlowStats stats(Instant now) {
        return inner.stats(now);
    }

    @Override
    public void close() {
        inner.close();
    }
}
