package io.github.almeidatech.wppflow.llm;

import java.time.Duration;

/** The end of the time for something, by the monotonic clock: setting the system's clock does not move it. */
final class Deadline {

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Zero when it is over. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** The part of what is left for the first of several who come one after the other. */
    Deadline share(int of) {
        return in(left().dividedBy(of));
    }
}
