package io.github.almeidatech.wppflow.llm;

import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets a tenant's calls to one host through: so many at the same time, so many in a minute. Thread-safe. */
final class Gate {

    private static final Duration MAX_PATIENCE = Duration.ofSeconds(5);

    private final Semaphore everybody;
    private final Semaphore places;
    private final RateLimiter<Object> rate;

    /** @param everybody the places of all tenants together */
    Gate(Semaphore everybody, ModelLimits limits) {
        this.everybody = everybody;
        this.places = new Semaphore(limits.maxConcurrent(), true);
        this.rate = RateLimiter.burstyBuilder(limits.maxPerMinute(), Duration.ofMinutes(1))
                .build();
    }

    /** Waits for a place, which {@link #leave} gives back; false when there was none in time. */
    boolean enter(Duration left) throws InterruptedException {
        var patience = Deadline.in(left.compareTo(MAX_PATIENCE) < 0 ? left : MAX_PATIENCE);
        if (!places.tryAcquire(patience.left().toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean in = false;
        boolean shared = false;
        try {
            shared = everybody.tryAcquire(patience.left().toNanos(), TimeUnit.NANOSECONDS);
            in = shared && rate.tryAcquirePermit(patience.left());
            return in;
        } finally {
            if (!in) {
                places.release();
                if (shared) {
                    everybody.release();
                }
            }
        }
    }

    void leave() {
        everybody.release();
        places.release();
    }
}
