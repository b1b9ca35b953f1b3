package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who writes: one thread takes all work that waits, and has it done in one transaction that is committed once: group commit.
 * Where several processes may work on a database so may two threads: while one transaction is committed, the next is on its
 * way. Thread-safe.
 */
final class Writer implements AutoCloseable {

    /**
     * How long a commit of a database server, which costs it more than one of a file, waits for others, when others were there
     * the last time: then more are on their way.
     */
    private static final Duration GATHERING = Duration.ofMillis(1);

    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /** From how many on it is worth it to leave works, or the telling, to another thread. */
    static final int COMPANY = 3;

    /** Work that has not told what it looks at, such as claims, looks before the others' changes would have to be written. */
    private static final Comparator<Task<?>> LOOKING_FIRST = Comparator.comparing(Writer::isTold);

    /** Work inside a transaction. May be done more than once, of which one counts; so it changes nothing but the database. */
    @FunctionalInterface
    interface Work<T> {
        T in(Tx tx) throws SQLException;
    }

    private final DatabaseOptions options;
    private final BlockingQueue<Task<?>> queue;
    private final WritingConnection connection;
    private final @Nullable WritingHelper helper;
    private final ExecutorService telling;
    private final Thread thread;
    private volatile boolean closed;
    private boolean inCompany;

    private Writer(Dialect dialect, DatabaseOptions options) {
        this.options = options;
        queue = new ArrayBlockingQueue<>(options.maxWaitingWrites());
        telling = Executors.newSingleThreadExecutor(run -> daemon(run, "wppflow-telling"));
        connection = new WritingConnection(dialect, options.maxWait(), true, telling);
        helper = dialect.shared()
                ? new WritingHelper(new WritingConnection(dialect, options.maxWait(), false, telling))
                : null;
        thread = daemon(this::run, "wppflow-writer");
    }

    private static Thread daemon(Runnable run, String name) {
        var thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
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
        return connection.commits() + (helper == null ? 0 : helper.commits());
    }

    /** How many writes they were made of. */
    long writes() {
        return connection.writes() + (helper == null ? 0 : helper.writes());
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
                    if (helper != null && inCompany && queue.size() < options.maxBatch()) {
                        LockSupport.parkNanos(GATHERING.toNanos());
                    }
                    queue.drainTo(batch, options.maxBatch() - 1);
                    inCompany = batch.size() >= COMPANY;
                    batch.removeIf(task -> !task.begin());
                    share(batch);
                    batch.sort(LOOKING_FIRST);
                    connection.process(batch);
                }
            } catch (InterruptedException e) {
                closed = true;
            } finally {
                batch.clear();
            }
        }
        if (helper != null) {
            helper.close();
        }
        connection.close();
        telling.shutdown(); // those who are still to be told are
    }

    /**
     * Leaves what has told what it looks at to the helper, when it is free and that is worth a commit. What looks for something,
     * such as claims, and what concerns all of the database stays with this process's first connection.
     */
    private void share(List<Task<?>> batch) {
        if (helper != null) {
            List<Task<?>> told = batch.stream().filter(Writer::isTold).toList();
            if (told.size() >= COMPANY && helper.takes(told)) {
                batch.removeIf(Writer::isTold);
            }
        }
    }

    private static boolean isTold(Task<?> task) {
        return !task.reads().equals(Reads.NONE);
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
