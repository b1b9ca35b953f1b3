package io.github.almeidatech.wppflow.outbound;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a system is left alone: it said so, or it will not change its mind meanwhile. Thread-safe.
 *
 * @param <R> why
 */
public final class Pause<R> {

    private static final int LONGEST_SECONDS = 64;

    private final InstantSource clock;
    private @Nullable R reason;
    private Instant until = Instant.MIN;
    private Duration length = Duration.ZERO;

    /** One that is over. */
    public Pause(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What is left of it.
     *
     * @param <R> why
     */
    public record Left<R>(R reason, Duration time) {}

    /** Begins one; a shorter one does not end a longer one that has begun. */
    public synchronized void begin(R why, Duration time) {
        Instant end = clock.instant().plus(time);
        if (left().isEmpty() || end.isAfter(until)) {
            reason = why;
            until = end;
            length = time;
        }
    }

    /** Empty when it is over; also when the clock was set back, so that more would be left than it was long. */
    public synchronized Optional<Left<R>> left() {
        R why = reason;
        if (why == null) {
            return Optional.empty();
        }
        Duration left = Duration.between(clock.instant(), until);
        if (left.isNegative() || left.isZero() || left.compareTo(length) > 0) {
            reason = null;
            until = Instant.MIN;
            return Optional.empty();
        }
        return Optional.of(new Left<>(why, left));
    }

    /**
     * How long to leave a system alone that did not say how long: twice as long each time, up to 64 seconds, and by chance up
     * to half less, so that not everybody comes back at once.
     *
     * @param first the longest at the first time
     * @param times how many there were already
     */
    public static Duration grown(Duration first, int times) {
        Duration longest = Duration.ofSeconds(LONGEST_SECONDS);
        Duration most = first.multipliedBy(1L << Math.min(times, 30));
        long millis = (most.compareTo(longest) < 0 ? most : longest).toMillis();
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }
}
