package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TurnTimingTest {

    private static final Instant FIRST = Instant.parse("2026-09-01T12:00:00Z");
    private static final TurnTiming TIMING = new TurnTiming(Duration.ofSeconds(4), Duration.ofSeconds(30), 20);

    @Test
    void a_burst_is_answered_after_a_quiet_time() {
        assertThat(TIMING.dueAt(FIRST, FIRST.plusSeconds(3), 2, false)).isEqualTo(FIRST.plusSeconds(7));
    }

    @Test
    void an_endless_burst_is_answered_after_max_wait() {
        assertThat(TIMING.dueAt(FIRST, FIRST.plusSeconds(29), 9, false)).isEqualTo(FIRST.plusSeconds(30));
    }

    @Test
    void many_or_urgent_messages_are_answered_at_once() {
        assertThat(TIMING.dueAt(FIRST, FIRST.plusSeconds(1), 20, false)).isEqualTo(FIRST.plusSeconds(1));
        assertThat(TIMING.dueAt(FIRST, FIRST.plusSeconds(1), 2, true)).isEqualTo(FIRST.plusSeconds(1));
    }

    @Test
    void impossible_timings_are_refused() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new TurnTiming(second.negated(), second, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TurnTiming(second, second.negated(), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TurnTiming(second, second, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
