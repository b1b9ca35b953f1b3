package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time, told without asking it each time. All processes that share a database so agree on leases and waits,
 * whatever their machines' clocks say. While the database is away the counting goes on.
 */
final class DatabaseClock extends SteadyClock {

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);
    /** An answer that took longer says too little about when it was true. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final Supplier<Instant> database;

    /** @param database asks for its time; may fail, but not the first time */
    DatabaseClock(Supplier<Instant> database, LongSupplier nanos) {
        super(database.get(), nanos);
        this.database = database;
    }

    /** Keeps to the last look when it fails or takes too long. */
    @Override
    void look() {
        long asked = count();
        Instant time;
        try {
            time = database.get();
        } catch (RuntimeException e) {
            log.debug("the database's time could not be read: {}", e.getClass().getSimpleName());
            return;
        }
        long took = count() - asked;
        if (took <= LONGEST_LOOK.toNanos()) {
            tell(time, asked + took / 2);
        }
    }
}
