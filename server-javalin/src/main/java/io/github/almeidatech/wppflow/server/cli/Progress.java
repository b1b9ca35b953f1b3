package io.github.almeidatech.wppflow.server.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows beside the answer, on standard error, that long work goes on: on a terminal one line that is drawn anew each second,
 * with a bar where it is known how much there is; elsewhere a line every ten seconds. Quick work shows nothing. Thread-safe;
 * owns a thread until it is closed.
 */
final class Progress implements AutoCloseable {

    private static final int BAR = 30;

    private final PrintWriter err;
    private final String what;
    private final boolean terminal;
    private final long begin = System.nanoTime();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong all = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "progress");
        thread.setDaemon(true);
        return thread;
    });
    private boolean drawn;

    /** Begins now. */
    @SuppressWarnings(
            "SystemConsoleNull") // on JDK 22 to 24 there is one without a terminal, too: the line is drawn more often
    static Progress of(String what, PrintWriter err) {
        boolean terminal = System.console() != null;
        return new Progress(what, err, terminal, Duration.ofSeconds(terminal ? 1 : 10));
    }

    Progress(String what, PrintWriter err, boolean terminal, Duration every) {
        this.what = what;
        this.err = err;
        this.terminal = terminal;
        thread.scheduleAtFixedRate(this::draw, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * How far it is.
     *
     * @param done so many
     * @param of so many in all; 0 when nobody knows
     */
    void at(long done, long of) {
        this.done.set(done);
        this.all.set(of);
    }

    /** One more. */
    void step() {
        done.incrementAndGet();
    }

    private synchronized void draw() {
        err.print(terminal ? "\r" + line() : line() + System.lineSeparator());
        err.flush();
        drawn = true;
    }

    /** {@code storing documents [##########....................]  33 %  120/360, 4 s}. */
    String line() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        long part = done.get();
        long whole = all.get();
        if (whole > 0) {
            int filled = (int) Math.min(BAR, BAR * part / whole);
            return String.format(
                    Locale.ROOT,
                    "%s [%s%s] %3d %%  %d/%d, %d s",
                    what,
                    "#".repeat(filled),
                    ".".repeat(BAR - filled),
                    100 * part / whole,
                    part,
                    whole,
                    seconds);
        }
        return part > 0 ? what + ", " + part + ", " + seconds + " s" : what + ", " + seconds + " s";
    }

    @Override
    public void close() {
        thread.shutdownNow();
        synchronized (this) {
            if (terminal && drawn) {
                err.print("\r" + " ".repeat(line().length()) + "\r");
                err.flush();
            }
        }
    }
}
