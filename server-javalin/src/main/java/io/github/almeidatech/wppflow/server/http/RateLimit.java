package io.github.almeidatech.wppflow.server.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * So many a second in the long run, and what was not used of some seconds at once (security default B9). A second after it was used up
 * there is a second's worth again. Thread-safe; does not block.
 */
final class RateLimit {

    private final long nanosEach;
    private final long burstNanos;
    private final LongSupplier nanoTime;
    private long paidUntil;

    /**
     * @param perSecond at least 1
     * @param saved how much of time that was not used counts
     */
    RateLimit(int perSecond, Duration saved) {
        this(perSecond, saved, System::nanoTime);
    }

    RateLimit(int perSecond, Duration saved, LongSupplier nanoTime) {
        this.nanosEach = 1_000_000_000L / perSecond;
        this.burstNanos = saved.toNanos();
        this.nanoTime = nanoTime;
        this.paidUntil = nanoTime.getAsLong();
    }

    synchronized boolean tryAcquire() {
        long now = nanoTime.getAsLong();
        long owed = Math.max(0, paidUntil - now) + nanosEach;
        if (owed > burstNanos) {
            return false;
        }
        paidUntil = now + owed;
        return true;
    }
}
