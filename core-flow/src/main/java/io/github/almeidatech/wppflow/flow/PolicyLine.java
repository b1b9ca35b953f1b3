package io.github.almeidatech.wppflow.flow;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread that asks policies about events: soon after it is woken, and every poll interval for what others have stored.
 */
final class PolicyLine {

    /** Events come in groups; waiting a moment decides a group at once. */
    private static final Duration GATHERING = Duration.ofMillis(50);

    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

    private final PolicyStep step;
    private final StoreAccess access;
    private final Duration poll;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicBoolean woken = new AtomicBoolean();
    private boolean closing;
    private @Nullable Thread thread;

    PolicyLine(PolicyStep step, StoreAccess access, Duration poll) {
        this.step = step;
        this.access = access;
        this.poll = poll;
    }

    void start() {
        thread = WorkerThreads.daemons("flow-policies").newThread(this::work);
        thread.start();
    }

    /** Something has happened. */
    void wake() {
        if (woken.get() || woken.getAndSet(true)) {
            return; // it has not even looked since the last time
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        while (!isClosing()) {
            try {
                boolean more = access.call(StoreAccess.Call.DECIDE, step::run);
                if (!more) {
                    awaitEvents();
                }
            } catch (RuntimeException | Error known) {
                pause(STORE_PAUSE);
            }
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private void awaitEvents() {
        lock.lock();
        try {
            if (!woken.get()) {
                await(poll);
            }
            woken.set(false);
        } finally {
            lock.unlock();
        }
        pause(GATHERING);
    }

    private void pause(Duration time) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!closing && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            closing = true;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // woken for nothing, it looks once too often
    private void await(Duration time) {
        try {
            if (!closing) {
                var ignored = changed.await(time.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    void stop() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the round that runs. True when it has ended. */
    boolean drain(long deadlineNanos) {
        Thread running = thread;
        if (running == null) {
            return true;
        }
        try {
            running.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
            return !running.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isAlive() {
        Thread running = thread;
        return running != null && running.isAlive();
    }
}
