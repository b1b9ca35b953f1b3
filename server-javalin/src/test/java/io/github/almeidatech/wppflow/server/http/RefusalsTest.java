package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private static final String SOMEBODY = "198.51.100.7";

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final Refusals refusals = new Refusals(3, clock);

    private void refused(int times) {
        for (int i = 0; i < times; i++) {
            refusals.refused(SOMEBODY);
        }
    }

    @Test
    void an_address_with_too_many_refusals_in_a_minute_is_turned_away_until_it_is_over() {
        refused(2);
        assertThat(refusals.tooMany(SOMEBODY)).isFalse();
        refused(1);
        assertThat(refusals.tooMany(SOMEBODY)).isTrue();

        clock.advance(Duration.ofMinutes(1));

        assertThat(refusals.tooMany(SOMEBODY)).isFalse();
    }

    @Test
    void an_address_from_which_an_authentic_one_came_within_a_day_never_is() {
        refusals.authentic(SOMEBODY);
        refused(9);
        clock.advance(Duration.ofHours(23));
        refused(9);
        assertThat(refusals.tooMany(SOMEBODY)).isFalse();

        clock.advance(Duration.ofHours(1));

        refused(3);
        assertThat(refusals.tooMany(SOMEBODY)).isTrue();
    }

    @Test
    void a_clock_that_is_set_back_turns_nobody_away_for_longer() {
        clock.advance(Duration.ofDays(1));
        refused(3);

        clock.advance(Duration.ofDays(-1));

        assertThat(refusals.tooMany(SOMEBODY)).isFalse();
        refused(2);
        assertThat(refusals.tooMany(SOMEBODY)).isFalse();
        refused(1);
        assertThat(refusals.tooMany(SOMEBODY)).isTrue();
    }
}
