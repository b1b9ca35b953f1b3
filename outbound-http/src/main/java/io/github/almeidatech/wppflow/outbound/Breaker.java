package io.github.almeidatech.wppflow.outbound;

import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps calls back from a system that is not well: from five failures among ten calls on, for a while; then one call is let
 * through, and decides. Thread-safe.
 */
public final class Breaker {

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final CircuitBreaker<Object> circuit;

    /**
     * A closed one.
     *
     * @param system what is called, for the log; no secrets
     * @param delay how long calls are kept back
     */
    public Breaker(String system, Duration delay) {
        this.circuit = CircuitBreaker.builder()
                .withFailureThreshold(5, 10)
                .withDelay(delay)
                .withSuccessThreshold(1)
                .onOpen(event -> LOG.warn("{} keeps failing: calls stop for a while", system))
                .onClose(event -> LOG.info("{} answers again", system))
                .build();
    }

    /**
     * Makes a call, or keeps it back.
     *
     * @param sick whether a failure says that the system itself is not well; any other counts as an answer
     * @param keptBack what to throw for a call that was not made, from how long calls are still kept back
     */
    public <T> T call(
            Supplier<T> call,
            Predicate<? super RuntimeException> sick,
            Function<Duration, ? extends RuntimeException> keptBack) {
        if (!circuit.tryAcquirePermit()) {
            throw keptBack.apply(circuit.getRemainingDelay());
        }
        boolean healthy = true;
        try {
            return call.get();
        } catch (RuntimeException e) {
            healthy = !sick.test(e);
            throw e;
        } finally {
            if (healthy) {
                circuit.recordSuccess();
            } else {
                circuit.recordFailure();
            }
        }
    }

    /** Whether all calls are let through. */
    public boolean isClosed() {
        return circuit.isClosed();
    }

    /** How long calls are still kept back; zero when they are not. */
    public Duration left() {
        return circuit.getRemainingDelay();
    }

    /** {@code closed}, {@code open} or {@code half_open}. */
    public String state() {
        return circuit.getState().name().toLowerCase(Locale.ROOT);
    }
}
