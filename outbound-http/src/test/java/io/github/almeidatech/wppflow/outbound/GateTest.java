package io.github.almeidatech.wppflow.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void without_a_place_in_time_nobody_is_let_in() throws Exception {
        var gate = new Gate(1, 100, MINUTE);

        assertThat(gate.enter(Duration.ofSeconds(1))).isTrue();
        assertThat(gate.enter(Duration.ofMillis(1))).isFalse();
        gate.leave();
        assertThat(gate.enter(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void who_has_no_patience_gets_a_place_that_is_free() throws Exception {
        var gate = new Gate(1, 100, MINUTE);

        assertThat(gate.enter(Duration.ofSeconds(-3))).isTrue();
        assertThat(gate.enter(Duration.ofSeconds(-3))).isFalse();
    }

    @Test
    void behind_several_gates_there_are_places_for_all_together() throws Exception {
        var everybody = new Semaphore(1);
        var one = Gate.before(everybody, 5, 100, MINUTE);
        var other = Gate.before(everybody, 1, 100, MINUTE);

        assertThat(one.enter(Duration.ofSeconds(1))).isTrue();
        assertThat(other.enter(Duration.ofMillis(1))).isFalse();
        one.leave();
        assertThat(other.enter(Duration.ofSeconds(1)))
                .as("its own place was given back when it was refused the common one")
                .isTrue();
    }

    @Test
    void in_a_period_no_more_than_allowed_are_let_in() throws Exception {
        var everybody = new Semaphore(100);
        var gate = Gate.before(everybody, 10, 2, MINUTE);
        for (int i = 0; i < 2; i++) {
            assertThat(gate.enter(Duration.ofMillis(1))).isTrue();
            gate.leave();
        }

        assertThat(gate.enter(Duration.ofMillis(1))).isFalse();
        assertThat(everybody.availablePermits())
                .as("who is not let in takes no place")
                .isEqualTo(100);
    }

    @Test
    void who_is_interrupted_while_waiting_takes_no_place() throws Exception {
        var everybody = new Semaphore(1);
        var gate = Gate.before(everybody, 1, 100, MINUTE);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> gate.enter(MINUTE));

        assertThat(gate.enter(Duration.ofSeconds(1))).isTrue();
    }
}
