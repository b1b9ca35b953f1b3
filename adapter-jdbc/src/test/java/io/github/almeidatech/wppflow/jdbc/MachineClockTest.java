package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine whose clock is set, and what waits in its database. */
class MachineClockTest {

    private static final Instant NOON = Instant.parse("2026-09-01T12:00:00Z");
    private static final TurnTiming AFTER_A_MINUTE = new TurnTiming(Duration.ofMinutes(1), Duration.ofMinutes(5), 20);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final SettableClock machine = new SettableClock(NOON);
    private long counted = 5_000_000_000L;
    private Database database;
    private FlowStore store;
    private MachineClock clock;

    @BeforeEach
    void open() {
        database = Database.open(
                "sqlite:" + folder.resolve("c.db"), new DatabaseOptions(Duration.ofMinutes(1), 256, 4096, 4));
        store = database.flowStore();
        clock = clock();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private MachineClock clock() {
        var made = new MachineClock(machine, () -> counted, new DueTimes(database.writer()));
        database.goBy(made);
        return made;
    }

    private void pass(Duration time) {
        machine.advance(time);
        counted += time.toNanos();
    }

    private void passLooking(Duration time) {
        for (Duration left = time; !left.isNegative(); left = left.minusSeconds(10)) {
            clock.look();
            pass(Duration.ofSeconds(10));
        }
        clock.look();
    }

    /** Set, and left so for more than a minute. */
    private void set(Duration by) {
        machine.advance(by);
        passLooking(Duration.ofSeconds(70));
        assertThat(clock.instant()).isEqualTo(machine.instant());
    }

    @Test
    void a_little_is_followed_at_once() {
        machine.advance(Duration.ofMillis(-1_900));
        clock.look();

        assertThat(clock.instant()).isEqualTo(NOON.minusMillis(1_900));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H", "P1D", "P-1D", "PT-150S"})
    void a_jump_that_is_over_within_a_minute_is_not_noticed(Duration jump) {
        machine.advance(jump);
        passLooking(Duration.ofSeconds(40));
        assertThat(clock.instant()).isEqualTo(machine.instant().minus(jump));

        machine.advance(jump.negated());
        passLooking(Duration.ofSeconds(40));
        machine.advance(jump);
        passLooking(Duration.ofSeconds(40));
        machine.advance(jump.negated());
        clock.look();

        assertThat(clock.instant()).isEqualTo(machine.instant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H", "P1D", "P-1D", "PT-150S"})
    void what_waits_when_the_clock_is_set_waits_no_longer_and_no_shorter_than_before(Duration jump) {
        store.accept(message(conversation(1), 1, "p:1", "oi"), AFTER_A_MINUTE, clock.instant());
        Turn turn = claimed(2);
        store.releaseTurn(turn, clock.instant().plusSeconds(90), clock.instant());
        say(3);
        CommandAttempt tried = claimedCommand();
        Instant retryAt = clock.instant().plus(Duration.ofMinutes(10));
        store.completeCommand(tried, new CommandResult.Unclear("timed_out", null), retryAt, 50, clock.instant());

        set(jump); // that took 80 seconds

        Instant now = clock.instant();
        assertThat(store.claimTurns(FreeWorkers.of(10), now, LEASE))
                .extracting(each -> each.conversation().key())
                .containsExactly("1/1");
        assertThat(store.claimTurns(FreeWorkers.of(10), now.plusSeconds(9), LEASE))
                .isEmpty();
        assertThat(store.claimTurns(FreeWorkers.of(10), now.plusSeconds(10), LEASE))
                .extracting(each -> each.conversation().key())
                .containsExactly("1/2");
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(now.plusSeconds(10 * 60 - 80));
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(10), now.plusSeconds(10 * 60 - 80), LEASE))
                .extracting(CommandAttempt::unclearSince)
                .containsExactly(now.minusSeconds(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void what_is_being_worked_on_ends_before_the_clock_is_followed_and_nothing_is_begun_meanwhile(Duration jump) {
        say(1);
        CommandAttempt attempt = claimedCommand(Duration.ofMinutes(3));
        Turn turn = claimed(2, Duration.ofMinutes(3));
        store.accept(message(conversation(3), 3, "p:3", "oi"), AT_ONCE, clock.instant());

        machine.advance(jump);
        passLooking(Duration.ofSeconds(70));

        assertThat(clock.instant()).isEqualTo(machine.instant().minus(jump));
        assertThat(clock.instant()).as("no lease is over").isBefore(turn.leaseUntil());
        assertThat(store.claimTurns(FreeWorkers.of(10), clock.instant(), LEASE)).isEmpty();
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(10), clock.instant(), LEASE))
                .isEmpty();
        assertThat(store.completeCommand(attempt, new CommandResult.Done("7"), clock.instant(), 50, clock.instant()))
                .isTrue();
        clock.look();
        assertThat(clock.instant()).as("the turn is still thought about").isNotEqualTo(machine.instant());
        assertThat(store.completeTurn(turn, answer(), 2, clock.instant())).isEqualTo(TurnOutcome.COMPLETED);
        clock.look();

        assertThat(clock.instant()).isEqualTo(machine.instant());
        assertThat(store.claimTurns(FreeWorkers.of(10), clock.instant(), LEASE))
                .extracting(each -> each.conversation().key())
                .containsExactly("1/3");
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(10), clock.instant(), LEASE))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void whoever_died_at_work_holds_the_clock_up_no_longer_than_the_lease(Duration jump) {
        claimed(1, Duration.ofMinutes(2));

        machine.advance(jump);
        passLooking(Duration.ofSeconds(140));

        assertThat(clock.instant()).isEqualTo(machine.instant());
        assertThat(store.claimTurns(FreeWorkers.of(10), clock.instant(), LEASE)).hasSize(1);
    }

    @Test
    void work_goes_on_when_the_clock_is_right_again_before_it_was_followed() {
        Turn turn = claimed(1, Duration.ofMinutes(3));
        machine.advance(DAY);
        passLooking(Duration.ofSeconds(70));
        machine.advance(DAY.negated());
        clock.look();

        store.accept(message(conversation(2), 2, "p:2", "oi"), AT_ONCE, clock.instant());
        assertThat(store.claimTurns(FreeWorkers.of(10), clock.instant(), LEASE)).hasSize(1);
        assertThat(store.completeTurn(turn, answer(), 2, clock.instant())).isEqualTo(TurnOutcome.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D", "PT-150S"})
    void who_read_the_time_before_it_was_set_claims_nothing_by_it(Duration jump) {
        Instant before = clock.instant();
        machine.advance(jump);
        passLooking(Duration.ofSeconds(50));
        assertThat(clock.instant()).as("just followed").isEqualTo(machine.instant());
        store.accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, clock.instant());
        say(2);

        Instant readBefore = clock.instant().minus(jump);
        assertThat(readBefore).isEqualTo(before.plusSeconds(60));
        assertThat(store.claimTurns(FreeWorkers.of(10), readBefore, LEASE)).isEmpty();
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(10), readBefore, LEASE))
                .isEmpty();
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(10), clock.instant(), LEASE))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void a_pause_lasts_as_long_as_it_was_to(Duration jump) {
        take(1, clock.instant().plus(Duration.ofHours(2)));

        set(jump);

        assertThat(store.ownerOf(conversation(1), clock.instant())).isEqualTo(Owner.HUMAN);
        assertThat(store.ownerOf(conversation(1), clock.instant().plus(Duration.ofHours(2))))
                .isEqualTo(Owner.BOT);
    }

    @Test
    void a_person_is_heard_although_the_clock_was_ahead_when_another_one_was() {
        take(1, null);

        set(DAY.negated());
        store.accept(signal(1, Owner.BOT, clock.instant(), null), AT_ONCE, clock.instant());

        assertThat(store.ownerOf(conversation(1), clock.instant())).isEqualTo(Owner.BOT);
    }

    @Test
    void a_nightly_job_is_not_left_out_because_it_was_done_tomorrow() {
        assertThat(database.jobs().claim("retention", clock.instant(), clock.instant(), LEASE))
                .isTrue();
        database.jobs().finished("retention", clock.instant());

        set(DAY.negated());
        Instant night = clock.instant().plus(Duration.ofHours(3));

        assertThat(database.jobs().claim("retention", night, night, LEASE)).isTrue();
    }

    @Test
    void a_start_with_an_earlier_time_than_before_moves_what_waits_once() {
        machine.advance(DAY);
        clock = clock();
        store.accept(message(conversation(1), 1, "p:1", "oi"), AFTER_A_MINUTE, clock.instant());

        machine.advance(DAY.negated());
        clock = clock();

        assertThat(store.nextTurnDue()).contains(NOON.plusSeconds(60));
        clock = clock();
        assertThat(store.nextTurnDue()).contains(NOON.plusSeconds(60));
    }

    @Test
    void a_start_with_a_later_time_is_a_pause_like_any_other() {
        store.accept(message(conversation(1), 1, "p:1", "oi"), AFTER_A_MINUTE, clock.instant());

        machine.advance(DAY);
        clock = clock();

        assertThat(store.nextTurnDue()).contains(NOON.plusSeconds(60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void what_is_to_be_said_at_a_time_in_the_calendar_is_said_at_that_time(Duration jump) {
        Instant evening = clock.instant().plus(Duration.ofHours(6));
        var reminder = new FollowUp(evening, "Até amanhã!", null, true);
        assertThat(store.completeTurn(
                        claimed(1), new TurnResult(List.of(reminder), List.of(), null), 2, clock.instant()))
                .isEqualTo(TurnOutcome.COMPLETED);

        set(jump);

        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(1), evening.minusMillis(1), LEASE))
                .isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(evening);
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(1), evening, LEASE))
                .hasSize(1);
    }

    @Test
    void what_waits_is_moved_once_although_nobody_heard_that_it_was_moved() {
        store.accept(message(conversation(1), 1, "p:1", "oi"), AFTER_A_MINUTE, clock.instant());
        var times = new DueTimes(database.writer());

        times.move(DAY, NOON.plus(DAY));
        times.move(DAY, NOON.plus(DAY).plusSeconds(10));

        assertThat(store.nextTurnDue()).contains(NOON.plus(DAY).plusSeconds(60));
    }

    @Test
    void a_file_is_not_held_by_its_dead_reader_until_the_wrong_time_comes() {
        var texts = database.mediaTexts();
        assertThat(texts.claim(
                        conversation(1).tenant(),
                        "hash",
                        "dead",
                        clock.instant(),
                        clock.instant().plusSeconds(90)))
                .isTrue();

        set(DAY.negated());

        assertThat(texts.claim(
                        conversation(1).tenant(),
                        "hash",
                        "other",
                        clock.instant().plusSeconds(10),
                        clock.instant().plusSeconds(99)))
                .isTrue();
    }

    @Test
    @Timeout(30)
    void what_is_stored_in_the_same_moment_does_not_undo_the_move() throws Exception {
        machine.advance(DAY);
        clock = clock();
        say(1);
        var begun = new CountDownLatch(1);
        var open = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> first = threads.submit(() -> database.writer().write(tx -> {
                begun.countDown();
                return await(open);
            }));
            begun.await();
            Future<?> accepted =
                    threads.submit(() -> store.accept(message(conversation(1), 2, "p:1", "e aí?"), AT_ONCE, NOON));
            Future<?> moved = threads.submit(() -> new DueTimes(database.writer()).move(DAY.negated(), NOON));
            Awaitility.await().until(() -> database.writer().waiting() == 2); // they share a transaction
            open.countDown();
            for (Future<?> each : List.of(first, accepted, moved)) {
                each.get(20, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(store.nextCommandDue(Line.REPLIES)).contains(NOON);
    }

    @Test
    void while_nothing_can_be_written_the_clock_is_not_followed() {
        database.close();
        machine.advance(DAY);
        passLooking(Duration.ofMinutes(2));

        assertThat(clock.instant()).isEqualTo(machine.instant().minus(DAY));
    }

    @Test
    void the_clock_of_a_database_is_one_and_ends_with_it() {
        assertThat(database.clock(machine)).isSameAs(database.clock(machine)).isInstanceOf(MachineClock.class);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Turn claimed(long number) {
        return claimed(number, LEASE);
    }

    private Turn claimed(long number, Duration lease) {
        store.accept(message(conversation(number), number, "p:" + number, "oi"), AT_ONCE, clock.instant());
        return store.claimTurns(FreeWorkers.of(10), clock.instant(), lease).stream()
                .filter(each -> each.conversation().equals(conversation(number)))
                .findFirst()
                .orElseThrow();
    }

    private static TurnResult answer() {
        return new TurnResult(List.of(new SendMessage("olá", null, Purpose.ANSWER)), List.of(), null);
    }

    private void say(long number) {
        assertThat(store.completeTurn(claimed(number), answer(), 2, clock.instant()))
                .isEqualTo(TurnOutcome.COMPLETED);
    }

    private CommandAttempt claimedCommand() {
        return claimedCommand(LEASE);
    }

    private CommandAttempt claimedCommand(Duration lease) {
        return store.claimCommands(Line.REPLIES, FreeWorkers.of(1), clock.instant(), lease)
                .get(0);
    }

    private void take(long number, @Nullable Instant until) {
        store.accept(signal(number, Owner.HUMAN, clock.instant(), until), AT_ONCE, clock.instant());
    }

    private static InboundEvent signal(long number, Owner owner, Instant at, @Nullable Instant until) {
        return new InboundEvent(
                conversation(number),
                "conversation_updated",
                List.of(),
                null,
                new OwnershipSignal(owner, at, until, "status_changed", false),
                false,
                null,
                List.of(),
                new byte[0]);
    }
}
