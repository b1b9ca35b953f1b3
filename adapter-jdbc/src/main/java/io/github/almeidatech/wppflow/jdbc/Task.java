package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Work that waits for, or is in, a transaction of the {@link Writer}. The caller waits, bounded, for the commit. */
final class Task<T> {

    /** How long a caller whose work has begun waits beyond its time to learn how it ended. */
    private static final Duration GRACE = Duration.ofMillis(800);

    private enum State {
        WAITING,
        BEGUN,
        CANCELLED
    }

    private final Reads reads;
    private final Writer.Work<T> work;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable T result;

    Task(Reads reads, Writer.Work<T> work) {
        this.reads = reads;
        this.work = work;
    }

    Reads reads() {
        return reads;
    }

    /** False when the caller has given up. */
    boolean begin() {
        return state.compareAndSet(State.WAITING, State.BEGUN);
    }

    void perform(Tx tx) throws SQLException {
        result = work.in(tx);
    }

    /** The commit has succeeded. */
    @SuppressWarnings("NullAway") // perform has set it, to null only where T allows it
    void complete() {
        done.complete(result);
    }

    void fail(RuntimeException failure) {
        done.completeExceptionally(failure);
    }

    /** Waits for the commit; throws when the time is up. */
    T await(Duration maxWait) {
        try {
            try {
                return done.get(maxWait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (cancel()) {
                    throw new FlowException(
                            StorageError.UNAVAILABLE, "not written within " + maxWait.toMillis() + " ms", null);
                }
                return done.get(GRACE.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            throw new FlowException(StorageError.UNCLEAR, "the commit takes too long", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlowException(cancel() ? StorageError.UNAVAILABLE : StorageError.UNCLEAR, "interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private boolean cancel() {
        return state.compareAndSet(State.WAITING, State.CANCELLED);
    }
}
