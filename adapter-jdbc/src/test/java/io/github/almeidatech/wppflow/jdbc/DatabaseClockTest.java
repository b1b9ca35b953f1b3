package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DatabaseClockTest {

    private static final Instant NOON = Instant.parse("2026-09-01T12:00:00Z");

    private Instant there = NOON;
    private long counted = 5_000_000_000L;
    private Duration answerTakes = Duration.ZERO;
    private boolean away;

    private final DatabaseClock clock = new DatabaseClock(this::ask, () -> counted);

    private Instant ask() {
        if (away) {
            throw new IllegalStateException("away");
        }
        pass(answerTakes.dividedBy(2));
        Instant told = there;
        pass(answerTakes.minus(answerTakes.dividedBy(2)));
        return told;
    }

    private void pass(Duration time) {
        there = there.plus(time);
        counted += time.toNanos();
    }

    @Test
    void between_two_looks_it_counts() {
        pass(Duration.ofMillis(1_500));

        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(1_500));
    }

    @Test
    void it_follows_the_database_when_it_looks_again() {
        there = there.plusSeconds(7);
        clock.look();

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(7));
    }

    @Test
    void half_of_what_the_answer_took_has_passed_since() {
        answerTakes = Duration.ofMillis(400);
        clock.look();

        assertThat(clock.instant()).isEqualTo(there);
    }

    @Test
    void an_answer_that_took_long_is_not_believed() {
        answerTakes = Duration.ofMillis(1_001);
        there = there.plusSeconds(3_600);
        clock.look();

        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(1_001));
    }

    @Test
    void it_goes_on_while_the_database_is_away() {
        away = true;
        pass(Duration.ofMinutes(20));
        clock.look();

        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofMinutes(20)));
    }

    @Test
    @Timeout(30)
    void its_thread_ends_with_it() throws InterruptedException {
        clock.start();
        clock.close();

        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().equals("wppflow-clock")) {
                each.join();
            }
        }
        assertThat(clock.instant()).isEqualTo(NOON);
    }
}
