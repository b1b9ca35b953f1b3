package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that counts by itself from the last time it was told, and looks from time to time whether that still holds, in a
 * thread of its own until it is closed. Thread-safe; {@link #instant()} never blocks.
 */
abstract class SteadyClock implements InstantSource, AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private record Told(Instant time, long nanos) {}

    private final LongSupplier nanos;
    private final Thread thread;
    private volatile Told last;
    private volatile boolean closed;

    /**
     * A clock that does not look yet.
     *
     * @param first the time it is
     * @param nanos as {@link System#nanoTime()}
     */
    SteadyClock(Instant first, LongSupplier nanos) {
        this.nanos = nanos;
        this.last = new Told(first, nanos.getAsLong());
        this.thread = new Thread(this::keepLooking, "wppflow-clock");
        thread.setDaemon(true);
    }

    /** Looks again from time to time, until closed. */
    final void start() {
        thread.start();
    }

    /** Looks now; does not throw. */
    abstract void look();

    final long count() {
        return nanos.getAsLong();
    }

    /** It was this time when {@link #count()} was that. */
    final void tell(Instant time, long count) {
        last = new Told(time, count);
    }

    @Override
    public final Instant instant() {
        Told told = last;
        return told.time().plusNanos(count() - told.nanos());
    }

    private void keepLooking() {
        while (!closed) {
            try {
                Thread.sleep(LOOK_EVERY.toMillis());
            } catch (InterruptedException e) {
                return;
            }
            look();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
