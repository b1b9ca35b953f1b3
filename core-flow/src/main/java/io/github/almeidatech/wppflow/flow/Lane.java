package io.github.almeidatech.wppflow.flow;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One dispatcher and its {@link Workers} for one kind of work. The dispatcher claims as much as there are free workers, so that
 * what is claimed begins at once; it sleeps until the next piece is due, until it is woken, or for a poll interval.
 */
final class Lane<T> {

    /** After claiming nothing although something seemed due: a tenant has its share, or another process was quicker. */
    private static final Duration BREATHER = Duration.ofMillis(50);

    /** After finding nothing due: many who wake it within that time are answered by one look. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private static final Duration SHORTEST_STORE_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_STORE_PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final Work<T> work;
    private final Workers<T> workers;
    private final Duration poll;
    private final InstantSource clock;
    private final StoreAccess access;
    private final StoreAccess.Call call;

    /** Only the dispatcher's. */
    private boolean leftSome;

    private @Nullable Thread dispatcher;

    /**
     * @param oneAtATime never two pieces of one conversation at the same time in this process, even when the lease of the
     *     first has passed
     * @param call what claiming asks of the store
     */
    Lane(
            String name,
            Work<T> work,
            Shares shares,
            boolean oneAtATime,
            Duration poll,
            InstantSource clock,
            StoreAccess access,
            StoreAccess.Call call) {
        this.name = name;
        this.work = work;
        this.workers = new Workers<>(name, work, shares, oneAtATime, clock);
        this.poll = poll;
        this.clock = clock;
        this.access = access;
        this.call = call;
    }

    void start() {
        workers.start();
        dispatcher = WorkerThreads.daemons(name + "-dispatcher").newThread(this::dispatch);
        dispatcher.start();
    }

    /** Something may be due earlier than thought. */
    void wake() {
        workers.wake();
    }

    /** For who claims with what he stores. */
    SpareWorkers<T> spareWorkers() {
        return workers;
    }

    private void dispatch() {
        Duration storePause = SHORTEST_STORE_PAUSE;
        while (true) {
            try {
                if (!workers.awaitFree(poll)) {
                    return;
                }
                Duration pause = access.call(call, this::startWhatIsDue);
                storePause = SHORTEST_STORE_PAUSE;
                if (!pause.isZero()) {
                    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                    workers.pause(pause);
                }
            } catch (RuntimeException | Error known) {
                workers.pause(storePause);
                Duration longer = storePause.multipliedBy(2);
                storePause = longer.compareTo(LONGEST_STORE_PAUSE) < 0 ? longer : LONGEST_STORE_PAUSE;
            }
        }
    }

    /** Answers how long to sleep then. Who has just got as much as he could take has likely left some, and need not look. */
    private Duration startWhatIsDue() {
        boolean looks = !leftSome;
        Duration pause = looks ? untilDue() : Duration.ZERO;
        if (!pause.isZero()) {
            return pause;
        }
        int places = workers.beginClaiming();
        if (places == 0) {
            return Duration.ZERO; // others were quicker
        }
        int claimed = claimAndStart(places);
        leftSome = claimed == places;
        return looks && claimed == 0 ? BREATHER : Duration.ZERO;
    }

    /** How long nothing is due, at most a poll interval. */
    private Duration untilDue() {
        Optional<Instant> due = work.nextDue();
        if (due.isEmpty()) {
            return poll;
        }
        Duration wait = Duration.between(clock.instant(), due.get());
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(poll) < 0 ? wait : poll;
    }

    private int claimAndStart(int places) {
        try {
            List<T> claimed = work.claim(workers.free(places));
            workers.beginAll(claimed);
            return claimed.size();
        } finally {
            workers.endClaiming();
        }
    }

    /** Claims nothing more from now on. */
    void stopClaiming() {
        workers.close();
    }

    /** Waits for what runs; interrupts it when the time is over. True when everything ended by itself. */
    boolean drain(long deadlineNanos, Duration grace) {
        boolean inTime = dispatcherEnded(deadlineNanos) && workers.awaitIdle(deadlineNanos);
        if (!inTime) {
            workers.interruptAll();
            workers.awaitIdle(System.nanoTime() + grace.toNanos());
        }
        workers.shutDown();
        return inTime;
    }

    /** A claim that is being made is still served. */
    private boolean dispatcherEnded(long deadlineNanos) {
        Thread thread = dispatcher;
        if (thread == null) {
            return true;
        }
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
            return !thread.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isAlive() {
        Thread thread = dispatcher;
        return thread != null && thread.isAlive();
    }
}
