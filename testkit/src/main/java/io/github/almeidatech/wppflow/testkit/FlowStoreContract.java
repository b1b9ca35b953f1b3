package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.FlowStore;
import org.junit.jupiter.api.Test;

/**
 * What every {@link FlowStore} does: the rules of its documentation, one test each, what holds under concurrency, and
 * long random runs beside the in-memory store. A subclass says how to open and reopen a store; all times are given, so
 * nothing waits.
 *
 * <pre>{@code
 * class MyFlowStoreTest extends FlowStoreContract {
 *     protected Opened open() { ... }
 *     protected Opened reopen(Opened before) { ... }
 * }
 * }</pre>
 */
public abstract class FlowStoreContract extends FlowStoreConcurrencyRules {

    /**
     * A store and the log its events go to.
     *
     * @param store is closed by the suite
     * @param events shows what the store has written
     */
    public record Opened(FlowStore store, EventLog events) {}

    /** How many random runs, each on a store of its own; 20 by default. */
    protected int randomRuns() {
        return 20;
    }

    /** A new, empty store. */
    @Override
    protected abstract Opened open();

    /**
     * The same data in a new store, as after a restart; closes the one before. Nothing is recovered yet.
     *
     * @param before what {@link #open} or this method gave
     */
    @Override
    protected abstract Opened reopen(Opened before);

    @Test
    void it_does_what_the_in_memory_store_does() {
        for (long seed = 1; seed <= randomRuns(); seed++) {
            try (var comparison = new FlowStoreComparison(seed, open(), this::reopen)) {
                comparison.run(300);
            }
        }
    }
}
