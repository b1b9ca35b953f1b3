package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time, told without asking it each time: what it was at the last look, and what a clock that only counts has
 * counted since. All processes that share a database so agree on leases and waits, whatever their machines' clocks say.
 * While the database is away the counting goes on. Thread-safe; {@link #instant()} never blocks.
 */
final class DatabaseClock implements InstantSource, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    /** An answer that took longer says too little about when it was true. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private record Look(Instant time, long nanos) {}

    private final Supplier<Instant> database;
    private final LongSupplier nanos;
    private final Thread thread;
    private volatile Look last;
    private volatile boolean closed;

    /**
     * A clock that has looked once.
     *
     * @param database asks for its time; may fail
     * @param nanos as {@link System#nanoTime()}
     */
    DatabaseClock(Supplier<Instant> database, LongSupplier nanos) {
        this.database = database;
        this.nanos = nanos;
        this.last = new Look(database.get(), nanos.getAsLong());
        this.thread = new Thread(this::keepLooking, "wppflow-clock");
        thread.setDaemon(true);
    }

    /** Looks again from time to time, until closed. */
    DatabaseClock start() {
        thread.start();
        return this;
    }

    @Override
    public Instant instant() {
        Look look = last;
        return look.time().plusNanos(nanos.getAsLong() - look.nanos());
    }

    /** Looks now, and keeps to the last look when that fails or takes too long. */
    void look() {
        long asked = nanos.getAsLong();
        Instant time;
        try {
            time = database.get();
        } catch (RuntimeException e) {
            log.debug("the database's time could not be read: {}", e.getClass().getSimpleName());
            return;
        }
        long took = nanos.getAsLong() - asked;
        if (took <= LONGEST_LOOK.toNanos()) {
            last = new Look(time, asked + took / 2);
        }
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
