package io.github.almeidatech.wppflow.llm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A time in which a provider is left alone: it said so, or it will not change its mind meanwhile. Thread-safe. */
final class Pause {

    private final InstantSource clock;
    private @Nullable LlmError reason;
    private Instant until = Instant.MIN;
    private Duration length = Duration.ZERO;

    Pause(InstantSource clock) {
        this.clock = clock;
    }

    /** What is left of it. */
    record Left(LlmError reason, Duration time) {}

    synchronized void begin(LlmError why, Duration time) {
        Instant end = clock.instant().plus(time);
        if (end.isAfter(until)) {
            reason = why;
            until = end;
            length = time;
        }
    }

    /** Empty when it is over; also when the clock was set back by more than it was long. */
    synchronized Optional<Left> left() {
        Duration left = Duration.between(clock.instant(), until);
        if (reason == null || left.isNegative() || left.isZero() || left.compareTo(length) > 0) {
            reason = null;
            until = Instant.MIN;
            return Optional.empty();
        }
        return Optional.of(new Left(reason, left));
    }
}
