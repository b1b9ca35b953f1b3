package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store as one process sees it. On demand the next call breaks: the process dies just before or just after it, or
 * only the connection does. A dead process reaches the store no more, whatever its code still tries.
 */
final class CrashingStore extends ForwardingStore {

    private final Random random;
    private final Map<String, Integer> hits;
    private double chance;
    private boolean dead;

    CrashingStore(FlowStore inner, Random random, Map<String, Integer> hits) {
        super(inner);
        this.random = random;
        this.hits = hits;
    }

    /** How likely each call is to break from now on. */
    void breakWith(double probability) {
        chance = probability;
    }

    boolean isDead() {
        return dead;
    }

    void kill() {
        dead = true;
    }

    void restart() {
        dead = false;
    }

    private <T> T at(String point, Supplier<T> call) {
        if (dead) {
            throw new IllegalStateException("the process is dead");
        }
        boolean breaks = random.nextDouble() < chance;
        boolean before = random.nextBoolean();
        boolean kills = random.nextBoolean();
        if (breaks && before) {
            throw broken("before " + point, kills);
        }
        T result = call.get();
        if (breaks) {
            throw broken("after " + point, kills);
        }
        return result;
    }

    private RuntimeException broken(String where, boolean kills) {
        dead |= kills;
        hits.merge((kills ? "killed " : "cut off ") + where, 1, Integer::sum);
        return new IllegalStateException("broken " + where);
    }

    @Override
    public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
        return at("accept", () -> super.accept(event, timing, now));
    }

    @Override
    public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
        return at("claimTurns", () -> super.claimTurns(free, now, lease));
    }

    @Override
    public TurnCompletion completeTurn(
            Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
        var claims = new AtomicBoolean();
        try {
            return at("completeTurn", () -> {
                TurnCompletion completion = super.completeTurn(turn, result, maxSupersedes, now, next);
                claims.set(completion.next() != null);
                return completion;
            });
        } catch (IllegalStateException broken) {
            if (claims.get()) {
                hits.merge(dead ? "killed with a reply in hand" : "reply in hand, not told", 1, Integer::sum);
            }
            throw broken;
        }
    }

    @Override
    public boolean releaseTurn(Turn turn, Instant retryAt, Instant now) {
        return at("releaseTurn", () -> super.releaseTurn(turn, retryAt, now));
    }

    @Override
    public boolean wakeTurn(ConversationId conversation, String turnId, List<Event> events, Instant now) {
        return at("wakeTurn", () -> super.wakeTurn(conversation, turnId, events, now));
    }

    @Override
    public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
        return at("claimCommands", () -> super.claimCommands(line, free, now, lease));
    }

    @Override
    public CommandCompletion completeCommand(
            CommandAttempt attempt,
            CommandResult result,
            Instant retryAt,
            int maxAttempts,
            Instant now,
            @Nullable NextClaim next) {
        return at("completeCommand", () -> super.completeCommand(attempt, result, retryAt, maxAttempts, now, next));
    }

    @Override
    public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt, Instant now) {
        return at("holdsBack", () -> super.holdsBack(attempt, now));
    }

    @Override
    public List<Undecided> undecided(int max) {
        return asAdapter(() -> at("undecided", () -> super.undecided(max)));
    }

    @Override
    public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
        return asAdapter(() -> at("decide", () -> super.decide(batch, plans, now)));
    }

    private static <T> T asAdapter(Supplier<T> call) {
        try {
            return call.get();
        } catch (IllegalStateException broken) {
            throw new BrokenOffException(String.valueOf(broken.getMessage()));
        }
    }

    @Override
    public void recover(Instant now) {
        at("recover", () -> {
            super.recover(now);
            return true;
        });
    }
}
