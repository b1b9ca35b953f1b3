package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all work that waits, does it in one transaction and commits once: group commit. When
 * one of several fails, nothing is committed and each is done again alone, so it takes nobody with it. Thread-safe.
 */
final class Writer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Writer.class);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** How long a commit waits for others, when others were there the last time: then more are on their way. */
    private static final Duration GATHERING = Duration.ofMillis(1);

    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    private static final int COMPANY = 3;
    private static final int MAX_CONFLICTS = 5;

    /** Work that has not told what it looks at, such as claims, looks before the others' changes would have to be written. */
    private static final Comparator<Task<?>> LOOKING_FIRST =
            Comparator.comparing(task -> !task.reads().equals(Reads.NONE));

    /** Work inside a transaction. May be done more than once, of which one counts; so it changes nothing but the database. */
    @FunctionalInterface
    interface Work<T> {
        T in(Tx tx) throws SQLException;
    }

    private final Dialect dialect;
    private final DatabaseOptions options;
    private final BlockingQueue<Task<?>> queue;
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Session session;
    private boolean inCompany;
    private final LongAdder writes = new LongAdder();
    private final LongAdder commits = new LongAdder();

    private Writer(Dialect dialect, DatabaseOptions options) {
        this.dialect = dialect;
        this.options = options;
        queue = new ArrayBlockingQueue<>(options.maxWaitingWrites());
        thread = new Thread(this::run, "wppflow-writer");
        thread.setDaemon(true);
    }

    static Writer start(Dialect dialect, DatabaseOptions options) {
        var writer = new Writer(dialect, options);
        writer.thread.start();
        return writer;
    }

    /** Does the work and returns when it is committed. */
    <T> T write(Work<T> work) {
        return write(Reads.NONE, work);
    }

    /** The same, with word of what the work will look at, so that it can be read for many at once. */
    <T> T write(Reads reads, Work<T> work) {
        var task = new Task<>(reads, work);
        if (closed) {
            throw new FlowException(StorageError.UNAVAILABLE, "the database is closed", null);
        }
        if (!queue.offer(task)) {
            throw new FlowException(StorageError.OVERLOADED, queue.size() + " writes wait already", null);
        }
        return task.await(options.maxWait());
    }

    /**
     * The same for one step of long work, such as removing what is old: rests afterwards for as long as it took, a second at
     * the most, so that others have the writer for at least half of the time.
     */
    <T> T writeGently(Work<T> step) {
        long begin = System.nanoTime();
        T result = write(step);
        LockSupport.parkNanos(Math.min(System.nanoTime() - begin, LONGEST_REST.toNanos()));
        return result;
    }

    /** How many transactions were committed, each after the disk was synchronised. */
    long commits() {
        return commits.sum();
    }

    /** How many writes they were made of. */
    long writes() {
        return writes.sum();
    }

    /** How many wait to be taken up. */
    int waiting() {
        return queue.size();
    }

    private void run() {
        var batch = new ArrayList<Task<?>>(options.maxBatch());
        while (!closed || !queue.isEmpty()) {
            try {
                Task<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    if (inCompany && queue.size() < options.maxBatch()) {
                        LockSupport.parkNanos(GATHERING.toNanos());
                    }
                    queue.drainTo(batch, options.maxBatch() - 1);
                    inCompany = batch.size() >= COMPANY;
                    batch.removeIf(task -> !task.begin());
                    batch.sort(LOOKING_FIRST);
                    process(batch);
                }
            } catch (InterruptedException e) {
                closed = true;
            } finally {
                batch.clear();
            }
        }
        try {
            dialect.closing(connected());
        } catch (SQLException | RuntimeException e) {
            log.warn("the database is not closed properly; the next start checks it", e);
        }
        disconnect();
    }

    private void process(List<Task<?>> batch) {
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
        long giveUpAt = System.nanoTime() + options.maxWait().toNanos() * 3 / 4;
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
                commits.increment();
                writes.add(batch.size());
                batch.forEach(Task::complete);
                return true;
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
            open = new Session(dialect.openWriter());
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

    /** Does what waits, then ends the thread. */
    @Override
    public void close() {
        closed = true;
        queue.offer(new Task<>(Reads.NONE, tx -> true)); // wakes the thread; when the queue is full, it is awake
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
