package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.Faults;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A system that answers nothing but 503 at the end of each period, until {@link #end()}. Thread-safe. */
final class Outages {

    private final long begin = System.nanoTime();
    private final Duration every;
    private final Duration lasting;
    private final AtomicInteger struck = new AtomicInteger();
    private volatile boolean ended;

    private Outages(Duration every, Duration lasting) {
        this.every = every;
        this.lasting = lasting;
    }

    /** Begins to count now. */
    static Outages of(Faults faults, Duration every, Duration lasting) {
        var outages = new Outages(every, lasting);
        faults.always(request -> outages.strikes(), Fault.status(503));
        return outages;
    }

    private boolean strikes() {
        long sinceLast = (System.nanoTime() - begin) % every.toNanos();
        boolean strikes = !ended && sinceLast >= every.minus(lasting).toNanos();
        if (strikes) {
            struck.incrementAndGet();
        }
        return strikes;
    }

    void end() {
        ended = true;
    }

    /** How many requests met one. */
    int struck() {
        return struck.get();
    }
}
