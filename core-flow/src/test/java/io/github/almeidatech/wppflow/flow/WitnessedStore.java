package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a witness every call that had an effect. */
final class WitnessedStore extends ForwardingStore {

    private final Witness witness;

    WitnessedStore(FlowStore inner, Witness witness) {
        super(inner);
        this.witness = witness;
    }

    @Override
    public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
        Acceptance acceptance = super.accept(event, timing, now);
        witness.accepted(event, timing, acceptance, now);
        return acceptance;
    }

    @Override
    public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
        witness.claiming = true;
        List<Turn> turns = super.claimTurns(free, now, lease);
        witness.claiming = false;
        turns.forEach(turn -> witness.claimed(turn, now, now.plus(lease)));
        return turns;
    }

    @Override
    public TurnCompletion completeTurn(
            Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
        boolean again = next != null && witness.holds(turn.conversation(), Line.REPLIES, next.token());
        witness.completing = true;
        TurnCompletion completion = super.completeTurn(turn, result, maxSupersedes, now, next);
        witness.completing = false;
        CommandAttempt claimed = completion.next();
        if (again) {
            keeps(next, claimed, turn.id());
            return completion;
        }
        Map<String, OutboundCommand> keys = new LinkedHashMap<>();
        stateOf(turn.conversation()).commands().forEach(each -> keys.put(each.key(), each.command()));
        witness.ended(turn, result, completion.outcome(), keys, now);
        if (next != null && claimed != null) {
            witness.claimed(claimed, now, now.plus(next.lease()));
        }
        return completion;
    }

    private static void keeps(NextClaim next, @Nullable CommandAttempt claimed, String what) {
        boolean kept = claimed != null && claimed.token().equals(next.token());
        Witness.demand(kept, "a claim made with a result is forgotten", what);
    }

    @Override
    public boolean releaseTurn(Turn turn, Instant retryAt, Instant now) {
        boolean released = super.releaseTurn(turn, retryAt, now);
        witness.released(turn, released, retryAt);
        return released;
    }

    @Override
    public boolean wakeTurn(ConversationId conversation, String turnId, List<Event> events, Instant now) {
        boolean open = super.wakeTurn(conversation, turnId, events, now);
        witness.woken(conversation, turnId, open);
        return open;
    }

    @Override
    public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
        witness.claiming = true;
        List<CommandAttempt> attempts = super.claimCommands(line, free, now, lease);
        witness.claiming = false;
        attempts.forEach(attempt -> witness.claimed(attempt, now, now.plus(lease)));
        return attempts;
    }

    @Override
    public CommandCompletion completeCommand(
            CommandAttempt attempt,
            CommandResult result,
            Instant retryAt,
            int maxAttempts,
            Instant now,
            @Nullable NextClaim next) {
        boolean again = next != null
                && witness.holds(attempt.conversation(), attempt.command().line(), next.token());
        CommandCompletion completion = super.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
        CommandAttempt claimed = completion.next();
        if (again) {
            keeps(next, claimed, attempt.key());
            return completion;
        }
        witness.ended(attempt, result, completion.stored(), now);
        if (next != null && claimed != null) {
            witness.claimed(claimed, now, now.plus(next.lease()));
        }
        return completion;
    }

    @Override
    public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
        boolean stored = super.decide(batch, plans, now);
        if (stored) {
            witness.decided(batch, plans, now);
        }
        return stored;
    }

    @Override
    public void recover(Instant now) {
        super.recover(now);
        witness.recovered();
    }
}
