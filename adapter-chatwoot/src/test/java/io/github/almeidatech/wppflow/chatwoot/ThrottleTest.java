package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.chatwoot.Throttle.Lane;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final Throttle throttle = new Throttle(clock);

    @Test
    void a_pause_that_was_asked_for_holds_for_both_tokens_and_ends() {
        throttle.limited(Lane.BOT, Optional.of(Duration.ofSeconds(30)));

        assertThat(throttle.pause(Lane.USER)).hasValueSatisfying(pause -> {
            assertThat(pause.reason()).isEqualTo(ChatwootError.RATE_LIMITED);
            assertThat(pause.time()).isEqualTo(Duration.ofSeconds(30));
        });
        clock.advance(Duration.ofSeconds(30));
        assertThat(throttle.pause(Lane.BOT)).isEmpty();
    }

    @Test
    void searching_too_much_does_not_hold_up_answers() {
        throttle.limited(Lane.SEARCH, Optional.of(Duration.ofSeconds(30)));

        assertThat(throttle.pause(Lane.SEARCH)).isPresent();
        assertThat(throttle.pause(Lane.BOT)).isEmpty();
        assertThat(throttle.pause(Lane.USER)).isEmpty();
    }

    @Test
    void without_a_time_asked_for_the_pause_grows_up_to_a_minute_and_begins_anew_after_an_answer() {
        Duration previousMost = Duration.ZERO;
        for (int most : new int[] {2, 4, 8, 16, 32, 64, 64, 64}) {
            Duration pause = throttle.limited(Lane.USER, Optional.empty());

            assertThat(pause).isBetween(Duration.ofSeconds(most / 2), Duration.ofSeconds(most));
            assertThat(Duration.ofSeconds(most)).isGreaterThanOrEqualTo(previousMost);
            previousMost = Duration.ofSeconds(most);
        }
        throttle.answered(Lane.USER);

        assertThat(throttle.limited(Lane.USER, Optional.empty())).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void a_shorter_pause_does_not_end_a_longer_one() {
        throttle.limited(Lane.BOT, Optional.of(Duration.ofMinutes(10)));
        throttle.limited(Lane.BOT, Optional.of(Duration.ofSeconds(1)));

        assertThat(throttle.pause(Lane.BOT).orElseThrow().time()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void a_token_refused_three_times_rests_for_a_minute_and_is_told_once() {
        assertThat(throttle.refused(Lane.BOT)).isFalse();
        assertThat(throttle.refused(Lane.BOT)).isFalse();
        assertThat(throttle.pause(Lane.BOT)).isEmpty();

        assertThat(throttle.refused(Lane.BOT)).isTrue();

        assertThat(throttle.pause(Lane.BOT).orElseThrow().reason()).isEqualTo(ChatwootError.UNAUTHORIZED);
        assertThat(throttle.pause(Lane.USER)).isEmpty();
        clock.advance(Duration.ofMinutes(1));
        assertThat(throttle.pause(Lane.BOT)).isEmpty();
        assertThat(throttle.refused(Lane.BOT)).isFalse();
        assertThat(throttle.pause(Lane.BOT)).isPresent();
    }

    @Test
    void an_accepted_token_is_forgiven() {
        throttle.refused(Lane.BOT);
        throttle.refused(Lane.BOT);
        throttle.answered(Lane.BOT);

        assertThat(throttle.refused(Lane.BOT)).isFalse();
        assertThat(throttle.pause(Lane.BOT)).isEmpty();
    }
}
