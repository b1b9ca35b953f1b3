package io.github.almeidatech.wppflow.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PauseTest {

    private Instant now = Instant.parse("2026-09-01T12:00:00Z");
    private final Pause<String> pause = new Pause<>(() -> now);

    @Test
    void it_lasts_as_long_as_it_was_begun_for() {
        assertThat(pause.left()).isEmpty();
        pause.begin("limited", Duration.ofSeconds(30));

        now = now.plusSeconds(10);
        assertThat(pause.left()).contains(new Pause.Left<>("limited", Duration.ofSeconds(20)));

        now = now.plusSeconds(20);
        assertThat(pause.left()).isEmpty();
    }

    @Test
    void a_shorter_one_does_not_end_a_longer_one() {
        pause.begin("no key", Duration.ofMinutes(1));
        pause.begin("limited", Duration.ofSeconds(1));

        assertThat(pause.left()).contains(new Pause.Left<>("no key", Duration.ofMinutes(1)));
    }

    @Test
    void a_clock_set_back_a_day_does_not_make_it_a_day_long() {
        pause.begin("limited", Duration.ofMinutes(1));
        now = now.minus(Duration.ofDays(1));

        assertThat(pause.left()).isEmpty();
        pause.begin("limited", Duration.ofSeconds(5));
        assertThat(pause.left()).contains(new Pause.Left<>("limited", Duration.ofSeconds(5)));
    }

    @Test
    void a_new_one_holds_also_right_after_the_clock_was_set_back() {
        pause.begin("limited", Duration.ofMinutes(1));
        now = now.minus(Duration.ofDays(1));
        pause.begin("limited", Duration.ofSeconds(5));

        assertThat(pause.left()).contains(new Pause.Left<>("limited", Duration.ofSeconds(5)));
    }

    @Test
    void without_a_length_asked_for_it_doubles_up_to_about_a_minute() {
        for (int times = 0; times < 100; times++) {
            long most = times < 6 ? 2L << times : 64;

            assertThat(Pause.grown(Duration.ofSeconds(2), times))
                    .isBetween(Duration.ofSeconds(most / 2), Duration.ofSeconds(Math.min(most, 64)));
        }
    }
}
