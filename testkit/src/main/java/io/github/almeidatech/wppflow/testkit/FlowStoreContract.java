package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.FlowStore;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

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

    /** Each run on a store of its own, and with a time limit of its own: it is some thousand calls. */
    @RepeatedTest(8)
    void it_does_what_the_in_memory_store_does(RepetitionInfo run) {
        try (var comparison = new FlowStoreComparison(run.getCurrentRepetition(), open(), this::reopen)) {
            comparison.run(300);
        }
    }
}
