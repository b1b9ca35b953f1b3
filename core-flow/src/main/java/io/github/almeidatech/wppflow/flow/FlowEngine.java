package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs the three lines of the flow: {@link #accept} keeps what arrives, workers answer turns and carry out commands: some
 * for the chat, others for everything elsewhere, so that a slow system outside never keeps a reply waiting. Owns its threads (virtual ones on Java 21 and later) and nothing else: whoever made the store closes it. Any number of
 * engines may share a store that several processes can use. Thread-safe.
 *
 * <pre>{@code
 * var engine = FlowEngine.builder().store(store).handler(assistant).sender(chatwoot).build();
 * engine.start();
 * engine.accept(event, TurnTiming.DEFAULT);   // returns once it is on disk
 * ...
 * engine.close(Duration.ofSeconds(20));
 * }</pre>
 */
public final class FlowEngine implements AutoCloseable {

    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final FlowStore store;
    private final InstantSource clock;
    private final FlowListener listener;
    private final StoreAccess access;
    private final Shares turnShares;
    private final Shares replyShares;
    private final Shares recordShares;
    private final Lane<Turn> turns;
    private final Lane<CommandAttempt> replies;
    private final Lane<CommandAttempt> records;
    private final EventPolicies policies;
    private final PolicyLine policyLine;
    private boolean started;
    private boolean closed;

    private FlowEngine(Builder builder) {
        store = Objects.requireNonNull(builder.store, "store");
        clock = builder.clock;
        listener = new GuardedListener(builder.listener);
        access = new StoreAccess(listener, time -> Thread.sleep(time.toMillis()));
        var settings = new EngineSettings(
                builder.turnLease,
                builder.commandLease,
                builder.maxSupersedes,
                builder.maxTurnAttempts,
                builder.maxCommandAttempts,
                builder.maxRecordAttempts);
        var backoff = new Backoff(
                builder.firstBackoff,
                builder.longestBackoff,
                () -> ThreadLocalRandom.current().nextDouble());
        var sender = Objects.requireNonNull(builder.sender, "sender");
        policies = builder.policies;
        var handler = new DecidedTurns(Objects.requireNonNull(builder.handler, "handler"), builder.policies, clock);
        turnShares = new Shares(builder.turnWorkers);
        replyShares = new Shares(builder.commandWorkers);
        recordShares = new Shares(builder.recordWorkers);
        replies = new Lane<>(
                "flow-command",
                new CommandStep(Line.REPLIES, store, sender, clock, settings, backoff, access, listener),
                replyShares,
                true,
                builder.pollInterval,
                clock,
                access,
                StoreAccess.Call.CLAIM_REPLIES);
        records = new Lane<>(
                "flow-record",
                new CommandStep(Line.RECORDS, store, sender, clock, settings, backoff, access, listener),
                recordShares,
                true,
                builder.pollInterval,
                clock,
                access,
                StoreAccess.Call.CLAIM_RECORDS);
        turns = new Lane<>(
                "flow-turn",
                new TurnStep(
                        store,
                        handler,
                        clock,
                        settings,
                        backoff,
                        access,
                        listener,
                        replies.spareWorkers(),
                        this::wakeLine),
                turnShares,
                false,
                builder.pollInterval,
                clock,
                access,
                StoreAccess.Call.CLAIM_TURNS);
        policyLine = new PolicyLine(
                new PolicyStep(store, policies, clock, listener, this::wakeCommands), access, builder.pollInterval);
    }

    /** Store, handler and sender must be given. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Keeps an event. Blocks until it is durable and returns then; works before {@link #start} and after {@link #close}
     * too, as long as the store does.
     *
     * @throws RuntimeException the store's failure; nothing is kept, and the sender of the event should be told so
     */
    public Acceptance accept(InboundEvent event, TurnTiming timing) {
        long begin = System.nanoTime();
        Acceptance acceptance =
                access.call(StoreAccess.Call.ACCEPT, () -> store.accept(event, timing, clock.instant()));
        if (acceptance == Acceptance.STORED && event.message() != null) {
            turnShares.seen(event.conversation().tenant());
            replyShares.seen(event.conversation().tenant());
            recordShares.seen(event.conversation().tenant());
            turns.wake();
        }
        if (policies != EventPolicies.NONE) {
            policyLine.wake();
        }
        listener.accepted(event, acceptance, Duration.ofNanos(System.nanoTime() - begin));
        return acceptance;
    }

    /**
     * Says that what a turn waits for is there ({@link TurnResult#waitUntil()}). When it returns true, the events are
     * durable and the handler will be asked again, whatever crashes.
     *
     * @return false when that turn is not open (any more); nothing is kept then
     * @throws RuntimeException the store's failure; nothing is kept
     */
    public boolean wakeTurn(ConversationId conversation, String turnId, List<Event> events) {
        boolean open = access.call(
                StoreAccess.Call.ACCEPT, () -> store.wakeTurn(conversation, turnId, events, clock.instant()));
        if (open) {
            turns.wake();
        }
        return open;
    }

    /**
     * Why a command that is being tried may not be carried out any more, by all that was accepted since it was claimed;
     * empty when it may. To be asked by the {@link CommandSender} right before it says something.
     *
     * @throws RuntimeException the store's failure
     */
    public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt) {
        return store.holdsBack(attempt, clock.instant());
    }

    /**
     * Ends what a crash has left half done, as far as the store is this process's alone, and begins to work.
     *
     * @throws RuntimeException the store's failure; nothing has started
     */
    public synchronized void start() {
        if (started) {
            throw new IllegalStateException("started already");
        }
        store.recover(clock.instant());
        started = true;
        replies.start();
        records.start();
        turns.start();
        policyLine.start();
        store.onWork(this::wake);
    }

    /** Looks for due work at once. Never needed for what comes in by {@link #accept}; for work stored otherwise. */
    public void wake() {
        turns.wake();
        wakeCommands();
        policyLine.wake();
    }

    private void wakeCommands() {
        replies.wake();
        records.wake();
    }

    private void wakeLine(Line line) {
        switch (line) {
            case REPLIES -> replies.wake();
            case RECORDS -> records.wake();
        }
    }

    /** Whether the engine runs and its store works, for readiness. */
    public boolean isWell() {
        return access.isWell() && turns.isAlive() && replies.isAlive() && records.isAlive() && policyLine.isAlive();
    }

    /** As {@link #close(Duration)} with 20 seconds. */
    @Override
    public void close() {
        close(DEFAULT_DRAIN);
    }

    /**
     * Claims nothing more, lets what runs end, and interrupts what has not ended when {@code drain} is over. Nothing is
     * lost either way: what was cut off is claimed again after a start, or by another process after its lease. Takes at
     * most {@code drain} and three seconds.
     *
     * @return true when everything ended by itself
     */
    public synchronized boolean close(Duration drain) {
        if (!started || closed) {
            closed = true;
            return true;
        }
        closed = true;
        turns.stopClaiming();
        replies.stopClaiming();
        records.stopClaiming();
        policyLine.stop();
        long deadline = System.nanoTime() + drain.toNanos();
        boolean turnsEnded = turns.drain(deadline, GRACE);
        boolean repliesEnded = replies.drain(deadline, GRACE);
        boolean recordsEnded = records.drain(deadline, GRACE);
        return policyLine.drain(deadline) && turnsEnded && repliesEnded && recordsEnded;
    }

    /** Collects the parts. */
    public static final class Builder {

        private @Nullable FlowStore store;
        private @Nullable TurnHandler handler;
        private @Nullable CommandSender sender;
        private EventPolicies policies = EventPolicies.NONE;
        private InstantSource clock = InstantSource.system();
        private FlowListener listener = FlowListener.NONE;
        private int turnWorkers = 16;
        private int commandWorkers = 16;
        private int recordWorkers = 4;
        private Duration turnLease = Duration.ofMinutes(2);
        private Duration commandLease = Duration.ofSeconds(60);
        private ToIntFunction<Turn> maxSupersedes = turn -> 2;
        private int maxTurnAttempts = 3;
        private int maxCommandAttempts = 50;
        private int maxRecordAttempts = 1_000;
        private Duration firstBackoff = Duration.ofSeconds(1);
        private Duration longestBackoff = Duration.ofMinutes(5);
        private Duration pollInterval = Duration.ofSeconds(1);

        private Builder() {}

        /** Where everything is kept. */
        public Builder store(FlowStore store) {
            this.store = store;
            return this;
        }

        /** Finds the answers. */
        public Builder handler(TurnHandler handler) {
            this.handler = handler;
            return this;
        }

        /** Carries out the commands. */
        public Builder sender(CommandSender sender) {
            this.sender = sender;
            return this;
        }

        /** Decide what else is to be done about what happens; {@link EventPolicies#NONE} by default. */
        public Builder policies(EventPolicies policies) {
            this.policies = policies;
            return this;
        }

        /** The system's clock by default. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** {@link FlowListener#NONE} by default. */
        public Builder listener(FlowListener listener) {
            this.listener = listener;
            return this;
        }

        /**
         * How many turns are answered at the same time; 16 by default. With several tenants they are shared out
         * ({@link FreeWorkers}), and one gets at most three quarters of them.
         */
        public Builder turnWorkers(int turnWorkers) {
            this.turnWorkers = turnWorkers;
            return this;
        }

        /**
         * How many commands for the chat are carried out at the same time; 16 by default. With several tenants, one of them
         * gets at most three quarters of them.
         */
        public Builder commandWorkers(int commandWorkers) {
            this.commandWorkers = commandWorkers;
            return this;
        }

        /**
         * How many other commands, such as rows in Baserow, are carried out at the same time; 4 by default. With several
         * tenants, one of them gets at most three quarters of them.
         */
        public Builder recordWorkers(int recordWorkers) {
            this.recordWorkers = recordWorkers;
            return this;
        }

        /** How long a handler may think before it is interrupted and its turn claimed again; 2 minutes by default. */
        public Builder turnLease(Duration turnLease) {
            this.turnLease = turnLease;
            return this;
        }

        /** How long a sender may try before it is interrupted and its command claimed again; 60 seconds by default. */
        public Builder commandLease(Duration commandLease) {
            this.commandLease = commandLease;
            return this;
        }

        /** How many answers may be dropped because the customer wrote more, before one goes out; 2 by default. */
        public Builder maxSupersedes(int maxSupersedes) {
            if (maxSupersedes < 0) {
                throw new IllegalArgumentException("maxSupersedes >= 0 wanted, got " + maxSupersedes);
            }
            return maxSupersedes(turn -> maxSupersedes);
        }

        /** The same for each turn by itself; asked when its answer is there. Must be quick. */
        public Builder maxSupersedes(ToIntFunction<Turn> maxSupersedes) {
            this.maxSupersedes = maxSupersedes;
            return this;
        }

        /** How often a handler is asked before {@link TurnHandler#giveUp}; 3 by default. */
        public Builder maxTurnAttempts(int maxTurnAttempts) {
            this.maxTurnAttempts = maxTurnAttempts;
            return this;
        }

        /**
         * How often a command for the chat is tried before it is a dead letter; 50 by default, which is more than three
         * hours.
         */
        public Builder maxCommandAttempts(int maxCommandAttempts) {
            this.maxCommandAttempts = maxCommandAttempts;
            return this;
        }

        /**
         * How often another command, such as a row in Baserow, is tried before it is a dead letter; 1,000 by default, which
         * is more than two days: nobody waits for it, and it is as good later.
         */
        public Builder maxRecordAttempts(int maxRecordAttempts) {
            this.maxRecordAttempts = maxRecordAttempts;
            return this;
        }

        /**
         * The waits after failures: {@code first}, then doubled up to {@code longest}, each shortened by chance to as
         * little as half; 1 second and 5 minutes by default. A wait the other side asks for counts if it is longer, up
         * to 15 minutes.
         */
        public Builder backoff(Duration first, Duration longest) {
            this.firstBackoff = first;
            this.longestBackoff = longest;
            return this;
        }

        /** How often to look for work of other processes; 1 second by default. */
        public Builder pollInterval(Duration pollInterval) {
            this.pollInterval = pollInterval;
            return this;
        }

        /** The engine, not yet started. */
        public FlowEngine build() {
            atLeastOne(turnWorkers, "turnWorkers");
            atLeastOne(commandWorkers, "commandWorkers");
            atLeastOne(maxTurnAttempts, "maxTurnAttempts");
            atLeastOne(recordWorkers, "recordWorkers");
            atLeastOne(maxCommandAttempts, "maxCommandAttempts");
            atLeastOne(maxRecordAttempts, "maxRecordAttempts");
            positive(turnLease, "turnLease");
            positive(commandLease, "commandLease");
            positive(firstBackoff, "first backoff");
            positive(pollInterval, "pollInterval");
            if (longestBackoff.compareTo(firstBackoff) < 0) {
                throw new IllegalArgumentException("the longest backoff is shorter than the first");
            }
            return new FlowEngine(this);
        }

        private static void atLeastOne(int number, String what) {
            if (number < 1) {
                throw new IllegalArgumentException(what + " >= 1 wanted, got " + number);
            }
        }

        private static void positive(Duration duration, String what) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(what + " > 0 wanted, got " + duration);
            }
        }
    }
}
