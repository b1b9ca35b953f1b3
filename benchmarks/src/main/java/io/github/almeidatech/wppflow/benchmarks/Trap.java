package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.Faults;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Strikes once when a simulated system gets a request: at once, before anything is done; or while the system, which has done
 * what was asked, keeps back its answer. Thread-safe.
 */
final class Trap {

    private static final Duration KEPT_BACK = Duration.ofMillis(800);
    private static final Duration PER_BYTE = Duration.ofMillis(3);
    private static final Duration SOON = Duration.ofMillis(200);

    private final AtomicReference<Armed> armed = new AtomicReference<>();

    private record Armed(Moment moment, Predicate<SeenRequest> when, Runnable strike) {}

    /** When it strikes. */
    enum Moment {
        /** Before the request is done. */
        ARRIVED,
        /** After it was done, before it is answered. */
        DONE,
        /** While the answer goes out byte by byte. */
        ANSWERING
    }

    /** Sets it at a system; to be done before other faults are. */
    void watch(Faults faults) {
        faults.always(request -> isHit(Moment.ARRIVED, request), Fault.slow(Duration.ZERO));
        faults.always(request -> isHit(Moment.DONE, request), Fault.slow(KEPT_BACK));
        faults.always(request -> isHit(Moment.ANSWERING, request), Fault.drip(PER_BYTE));
    }

    /** The next request that matches meets it. */
    void arm(Moment moment, Predicate<SeenRequest> when, Runnable strike) {
        armed.set(new Armed(moment, when, strike));
    }

    /** It does not strike any more. */
    void disarm() {
        armed.set(null);
    }

    private boolean isHit(Moment moment, SeenRequest request) {
        Armed set = armed.get();
        if (set == null || set.moment() != moment || !set.when().test(request) || !armed.compareAndSet(set, null)) {
            return false;
        }
        if (moment == Moment.ARRIVED) {
            set.strike().run();
        } else {
            CompletableFuture.delayedExecutor(SOON.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(set.strike());
        }
        return true;
    }
}
