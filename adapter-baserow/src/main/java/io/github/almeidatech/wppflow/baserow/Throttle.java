package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.outbound.Pause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

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
    private static final int REFUSALS_BEFORE_PAUSE = 3;
    private static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

    private final Pause<BaserowError> pause;
    private int limited;
    private int refused;

    Throttle(InstantSource clock) {
        this.pause = new Pause<>(clock);
    }

    Optional<Pause.Left<BaserowError>> pause() {
        return pause.left();
    }

    /** Notes a 429. The pause grows from 1 to 64 seconds, with jitter, and is never longer than asked. Answers it. */
    synchronized Duration limited(Optional<Duration> asked) {
        Duration grown = Pause.grown(FIRST_PAUSE, limited);
        Duration wait = asked.filter(wanted -> wanted.compareTo(grown) < 0).orElse(grown);
        limited++;
        pause.begin(BaserowError.RATE_LIMITED, wait);
        return wait;
    }

    /** Notes that the token was refused; true when this begins a pause. */
    synchronized boolean refused() {
        refused++;
        if (refused < REFUSALS_BEFORE_PAUSE) {
            return false;
        }
        pause.begin(BaserowError.UNAUTHORIZED, REFUSED_PAUSE);
        return refused == REFUSALS_BEFORE_PAUSE;
    }

    synchronized void answered() {
        limited = 0;
        refused = 0;
    }
}
