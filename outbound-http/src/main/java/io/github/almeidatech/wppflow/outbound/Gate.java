package io.github.almeidatech.wppflow.outbound;

import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets calls to one host through: so many at the same time, so many in a period. Those that wait have their turn in the order
 * they came. By the monotonic clock: setting the system's clock holds nobody up. Thread-safe; blocks.
 */
public final class Gate {

    private static final Duration MAX_PATIENCE = Duration.ofSeconds(5);

    private final List<Semaphore> places;
    private final RateLimiter<Object> rate;

    /**
     * A gate of its own.
     *
     * @param maxConcurrent how many may be inside at once
     * @param maxPerPeriod how many may enter in one period
     */
    public Gate(int maxConcurrent, int maxPerPeriod, Duration period) {
        this(List.of(new Semaphore(maxConcurrent, true)), maxPerPeriod, period);
    }

    private Gate(List<Semaphore> places, int maxPerPeriod, Duration period) {
        this.places = places;
        this.rate = RateLimiter.burstyBuilder(maxPerPeriod, period).build();
    }

    /** A gate behind which there are places for everybody together: both its own and one of those are taken. */
    public static Gate before(Semaphore everybody, int maxConcurrent, int maxPerPeriod, Duration period) {
        return new Gate(List.of(new Semaphore(maxConcurrent, true), everybody), maxPerPeriod, period);
    }

    /**
     * Waits for a place, which {@link #leave} gives back.
     *
     * @param patience how long at most; never longer than five seconds
     * @return false when there was none in time: then there is nothing to give back
     */
    public boolean enter(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + (patience.compareTo(MAX_PATIENCE) < 0 ? patience : MAX_PATIENCE).toNanos();
        int taken = 0;
        boolean in = false;
        try {
            for (Semaphore each : places) {
                if (!each.tryAcquire(left(end), TimeUnit.NANOSECONDS)) {
                    return false;
                }
                taken++;
            }
            in = rate.tryAcquirePermit(Duration.ofNanos(left(end)));
            return in;
        } finally {
            if (!in) {
                places.subList(0, taken).forEach(Semaphore::release);
            }
        }
    }

    private static long left(long end) {
        return Math.max(0, end - System.nanoTime());
    }

    /** Gives the place back. */
    public void leave() {
        places.forEach(Semaphore::release);
    }
}
