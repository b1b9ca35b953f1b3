package io.github.almeidatech.wppflow.flow;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers whether the store works, and repeats what must not be lost because of a hiccup. Logs once per change.
 * Thread-safe.
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

    private final FlowListener listener;
    private final Pause pause;
    private boolean well = true;

    StoreAccess(FlowListener listener, Pause pause) {
        this.listener = listener;
        this.pause = pause;
    }

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /**
     * Stores the result of work already done. Repeating is safe: a second completion is a lost lease.
     *
     * @throws RuntimeException the store's last failure
     */
    <T> T persist(Supplier<T> call) {
        for (Duration wait : PAUSES) {
            try {
                return call.get();
            } catch (RuntimeException e) {
                failed(e);
                if (!slept(wait)) {
                    break;
                }
            }
        }
        return call.get();
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

    void failed(Throwable failure) {
        synchronized (this) {
            if (!well) {
                return;
            }
            well = false;
        }
        LOG.error("the flow store fails; trying again until it works", failure);
        listener.storeWell(false);
    }

    void worked() {
        synchronized (this) {
            if (well) {
                return;
            }
            well = true;
        }
        LOG.info("the flow store works again");
        listener.storeWell(true);
    }

    synchronized boolean isWell() {
        return well;
    }
}
