package io.github.almeidatech.wppflow.flow;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers whether the store works, and repeats what must not be lost because of a hiccup. Logs when the first kind of
 * call begins to fail and when the last one works again, not in between: a full disk still reads. Thread-safe.
 */
final class StoreAccess {

    private static final Logger LOG = LoggerFactory.getLogger(FlowEngine.class);

    /** Waits between the tries to store a result: about five seconds in all, far less than a lease. */
    private static final List<Duration> PAUSES = List.of(
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofMillis(800),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2));

    /** A failure that is not repeated for so long, because nobody tries it again, is not held against the store. */
    private static final long FORGIVEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FlowListener listener;
    private final Pause pause;
    private final Set<Call> failing = EnumSet.noneOf(Call.class);
    private long lastFailureNanos;

    StoreAccess(FlowListener listener, Pause pause) {
        this.listener = listener;
        this.pause = pause;
    }

    /** What the store is asked to do. */
    enum Call {
        ACCEPT,
        CLAIM_TURNS,
        STORE_TURN,
        CLAIM_REPLIES,
        CLAIM_RECORDS,
        STORE_COMMAND,
        DECIDE
    }

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /** Calls the store once. */
    <T> T call(Call kind, Supplier<T> call) {
        try {
            T result = call.get();
            worked(kind);
            return result;
        } catch (RuntimeException | Error failure) {
            failed(kind, failure);
            throw failure;
        }
    }

    /**
     * Stores the result of work already done, and repeats it when it is not known whether it was stored: a second completion
     * is a lost lease, or gives again what was claimed with the first.
     *
     * @throws RuntimeException the store's last failure
     */
    <T> T persist(Call kind, Supplier<T> call) {
        for (Duration wait : PAUSES) {
            try {
                return call(kind, call);
            } catch (RuntimeException e) {
                if (!slept(wait)) {
                    break;
                }
            }
        }
        return call(kind, call);
    }

    private boolean slept(Duration wait) {
        try {
            pause.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void failed(Call kind, Throwable failure) {
        boolean first;
        synchronized (this) {
            first = failing.isEmpty();
            failing.add(kind);
            lastFailureNanos = System.nanoTime();
        }
        if (first) {
            LOG.error("the flow store fails ({}); trying again until it works", kind, failure);
            listener.storeWell(false);
        }
    }

    private void worked(Call kind) {
        synchronized (this) {
            if (!failing.remove(kind) || !failing.isEmpty()) {
                return;
            }
        }
        LOG.info("the flow store works again");
        listener.storeWell(true);
    }

    synchronized boolean isWell() {
        return failing.isEmpty() || System.nanoTime() - lastFailureNanos > FORGIVEN_NANOS;
    }
}
