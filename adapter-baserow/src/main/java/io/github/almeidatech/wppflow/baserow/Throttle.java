package io.github.almeidatech.wppflow.baserow;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Remembers when Baserow does not want to hear from us: after 429, and after the token was refused again and again.
 * Thread-safe.
 *
 * <p>The {@code Retry-After} of Baserow's concurrency limit names when the oldest request would expire, mostly half a
 * minute, while a place is free after milliseconds. So the first pause is short whatever is asked for, and only from one
 * 429 to the next it grows towards what was asked.
 */
final class Throttle {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_DOUBLING = 6;
    private static final int REFUSALS_BEFORE_PAUSE = 3;
    private static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private Instant until = Instant.MIN;
    private BaserowError reason = BaserowError.RATE_LIMITED;
    private int limited;
    private int refused;

    /** A pause that is not over. */
    record Pause(BaserowError reason, Duration left) {}

    Throttle(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Optional<Pause> pause() {
        Instant now = clock.instant();
        return until.isAfter(now) ? Optional.of(new Pause(reason, Duration.between(now, until))) : Optional.empty();
    }

    /** Notes a 429. The pause grows from 1 to 64 seconds, with jitter, and is never longer than asked. Answers it. */
    synchronized Duration limited(Optional<Duration> asked) {
        long millis = FIRST_PAUSE.toMillis() << Math.min(limited, LONGEST_DOUBLING);
        Duration grown =
                Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
        Duration pause = asked.filter(wanted -> wanted.compareTo(grown) < 0).orElse(grown);
        limited++;
        begin(pause, BaserowError.RATE_LIMITED);
        return pause;
    }

    /** Notes that the token was refused; true when this begins a pause. */
    synchronized boolean refused() {
        refused++;
        if (refused < REFUSALS_BEFORE_PAUSE) {
            return false;
        }
        begin(REFUSED_PAUSE, BaserowError.UNAUTHORIZED);
        return refused == REFUSALS_BEFORE_PAUSE;
    }

    synchronized void answered() {
        limited = 0;
        refused = 0;
    }

    private void begin(Duration pause, BaserowError why) {
        Instant end = clock.instant().plus(pause);
        if (end.isAfter(until)) {
            until = end;
            reason = why;
        }
    }
}
