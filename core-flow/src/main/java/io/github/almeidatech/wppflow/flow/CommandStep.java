package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try of a command from claim to completion, in three plain steps without threads or waiting, so that the simulation
 * can stop between them.
 */
final class CommandStep implements Work<CommandAttempt> {

    private static final Logger LOG = LoggerFactory.getLogger(FlowEngine.class);

    private final Line line;
    private final FlowStore store;
    private final CommandSender sender;
    private final InstantSource clock;
    private final EngineSettings settings;
    private final Backoff backoff;
    private final StoreAccess access;
    private final FlowListener listener;

    CommandStep(
            Line line,
            FlowStore store,
            CommandSender sender,
            InstantSource clock,
            EngineSettings settings,
            Backoff backoff,
            StoreAccess access,
            FlowListener listener) {
        this.line = line;
        this.store = store;
        this.sender = sender;
        this.clock = clock;
        this.settings = settings;
        this.backoff = backoff;
        this.access = access;
        this.listener = listener;
    }

    /** What a try led to. */
    record Tried(CommandAttempt attempt, CommandResult result, Duration took) {}

    @Override
    public List<CommandAttempt> claim(FreeWorkers free) {
        return store.claimCommands(line, free, clock.instant(), settings.commandLease());
    }

    @Override
    public Optional<Instant> nextDue() {
        return store.nextCommandDue(line);
    }

    @Override
    public @Nullable CommandAttempt run(CommandAttempt attempt, BooleanSupplier mayGoOn) {
        Tried tried = send(attempt);
        return finish(tried, mayGoOn.getAsBoolean());
    }

    /** Lets the sender try; never throws. */
    Tried send(CommandAttempt attempt) {
        long begin = System.nanoTime();
        CommandResult result;
        if (attempt.attempt() > maxAttempts()) {
            result = new CommandResult.NotDone("attempts_exhausted", null);
        } else if (!clock.instant().isBefore(attempt.leaseUntil())) {
            result = new CommandResult.NotDone("too_late", null);
        } else if (Thread.interrupted()) { // the engine closes
            result = new CommandResult.NotDone("interrupted", null);
        } else {
            result = trySending(attempt);
        }
        return new Tried(attempt, result, Duration.ofNanos(System.nanoTime() - begin));
    }

    private int maxAttempts() {
        return switch (line) {
            case REPLIES -> settings.maxCommandAttempts();
            case RECORDS -> settings.maxRecordAttempts();
        };
    }

    private CommandResult trySending(CommandAttempt attempt) {
        try {
            return Objects.requireNonNull(sender.send(attempt), "the sender gave no result");
        } catch (Throwable failure) {
            boolean stopped = Thread.interrupted();
            if (!stopped) {
                LOG.warn("attempt {} of a command failed, with unknown effect", attempt.attempt(), failure);
            }
            return new CommandResult.Unclear(stopped ? "interrupted" : codeOf(failure), null);
        }
    }

    private static String codeOf(Throwable failure) {
        return failure instanceof FlowException known
                ? known.code().code()
                : failure.getClass().getSimpleName();
    }

    /**
     * Stores what {@link #send} gave; never throws. What cannot be stored is unclear to the next try.
     *
     * @param goOn whether to claim the conversation's next command of the line with it
     * @return that one; null when there is none
     */
    @Nullable
    CommandAttempt finish(Tried tried, boolean goOn) {
        CommandAttempt attempt = tried.attempt();
        CommandResult result = tried.result();
        Fate fate = result.accept(Fate.OF);
        int max = maxAttempts();
        boolean dead = fate.ends() || fate.failed() && attempt.attempt() >= max;
        NextClaim next = goOn // one, however often this is tried
                ? new NextClaim(UUID.randomUUID().toString(), settings.commandLease())
                : null;
        Duration wait = fate.failed() ? backoff.after(attempt.attempt(), fate.asked()) : Duration.ZERO;
        try {
            CommandCompletion completion = access.persist(StoreAccess.Call.STORE_COMMAND, () -> {
                Instant now = clock.instant();
                Instant retryAt = now.plus(wait);
                return store.completeCommand(attempt, result, retryAt, max, now, next);
            });
            if (!completion.stored()) {
                LOG.debug("the result of a command came too late");
                return null;
            }
            if (dead) {
                LOG.error("command {} is a dead letter: {}", attempt.commandId(), fate.reason());
            }
            listener.commandTried(attempt, result, dead, tried.took());
            return completion.next();
        } catch (RuntimeException failure) {
            LOG.warn("the result of a command could not be stored; it will be looked for", failure);
            return null;
        }
    }

    /**
     * What a result means for the command.
     *
     * @param failed it may be tried again
     * @param ends it will never be
     */
    private record Fate(
            boolean failed,
            boolean ends,
            String reason,
            @Nullable Duration asked) {

        static final CommandResult.Visitor<Fate> OF = new CommandResult.Visitor<>() {
            @Override
            public Fate done(CommandResult.Done result) {
                return new Fate(false, false, "", null);
            }

            @Override
            public Fate notDone(CommandResult.NotDone result) {
                return new Fate(true, false, result.reason(), result.after());
            }

            @Override
            public Fate unclear(CommandResult.Unclear result) {
                return new Fate(true, false, result.reason(), result.after());
            }

            @Override
            public Fate refused(CommandResult.Refused result) {
                return new Fate(false, true, result.reason(), null);
            }

            @Override
            public Fate heldBack(CommandResult.HeldBack result) {
                return new Fate(false, false, result.ownership().reason(), null);
            }
        };
    }

    @Override
    public ConversationId conversation(CommandAttempt attempt) {
        return attempt.conversation();
    }

    @Override
    public String turnId(CommandAttempt attempt) {
        return attempt.turnId();
    }

    @Override
    public Instant leaseUntil(CommandAttempt attempt) {
        return attempt.leaseUntil();
    }
}
