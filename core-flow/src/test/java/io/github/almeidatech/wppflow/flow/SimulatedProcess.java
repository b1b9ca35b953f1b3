package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** One process: its view of the store, the engine's steps, and what its workers have in hand. */
final class SimulatedProcess {

    final CrashingStore store;
    private final SimulatedBot bot;
    private final InstantSource clock;
    private final Random random;
    private final Fault fault;
    private final double sluggishness;
    private final TurnStep turnStep;
    private final Map<Line, CommandStep> commandSteps = new EnumMap<>(Line.class);
    private final List<Turn> turns = new ArrayList<>();
    private final List<TurnStep.Answered> answers = new ArrayList<>();
    private final List<CommandAttempt> attempts = new ArrayList<>();
    private final List<CommandStep.Tried> tried = new ArrayList<>();
    private final List<PolicyStep.Decided> decided = new ArrayList<>();
    private final PolicyStep policyStep;

    SimulatedProcess(
            CrashingStore store,
            SimulatedBot bot,
            SimulatedChatwoot chatwoot,
            InstantSource clock,
            EngineSettings settings,
            SimulatedPolicies policies,
            Random random,
            Fault fault) {
        this.store = store;
        this.bot = bot;
        this.clock = clock;
        this.random = random;
        this.fault = fault;
        sluggishness = random.nextInt(3) == 0 ? random.nextDouble() : 0;
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), random::nextDouble);
        var access = new StoreAccess(FlowListener.NONE, time -> {});
        turnStep = new TurnStep(
                store,
                new DecidedTurns(bot, policies, clock),
                clock,
                settings,
                backoff,
                access,
                FlowListener.NONE,
                new Spare(),
                line -> {});
        policyStep = new PolicyStep(store, policies, clock, FlowListener.NONE, () -> {});
        for (Line line : Line.values()) {
            commandSteps.put(
                    line,
                    new CommandStep(
                            line,
                            store,
                            attempt -> chatwoot.send(attempt, store),
                            clock,
                            settings,
                            backoff,
                            access,
                            FlowListener.NONE));
        }
    }

    /** Sometimes there is somebody for the first reply of a turn. */
    private final class Spare implements SpareWorkers<CommandAttempt> {

        @Override
        public boolean keep(ConversationId conversation) {
            return random.nextBoolean();
        }

        @Override
        public void begin(CommandAttempt piece) {
            attempts.add(piece);
        }

        @Override
        public void giveBack(ConversationId conversation) {}
    }

    private CommandStep step(Line line) {
        return Objects.requireNonNull(commandSteps.get(line));
    }

    /** Claims turns, lets one be answered, or stores one answer. False when there was nothing to do. */
    boolean turnAction() {
        boolean claim = random.nextInt(4) == 0 || turns.isEmpty() && answers.isEmpty();
        if (claim) {
            return claimTurns();
        }
        if (random.nextDouble() < sluggishness) {
            return false;
        }
        if (answers.isEmpty() || !turns.isEmpty() && random.nextBoolean()) {
            answers.add(turnStep.answer(takeOne(turns)));
        } else {
            turnStep.finish(takeOne(answers));
        }
        return true;
    }

    /** What a turn waits for arrives, or would have if it still waited. */
    boolean wakeAction() {
        Turn asked = bot.asked;
        if (asked == null) {
            return false;
        }
        try {
            return store.wakeTurn(asked.conversation(), asked.id(), List.of(), clock.instant());
        } catch (IllegalStateException broken) {
            return false;
        }
    }

    /** Claims commands, lets one be tried, or stores one result. False when there was nothing to do. */
    boolean commandAction() {
        boolean claim = random.nextInt(4) == 0 || attempts.isEmpty() && tried.isEmpty();
        if (claim) {
            return claimCommands(random.nextInt(3) == 0 ? Line.RECORDS : Line.REPLIES);
        }
        if (random.nextDouble() < sluggishness) {
            return false;
        }
        if (tried.isEmpty() || !attempts.isEmpty() && random.nextBoolean()) {
            tried.add(send(takeOne(attempts)));
        } else {
            finish(takeOne(tried));
        }
        return true;
    }

    private CommandStep.Tried send(CommandAttempt attempt) {
        return step(attempt.command().line()).send(fault == Fault.IGNORES_THE_LEASE ? withoutEnd(attempt) : attempt);
    }

    private void finish(CommandStep.Tried what) {
        CommandAttempt next = step(what.attempt().command().line()).finish(what, random.nextBoolean());
        if (next != null) {
            attempts.add(next);
        }
    }

    private static CommandAttempt withoutEnd(CommandAttempt attempt) {
        return new CommandAttempt(
                attempt.commandId(),
                attempt.conversation(),
                attempt.turnId(),
                attempt.key(),
                attempt.command(),
                attempt.attempt(),
                attempt.unclearSince(),
                Instant.MAX,
                attempt.token());
    }

    private boolean claimTurns() {
        try {
            return turns.addAll(turnStep.claim(FreeWorkers.of(1 + random.nextInt(3))));
        } catch (IllegalStateException broken) {
            return false;
        }
    }

    private boolean claimCommands(Line line) {
        try {
            return attempts.addAll(step(line).claim(FreeWorkers.of(1 + random.nextInt(3))));
        } catch (IllegalStateException broken) {
            return false;
        }
    }

    /** Asks policies about what is undecided, or stores what they said earlier. False when there was nothing to do. */
    boolean policyAction() {
        if (!decided.isEmpty() && random.nextBoolean()) {
            return store(takeOne(decided));
        }
        try {
            for (Undecided batch : store.undecided(1 + random.nextInt(4))) {
                decided.add(policyStep.decide(batch));
            }
        } catch (FlowException broken) {
            return false;
        }
        return !decided.isEmpty();
    }

    private boolean store(PolicyStep.Decided what) {
        try {
            policyStep.finish(what);
            return true;
        } catch (FlowException broken) {
            return false;
        }
    }

    private boolean decideEverything() {
        boolean acted = false;
        while (!decided.isEmpty()) {
            acted |= store(takeOne(decided));
        }
        try {
            for (Undecided batch : store.undecided(20)) {
                acted |= store(policyStep.decide(batch));
            }
            return acted;
        } catch (FlowException broken) {
            return false;
        }
    }

    /** Whether there was anything to do. */
    boolean finishEverything() {
        boolean acted = claimTurns() | claimCommands(Line.REPLIES) | claimCommands(Line.RECORDS);
        acted |= !(turns.isEmpty() && answers.isEmpty() && attempts.isEmpty() && tried.isEmpty());
        while (!turns.isEmpty()) {
            answers.add(turnStep.answer(takeOne(turns)));
        }
        while (!answers.isEmpty()) {
            turnStep.finish(takeOne(answers));
        }
        while (!attempts.isEmpty() || !tried.isEmpty()) {
            if (tried.isEmpty()) {
                tried.add(send(takeOne(attempts)));
            } else {
                finish(takeOne(tried));
            }
        }
        acted |= decideEverything();
        return acted;
    }

    /** What was in hand is gone. */
    void restart() {
        turns.clear();
        answers.clear();
        attempts.clear();
        tried.clear();
        decided.clear();
        store.restart();
    }

    private <T> T takeOne(List<T> list) {
        return list.remove(random.nextInt(list.size()));
    }
}
