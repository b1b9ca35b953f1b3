package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.chatwoot.CatchUpReport;
import io.github.almeidatech.wppflow.chatwoot.ChatwootError;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatchUpPaceTest {

    private static final Duration EVERY = Duration.ofMinutes(3);

    private final CatchUpPace pace = new CatchUpPace(EVERY);

    private static CatchUpReport stopped(
            int read, int failed, @Nullable ChatwootError error, @Nullable Duration asked) {
        return new CatchUpReport(30, read, read, 0, failed, 40, false, error, asked);
    }

    private static CatchUpReport complete() {
        return new CatchUpReport(30, 30, 30, 0, 0, 40, true, null, null);
    }

    @Test
    void after_a_complete_walk_the_next_one_has_time() {
        assertThat(pace.after(complete())).isEqualTo(EVERY);
    }

    @Test
    void a_run_whose_calls_are_used_up_is_gone_on_with_at_once() {
        assertThat(pace.after(stopped(200, 0, null, null))).isEqualTo(Duration.ZERO);
    }

    @Test
    void a_run_told_to_wait_waits_as_long_as_asked_and_at_least_a_second() {
        assertThat(pace.after(stopped(10, 0, ChatwootError.RATE_LIMITED, Duration.ofSeconds(7))))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(pace.after(stopped(10, 0, ChatwootError.RATE_LIMITED, Duration.ofMillis(20))))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(pace.after(stopped(10, 0, ChatwootError.RATE_LIMITED, Duration.ofMinutes(10))))
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void while_nothing_gets_read_pauses_grow_to_the_usual_time_and_shrink_when_something_is() {
        var pauses = new ArrayList<Duration>();
        for (int i = 0; i < 20; i++) {
            pauses.add(pace.after(stopped(0, 0, ChatwootError.SERVER_ERROR, null)));
        }

        assertThat(pauses).startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertThat(pauses).endsWith(EVERY, EVERY).isSorted();
        assertThat(pace.after(stopped(5, 1, ChatwootError.SERVER_ERROR, null))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_store_that_takes_nothing_gets_time_too() {
        assertThat(pace.after(stopped(5, 5, null, null))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pace.after(stopped(5, 5, null, null))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void what_trying_soon_cannot_mend_has_time() {
        CatchUpReport report = stopped(0, 0, ChatwootError.NO_TOKEN, null);

        assertThat(pace.after(report)).isEqualTo(EVERY);
        assertThat(CatchUpPace.goesOn(report)).isFalse();
        assertThat(CatchUpPace.goesOn(complete())).isTrue();
    }
}
