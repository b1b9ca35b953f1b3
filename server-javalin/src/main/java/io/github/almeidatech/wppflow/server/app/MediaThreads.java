package io.github.almeidatech.wppflow.server.app;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Read the attachments of a turn beside each other. When all are taken the turn's own thread reads, so a turn with many
 * files is slower for that and nobody waits for another tenant's. Thread-safe.
 */
final class MediaThreads implements Executor, AutoCloseable {

    private static final int MOST = 16;

    private final UnaryOperator<Runnable> context;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            MOST,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            MediaThreads::thread,
            new ThreadPoolExecutor.CallerRunsPolicy());

    /** @param context what a reading takes along from the thread that wants it, besides the names in its log lines */
    MediaThreads(UnaryOperator<Runnable> context) {
        this.context = context;
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "wppflow-media");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable reading) {
        Map<String, String> names = MDC.getCopyOfContextMap();
        Runnable carried = context.apply(reading);
        threads.execute(() -> {
            Map<String, String> own = MDC.getCopyOfContextMap();
            set(names);
            try {
                carried.run();
            } finally {
                set(own);
            }
        });
    }

    private static void set(@Nullable Map<String, String> names) {
        if (names == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(names);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
