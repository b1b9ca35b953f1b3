package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.flow.FlowListener;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A claim was stored, and who asked for it did not hear that, on any kind of database. */
abstract class UnheardClaimContract {

    private static final ConversationId ONE = conversation(1);
    private static final Instant LATER = NOW.plusSeconds(3);
    private static final OutboundCommand NOTE = new AddPrivateNote("a");
    private static final OutboundCommand RECORD = new CallWebhook("crm", Map.of());

    private final TestDatabases databases;
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private Database database;
    private FlowStore store;

    UnheardClaimContract(TestDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() {
        database = databases.open();
        store = database.flowStore();
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
        databases.close();
    }

    @Test
    void turns_are_claimed_again_at_once_as_if_for_the_first_time() throws Exception {
        for (int i = 1; i <= 3; i++) {
            store.accept(message(conversation(i), i, "p:1", "oi"), AT_ONCE, NOW);
        }
        unheard(() -> turns(NOW));
        assertThat(store.stateOf(ONE).turnClaimedUntil()).isEqualTo(NOW.plus(LEASE));

        assertThat(store.nextTurnDue())
                .hasValueSatisfying(due -> assertThat(due).isBeforeOrEqualTo(LATER));
        List<Turn> again = turns(LATER);

        assertThat(again).hasSize(3).extracting(Turn::attempt).containsOnly(1);
        assertThat(store.nextTurnDue()).contains(LATER.plus(LEASE));
        assertThat(turns(LATER)).isEmpty();
        for (Turn turn : again) {
            assertThat(store.completeTurn(turn, saying(), 2, LATER)).isEqualTo(TurnOutcome.COMPLETED);
        }
        assertThat(store.nextTurnDue()).isEmpty();
    }

    @Test
    void replies_are_claimed_again_at_once_and_are_not_unclear() throws Exception {
        commandsAreClaimedAgain(Line.REPLIES, NOTE);
    }

    @Test
    void records_are_claimed_again_at_once_and_are_not_unclear() throws Exception {
        commandsAreClaimedAgain(Line.RECORDS, RECORD);
    }

    private void commandsAreClaimedAgain(Line line, OutboundCommand command) throws Exception {
        answered(command);
        unheard(() -> commands(line, NOW));
        assertThat(store.stateOf(ONE).commands())
                .extracting(WaitingCommand::attempts)
                .containsExactly(1);

        assertThat(store.nextCommandDue(line))
                .hasValueSatisfying(due -> assertThat(due).isBeforeOrEqualTo(LATER));
        CommandAttempt again = commands(line, LATER).get(0);

        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.unclearSince()).isNull();
        assertThat(store.nextCommandDue(line)).contains(LATER.plus(LEASE));
        assertThat(commands(line, LATER)).isEmpty();
        assertThat(store.completeCommand(again, new CommandResult.Done("1"), LATER, 5, LATER))
                .isTrue();
        assertThat(store.nextCommandDue(line)).isEmpty();
    }

    @Test
    void what_an_earlier_try_left_unclear_stays_so() throws Exception {
        answered(NOTE);
        commands(Line.REPLIES, NOW);
        Instant ended = NOW.plus(LEASE);
        unheard(() -> commands(Line.REPLIES, ended));

        CommandAttempt again = commands(Line.REPLIES, ended.plusSeconds(3)).get(0);

        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.unclearSince()).isEqualTo(ended);
    }

    @Test
    void what_somebody_else_has_claimed_since_stays_theirs() throws Exception {
        answered(NOTE);
        store.accept(message(ONE, 2, "p:1", "e aí?"), AT_ONCE, NOW);
        unheard(() -> turns(NOW));
        unheard(() -> commands(Line.REPLIES, NOW));
        FlowStore other = database.flowStore();
        Instant ended = NOW.plus(LEASE);
        Turn turn = other.claimTurns(FreeWorkers.of(5), ended, LEASE).get(0);
        CommandAttempt command = other.claimCommands(Line.REPLIES, FreeWorkers.of(5), ended, LEASE)
                .get(0);

        assertThat(turns(ended)).isEmpty();
        assertThat(commands(Line.REPLIES, ended)).isEmpty();

        assertThat(turn.attempt()).isEqualTo(2);
        assertThat(other.completeTurn(turn, saying(), 2, ended)).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(other.completeCommand(command, new CommandResult.Done("1"), ended, 5, ended))
                .isTrue();
    }

    @Test
    void what_was_written_meanwhile_is_in_the_turn_and_what_was_queued_behind_the_command() throws Exception {
        answered(NOTE);
        store.accept(message(ONE, 2, "p:1", "e aí?"), AT_ONCE, NOW);
        unheard(() -> turns(NOW));
        unheard(() -> commands(Line.REPLIES, NOW));
        store.accept(message(ONE, 3, "p:1", "oi?"), AT_ONCE, NOW);

        Turn turn = turns(LATER).get(0);
        store.completeTurn(turn, saying(new AddPrivateNote("b")), 2, LATER);
        CommandAttempt first = commands(Line.REPLIES, LATER).get(0);
        store.completeCommand(first, new CommandResult.Done("1"), LATER, 5, LATER);

        assertThat(turn.messages()).extracting(each -> each.messageId()).containsExactly(2L, 3L);
        assertThat(first.command()).isEqualTo(NOTE);
        assertThat(commands(Line.REPLIES, LATER))
                .extracting(CommandAttempt::command)
                .containsExactly(new AddPrivateNote("b"));
    }

    @Test
    void a_claim_that_was_done_again_by_itself_is_given_back_as_it_was_stored() throws Exception {
        store.accept(message(ONE, 1, "p:1", "oi"), AT_ONCE, NOW);
        unheard(() -> turns(NOW), new IllegalStateException("takes the claim along"));
        ConversationState held = store.stateOf(ONE);

        List<Turn> again = turns(LATER);

        assertThat(held.turnClaimedUntil()).isNotNull();
        assertThat(again).extracting(Turn::attempt).containsExactly(1);
    }

    @Test
    void what_another_process_is_changing_is_given_back_when_that_has_ended() throws Exception {
        Database beside = databases.beside(database).orElse(null);
        assumeTrue(beside != null, "one process alone");
        store.accept(message(ONE, 1, "p:1", "oi"), AT_ONCE, NOW);
        unheard(() -> turns(NOW));
        var holds = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        Future<Boolean> changing = pool.submit(() -> beside.writer().write(Reads.of(ONE), tx -> {
            holds.countDown();
            return await(goesOn);
        }));
        holds.await();

        assertThat(turns(LATER)).isEmpty();
        assertThat(store.nextTurnDue()).as("is not forgotten").contains(NOW);
        goesOn.countDown();
        changing.get();

        assertThat(turns(LATER)).extracting(Turn::attempt).containsExactly(1);
    }

    /** With the times a caller really waits. */
    @Test
    void an_engine_answers_as_soon_as_a_disk_that_stood_still_goes_on() throws Exception {
        var clock = new SettableClock(NOW);
        var told = new CountDownLatch(1);
        var answered = new LinkedBlockingQueue<Turn>();
        var inTenSeconds = new TurnTiming(Duration.ofSeconds(10), Duration.ofSeconds(10), 20);
        store.accept(message(ONE, 1, "p:1", "oi"), inTenSeconds, NOW);

        try (FlowEngine engine = FlowEngine.builder()
                .store(store)
                .clock(clock)
                .handler(new Noting(answered))
                .sender(attempt -> new CommandResult.Done(null))
                .listener(new FlowListener() {
                    @Override
                    public void storeWell(boolean well) {
                        told.countDown();
                    }
                })
                .pollInterval(Duration.ofHours(1))
                .build()) {
            engine.start();
            var goesOn = new CountDownLatch(1);
            standsStillBehind(
                    () -> {
                        clock.advance(Duration.ofSeconds(10));
                        engine.wake();
                    },
                    goesOn,
                    null);
            told.await();
            goesOn.countDown();

            Turn turn = answered.poll(20, TimeUnit.SECONDS);
            assertThat(turn).isNotNull();
            assertThat(turn.attempt()).isEqualTo(1);
        }
    }

    private record Noting(Queue<Turn> answered) implements TurnHandler {

        @Override
        public TurnResult answer(Turn turn) {
            answered.add(turn);
            return saying();
        }

        @Override
        public TurnResult giveUp(Turn turn, RuntimeException failure) {
            throw failure;
        }
    }

    private void unheard(Runnable claim) throws InterruptedException, ExecutionException {
        unheard(claim, null);
    }

    /** @param failure of what stands still behind the claim; then that is done again in a transaction of its own */
    private void unheard(Runnable claim, @Nullable RuntimeException failure)
            throws InterruptedException, ExecutionException {
        var goesOn = new CountDownLatch(1);
        var caller = new AtomicReference<Thread>();
        var ended = new CompletableFuture<FlowException>();
        Future<Boolean> stalled = standsStillBehind(
                () -> pool.execute(() -> {
                    caller.set(Thread.currentThread());
                    try {
                        claim.run();
                        ended.completeExceptionally(new IllegalStateException("heard"));
                    } catch (FlowException e) {
                        ended.complete(e);
                    }
                }),
                goesOn,
                failure);
        caller.get().interrupt(); // waits no longer
        assertThat(ended.get().code()).isEqualTo(StorageError.UNCLEAR);
        goesOn.countDown();
        if (failure == null) {
            stalled.get();
        } else {
            assertThat(stalled).failsWithin(Duration.ofSeconds(50));
        }
        database.writer().write(Tx::batch); // all of that is over
    }

    /**
     * Has something written, and returns when the transaction in which that is stands still behind it, with the commit to come.
     *
     * @param writing begins the write
     */
    private Future<Boolean> standsStillBehind(
            Runnable writing, CountDownLatch goesOn, @Nullable RuntimeException failure)
            throws InterruptedException, ExecutionException {
        var begun = new CountDownLatch(1);
        var together = new CountDownLatch(1);
        var standing = new CountDownLatch(1);
        Future<Boolean> before = pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            return await(together);
        }));
        begun.await();
        writing.run();
        awaitWaiting(1);
        Future<Boolean> stalled = pool.submit(() -> database.writer().write(tx -> {
            standing.countDown();
            await(goesOn);
            if (failure != null) {
                throw failure;
            }
            return true;
        }));
        awaitWaiting(2);
        together.countDown();
        before.get();
        standing.await();
        return stalled;
    }

    private void awaitWaiting(int writes) {
        while (database.writer().waiting() < writes) {
            Thread.onSpinWait();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Turn> turns(Instant now) {
        return store.claimTurns(FreeWorkers.of(5), now, LEASE);
    }

    private List<CommandAttempt> commands(Line line, Instant now) {
        return store.claimCommands(line, FreeWorkers.of(5), now, LEASE);
    }

    private void answered(OutboundCommand command) {
        store.accept(message(ONE, 1, "p:1", "oi"), AT_ONCE, NOW);
        store.completeTurn(turns(NOW).get(0), saying(command), 2, NOW);
    }

    private static TurnResult saying(OutboundCommand... commands) {
        return new TurnResult(List.of(commands), List.of(), null);
    }
}
