package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that writes, opened when it is needed and again after it was lost: does works in one transaction and commits
 * once. When one of several fails, nothing is committed and each is done again alone, so it takes nobody with it. For one
 * thread, but for the counts.
 */
final class WritingConnection {

    private static final Logger log = LoggerFactory.getLogger(WritingConnection.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MAX_CONFLICTS = 5;

    private final Dialect dialect;
    private final Duration maxWait;
    private final boolean first;
    private final Executor telling;
    private @Nullable Session session;
    private final LongAdder writes = new LongAdder();
    private final LongAdder commits = new LongAdder();

    /**
     * @param first of its process: the one by which others know that this process works on the database
     * @param telling who wakes those who wait for a commit, a call of the system for each, while the next one is on its way
     */
    WritingConnection(Dialect dialect, Duration maxWait, boolean first, Executor telling) {
        this.dialect = dialect;
        this.maxWait = maxWait;
        this.first = first;
        this.telling = telling;
    }

    /** How many transactions were committed, each after the disk was synchronised. */
    long commits() {
        return commits.sum();
    }

    /** How many works they were made of. */
    long writes() {
        return writes.sum();
    }

    /** Returns when it is known how each of them ended, and each is told or about to be. */
    void process(List<Task<?>> batch) {
        try {
            if (!batch.isEmpty() && !together(batch)) {
                batch.forEach(task -> together(List.of(task)));
            }
        } catch (Throwable failure) { // the loop must live, and nobody may wait for ever
            log.error("a defect in {} writes", batch.size(), failure);
            disconnect();
            batch.forEach(task -> task.fail(new FlowException(StorageError.UNCLEAR, "write", failure)));
        }
    }

    /** One transaction for all of them. False when one of several failed: then nothing is changed and nobody told. */
    private boolean together(List<Task<?>> batch) {
        long giveUpAt = System.nanoTime() + maxWait.toNanos() * 3 / 4;
        int conflicts = 0;
        while (true) {
            boolean committing = false;
            try {
                Session open = connected();
                dialect.begin(open);
                var tx = new Tx(open, dialect);
                tx.read(batch);
                for (Task<?> task : batch) {
                    task.perform(tx);
                }
                tx.flush();
                committing = true;
                dialect.commit(open, tx.hasAddedWork());
                break;
            } catch (SQLException e) {
                Dialect.Damage damage = dialect.damageOf(e);
                rollback(e, damage);
                if (!committing && damage == Dialect.Damage.STATEMENT && batch.size() > 1) {
                    return false;
                }
                boolean mayHeal = damage == Dialect.Damage.CONNECTION
                        || damage == Dialect.Damage.TRANSACTION && ++conflicts < MAX_CONFLICTS;
                boolean atOnce = damage == Dialect.Damage.TRANSACTION && conflicts == 1; // who was first is through
                if (committing || !mayHeal || !atOnce && !pauseUntil(giveUpAt)) {
                    StorageError error = dialect.errorOf(e, committing);
                    String what = committing ? "commit" : "write";
                    batch.forEach(task -> task.fail(new FlowException(error, what, e)));
                    return true;
                }
            } catch (RuntimeException e) {
                rollback(e, Dialect.Damage.STATEMENT);
                if (batch.size() > 1) {
                    return false;
                }
                batch.forEach(task -> task.fail(e));
                return true;
            }
        }
        commits.increment();
        writes.add(batch.size());
        tell(batch);
        return true;
    }

    private void tell(List<Task<?>> committed) {
        if (committed.size() < Writer.COMPANY) {
            committed.forEach(Task::complete);
        } else {
            List<Task<?>> copy = List.copyOf(committed); // the list is filled anew meanwhile
            telling.execute(() -> copy.forEach(Task::complete));
        }
    }

    private void rollback(Exception cause, Dialect.Damage damage) {
        Session open = session;
        if (open == null) {
            return;
        }
        try {
            dialect.rollback(open);
        } catch (SQLException e) {
            cause.addSuppressed(e);
            disconnect();
        }
        if (damage == Dialect.Damage.CONNECTION) {
            disconnect();
        }
    }

    /** A moment's rest before trying again. False when the time is up. */
    private static boolean pauseUntil(long giveUpAt) {
        LockSupport.parkNanos(PAUSE.toNanos());
        return System.nanoTime() < giveUpAt;
    }

    private Session connected() throws SQLException {
        Session open = session;
        if (open == null) {
            open = new Session(dialect.openWriter(first));
            session = open;
        }
        return open;
    }

    private void disconnect() {
        Session open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("closing the writing connection", e);
            }
        }
    }

    /** After the last. */
    void close() {
        if (first) {
            try {
                dialect.closing(connected());
            } catch (SQLException | RuntimeException e) {
                log.warn("the database is not closed properly; the next start checks it", e);
            }
        }
        disconnect();
    }
}
