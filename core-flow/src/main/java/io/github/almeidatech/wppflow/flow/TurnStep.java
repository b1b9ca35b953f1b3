package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn from claim to completion, in three plain steps without threads or waiting, so that the simulation can stop
 * between them.
 */
final class TurnStep implements Work<Turn> {

    private static final Logger LOG = LoggerFactory.getLogger(FlowEngine.class);

    private final FlowStore store;
    private final TurnHandler handler;
    private final InstantSource clock;
    private final EngineSettings settings;
    private final Backoff backoff;
    private final StoreAccess access;
    private final FlowListener listener;
    private final SpareWorkers<CommandAttempt> replies;
    private final Consumer<Line> commandsWait;

    /**
     * @param replies who begin with what is claimed together with the end of its turn
     * @param commandsWait told of each line in which commands wait for others
     */
    TurnStep(
            FlowStore store,
            TurnHandler handler,
            InstantSource clock,
            EngineSettings settings,
            Backoff backoff,
            StoreAccess access,
            FlowListener listener,
            SpareWorkers<CommandAttempt> replies,
            Consumer<Line> commandsWait) {
        this.store = store;
        this.handler = handler;
        this.clock = clock;
        this.settings = settings;
        this.backoff = backoff;
        this.access = access;
        this.listener = listener;
        this.replies = replies;
        this.commandsWait = commandsWait;
    }

    /**
     * What the handler led to.
     *
     * @param result to be stored, or null to try again later
     * @param retryAfter how long to wait then
     */
    record Answered(Turn turn, @Nullable TurnResult result, Duration retryAfter, Duration took) {}

    @Override
    public List<Turn> claim(FreeWorkers free) {
        return store.claimTurns(free, clock.instant(), settings.turnLease());
    }

    @Override
    public Optional<Instant> nextDue() {
        return store.nextTurnDue();
    }

    @Override
    public @Nullable Turn run(Turn turn, BooleanSupplier mayGoOn) {
        finish(answer(turn));
        return null;
    }

    /** Asks the handler; never throws. */
    Answered answer(Turn turn) {
        long begin = System.nanoTime();
        if (turn.attempt() > settings.maxTurnAttempts()) {
            return giveUp(turn, new IllegalStateException("every try was cut off"), begin);
        }
        try {
            return found(turn, handler.answer(turn), begin);
        } catch (Throwable failure) {
            if (Thread.interrupted()) {
                LOG.debug("turn interrupted; it will be tried again");
                return new Answered(turn, null, Duration.ZERO, since(begin));
            }
            boolean last = turn.attempt() >= settings.maxTurnAttempts() || isHopeless(failure);
            listener.turnFailed(turn, failure, last);
            LOG.warn("attempt {} of a turn failed{}", turn.attempt(), last ? ", giving up" : "", failure);
            return last ? giveUp(turn, failure, begin) : again(turn, begin);
        }
    }

    private static boolean isHopeless(Throwable failure) {
        return failure instanceof FlowException known && !known.code().retryable();
    }

    private Answered giveUp(Turn turn, Throwable failure, long begin) {
        try {
            return found(turn, handler.giveUp(turn, asRuntimeException(failure)), begin);
        } catch (Throwable second) {
            boolean abandon = turn.attempt() >= 2 * settings.maxTurnAttempts();
            listener.turnFailed(turn, second, true);
            LOG.error("giving up a turn failed{}", abandon ? ", it is abandoned" : "", second);
            return abandon ? found(turn, abandoned(turn, second), begin) : again(turn, begin);
        }
    }

    /** The last resort, so that the conversation goes on: shows it to people and says why. */
    private TurnResult abandoned(Turn turn, Throwable failure) {
        return new TurnResult(
                List.of(new SetStatus(ConversationStatus.OPEN)),
                List.of(FlowEvents.turnAbandoned(turn, failure.getClass().getSimpleName(), clock.instant())),
                null);
    }

    private static RuntimeException asRuntimeException(Throwable failure) {
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException("the handler broke", failure);
    }

    private static Answered found(Turn turn, TurnResult result, long begin) {
        return new Answered(
                turn, Objects.requireNonNull(result, "the handler gave no result"), Duration.ZERO, since(begin));
    }

    private Answered again(Turn turn, long begin) {
        return new Answered(turn, null, backoff.after(turn.attempt(), null), since(begin));
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Stores what {@link #answer} gave; never throws. What cannot be stored is tried again when the lease ends. */
    void finish(Answered answered) {
        Turn turn = answered.turn();
        TurnResult result = answered.result();
        try {
            if (result == null) {
                release(turn, answered.retryAfter());
            } else {
                store(answered, result);
            }
        } catch (RuntimeException failure) {
            LOG.warn("the result of a turn could not be stored; it will be tried again", failure);
            releaseIfPossible(turn);
        }
    }

    private void store(Answered answered, TurnResult result) {
        Turn turn = answered.turn();
        ConversationId conversation = turn.conversation();
        boolean kept = lines(result).contains(Line.REPLIES) && replies.keep(conversation);
        NextClaim next = kept // one, however often this is tried
                ? new NextClaim(UUID.randomUUID().toString(), settings.commandLease())
                : null;
        CommandAttempt reply = null;
        try {
            TurnCompletion completion = access.persist(
                    StoreAccess.Call.STORE_TURN,
                    () -> store.completeTurn(
                            turn, result, settings.maxSupersedes().applyAsInt(turn), clock.instant(), next));
            reply = completion.next();
            if (reply != null) {
                replies.begin(reply);
            }
            stored(answered, result, completion);
        } finally {
            if (kept && reply == null) {
                replies.giveBack(conversation);
            }
        }
    }

    private void stored(Answered answered, TurnResult result, TurnCompletion completion) {
        Turn turn = answered.turn();
        TurnOutcome outcome = completion.outcome();
        LOG.debug("turn {}", outcome);
        listener.turnEnded(turn, outcome, answered.took());
        if (outcome == TurnOutcome.COMPLETED) {
            Set<Line> waiting = lines(result);
            if (completion.next() != null) {
                waiting.remove(Line.REPLIES);
            }
            waiting.forEach(commandsWait);
            PolicyPlan plan = result.plan();
            if (plan != null && !plan.firings().isEmpty()) {
                listener.policiesFired(turn.conversation().tenant(), plan.firings());
            }
        } else if (outcome == TurnOutcome.TAKEN_OVER && !result.records().isEmpty()) {
            commandsWait.accept(Line.RECORDS);
        }
    }

    /** In which lines a turn that is completed leaves something to be done. */
    private static Set<Line> lines(TurnResult result) {
        PolicyPlan plan = result.plan();
        var lines = EnumSet.noneOf(Line.class);
        result.allCommands().forEach(command -> lines.add(command.line()));
        if (plan != null) {
            plan.commands().forEach(command -> lines.add(command.line()));
        }
        return lines;
    }

    private void release(Turn turn, Duration retryAfter) {
        access.persist(
                StoreAccess.Call.STORE_TURN,
                () -> store.releaseTurn(turn, clock.instant().plus(retryAfter), clock.instant()));
    }

    /** When the store works and only this result cannot be stored, nobody should have to wait for the lease to end. */
    private void releaseIfPossible(Turn turn) {
        try {
            Instant now = clock.instant();
            store.releaseTurn(turn, now.plus(backoff.after(turn.attempt(), null)), now);
        } catch (RuntimeException e) {
            LOG.debug("a turn waits for its lease to end", e);
        }
    }

    @Override
    public ConversationId conversation(Turn turn) {
        return turn.conversation();
    }

    @Override
    public String turnId(Turn turn) {
        return turn.id();
    }

    @Override
    public Instant leaseUntil(Turn turn) {
        return turn.leaseUntil();
    }
}
