package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits was moved with the machine's clock, and nobody heard whether that was stored. */
class UnheardMoveTest {

    private static final Instant NOON = Instant.parse("2026-09-01T12:00:00Z");
    private static final TurnTiming AFTER_A_MINUTE = new TurnTiming(Duration.ofMinutes(1), Duration.ofMinutes(5), 20);
    private static final Duration STEP = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final SettableClock machine = new SettableClock(NOON.plusNanos(123_456)); // finer than what is stored
    private long counted = 5_000_000_000L;
    private Database database;
    private FlowStore store;
    private MachineClock clock;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("c.db"));
        store = database.flowStore();
        clock = new MachineClock(machine, () -> counted, new Deaf());
        database.goBy(clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void pass(Duration time) {
        machine.advance(time);
        counted += time.toNanos();
    }

    private void lookEveryTenSeconds(int times) {
        for (int i = 0; i < times; i++) {
            clock.look();
            pass(STEP);
        }
    }

    /** Stores the first move, and says that it failed. */
    private final class Deaf extends DueTimes {
        private boolean moved;

        Deaf() {
            super(database.writer());
        }

        @Override
        boolean moveIfIdle(Duration by, Instant now) {
            boolean idle = super.moveIfIdle(by, now);
            if (!moved) {
                moved = true;
                throw new FlowException(StorageError.UNAVAILABLE, "nobody heard", null);
            }
            return idle;
        }
    }

    private void moveUnheard(Duration jump) {
        store.accept(message(conversation(1), 1, "p:1", "oi"), AFTER_A_MINUTE, clock.instant());
        machine.advance(jump);
        lookEveryTenSeconds(6);
        clock.look(); // a minute after it was noticed: now it is moved
        assertThat(clock.instant())
                .as("not followed yet")
                .isEqualTo(machine.instant().minus(jump));
        assertThat(store.nextTurnDue()).contains(NOON.plus(jump).plusSeconds(60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void a_move_of_which_nobody_heard_is_found_out_about_before_anything_is_claimed(Duration jump) {
        moveUnheard(jump);

        assertThat(store.claimTurns(FreeWorkers.of(10), clock.instant().plus(Duration.ofDays(1)), LEASE))
                .isEmpty();
        pass(STEP);
        clock.look();

        assertThat(clock.instant()).isEqualTo(machine.instant());
        assertThat(store.nextTurnDue()).contains(NOON.plus(jump).plusSeconds(60));
        assertThat(store.claimTurns(FreeWorkers.of(10), clock.instant(), LEASE)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void it_is_taken_back_where_the_machine_was_set_right_before_it_was_found_out_about(Duration jump) {
        moveUnheard(jump);

        machine.advance(jump.negated());
        clock.look();
        assertThat(clock.instant()).isEqualTo(machine.instant().plus(jump));
        lookEveryTenSeconds(8);

        assertThat(clock.instant()).isEqualTo(machine.instant());
        assertThat(store.nextTurnDue()).contains(NOON.plusSeconds(60));
    }
}
