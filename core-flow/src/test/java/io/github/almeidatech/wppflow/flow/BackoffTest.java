package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration CAP = Duration.ofMinutes(5);

    @Test
    void waits_double_up_to_the_cap() {
        var backoff = new Backoff(FIRST, CAP, () -> 1.0);

        assertThat(backoff.after(1, null)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(2, null)).isEqualTo(Duration.ofSeconds(2));
        assertThat(backoff.after(9, null)).isEqualTo(Duration.ofSeconds(256));
        assertThat(backoff.after(10, null)).isEqualTo(CAP);
        assertThat(backoff.after(1_000_000, null)).isEqualTo(CAP);
        assertThat(backoff.after(0, null)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void chance_takes_away_at_most_half() {
        var random = new Random(1);
        var backoff = new Backoff(FIRST, CAP, random::nextDouble);

        for (int i = 0; i < 1000; i++) {
            assertThat(backoff.after(4, null)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
        }
    }

    @Test
    void what_the_other_side_asks_for_counts_when_it_is_longer_and_reasonable() {
        var backoff = new Backoff(FIRST, CAP, () -> 0.0);

        assertThat(backoff.after(1, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(20));
        assertThat(backoff.after(9, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(128));
        assertThat(backoff.after(1, Duration.ofDays(3650))).isEqualTo(Duration.ofMinutes(15));
        assertThat(backoff.after(1, Duration.ofSeconds(-5))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void those_who_were_asked_to_wait_do_not_all_come_back_at_once() {
        var backoff = new Backoff(FIRST, CAP, () -> 1.0);

        assertThat(backoff.after(1, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(22));
    }
}
