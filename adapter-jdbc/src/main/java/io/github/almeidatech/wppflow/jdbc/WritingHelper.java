package io.github.almeidatech.wppflow.jdbc;

import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** A second thread with a connection of its own, to which the {@link Writer} leaves works while it is free. Thread-safe. */
final class WritingHelper {

    private final WritingConnection connection;
    private final SynchronousQueue<List<Task<?>>> handed = new SynchronousQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    WritingHelper(WritingConnection connection) {
        this.connection = connection;
        thread = new Thread(this::run, "wppflow-writer-helper");
        thread.setDaemon(true);
        thread.start();
    }

    /** True when it does them now; false when it has others to do. */
    boolean takes(List<Task<?>> works) {
        return handed.offer(works);
    }

    long commits() {
        return connection.commits();
    }

    long writes() {
        return connection.writes();
    }

    private void run() {
        while (!closed) {
            try {
                List<Task<?>> works = handed.poll(100, TimeUnit.MILLISECONDS);
                if (works != null) {
                    connection.process(works);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
        connection.close();
    }

    /** Ends what it does, then the thread. */
    void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
