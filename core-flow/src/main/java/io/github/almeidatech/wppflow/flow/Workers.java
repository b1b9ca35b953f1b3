package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The workers of a {@link Lane}: which of them has which piece, and which are free for whom. The lane's dispatcher waits here
 * until one is free or something has changed. A worker whose lease has passed is interrupted, once. Where others claim for
 * them too, half of the free ones are left to these while the dispatcher claims. Thread-safe.
 */
final class Workers<T> implements SpareWorkers<T> {

    private static final Logger LOG = LoggerFactory.getLogger(FlowEngine.class);

    private final String name;
    private final Work<T> work;
    private final Shares shares;
    private final boolean oneAtATime;
    private final InstantSource clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Running> running = new HashSet<>();
    private final Map<ConversationId, Running> byConversation = new HashMap<>();
    /** How many free workers others keep, by whose pieces they are kept for. */
    private final Map<TenantId, Integer> kept = new HashMap<>();

    private final AtomicBoolean woken = new AtomicBoolean();
    /** How many free workers a claim is being made for. */
    private int claiming;
    /** Others claim for these workers, too. */
    private boolean lends;

    private boolean closing;
    /** What is begun now is interrupted at once. */
    private boolean interrupting;
    /** Nothing begins any more. */
    private boolean drained;

    private @Nullable ExecutorService threads;

    /**
     * @param oneAtATime never two pieces of one conversation at the same time in this process, even when the lease of the
     *     first has passed
     */
    Workers(String name, Work<T> work, Shares shares, boolean oneAtATime, InstantSource clock) {
        this.name = name;
        this.work = work;
        this.shares = shares;
        this.oneAtATime = oneAtATime;
        this.clock = clock;
    }

    /** A piece in the hands of a worker; guarded by the lock. */
    private final class Running {
        private T piece;
        private @Nullable T next;
        private @Nullable Thread thread;
        private boolean interrupted;

        Running(T piece) {
            this.piece = piece;
        }
    }

    void start() {
        start(WorkerThreads.executor(name));
    }

    void start(ExecutorService onThese) {
        threads = onThese;
    }

    /** Ends the dispatcher's pause: something may be due earlier than thought. */
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

    /** Waits until one is free; looks for overdue ones that often. False when closing. */
    boolean awaitFree(Duration poll) {
        lock.lock();
        try {
            while (true) {
                interruptOverdue();
                if (closing || free() > 0) {
                    woken.set(false);
                    return !closing;
                }
                await(poll);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something has changed, at most for that time. */
    void pause(Duration time) {
        lock.lock();
        try {
            interruptOverdue();
            if (!time.isZero() && !woken.get() && !closing) {
                await(time);
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // woken for nothing, it looks once too often
    private void await(Duration time) {
        try {
            var ignored = changed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    private int free() {
        int othersKeep = kept.values().stream().mapToInt(Integer::intValue).sum();
        return shares.workers() - running.size() - othersKeep;
    }

    /** How many a claim may be made for now; until {@link #endClaiming} nobody else keeps these. */
    int beginClaiming() {
        lock.lock();
        try {
            int free = free();
            claiming = lends ? free - free / 2 : free;
            return claiming;
        } finally {
            lock.unlock();
        }
    }

    FreeWorkers free(int places) {
        return shares.free(places, busy());
    }

    void beginAll(List<T> claimed) {
        for (T piece : claimed) {
            shares.seen(work.conversation(piece).tenant());
            hand(piece);
        }
    }

    void endClaiming() {
        lock.lock();
        try {
            claiming = 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean keep(ConversationId conversation) {
        lock.lock();
        try {
            lends = true;
            TenantId tenant = conversation.tenant();
            boolean spare = !closing
                    && !byConversation.containsKey(conversation)
                    && free() > claiming
                    && busy().getOrDefault(tenant, 0) + claiming < shares.most();
            if (spare) {
                kept.merge(tenant, 1, Integer::sum);
            }
            return spare;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void begin(T piece) {
        lock.lock();
        try {
            release(work.conversation(piece));
            if (!drained) { // otherwise its lease will end
                hand(piece);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void giveBack(ConversationId conversation) {
        lock.lock();
        try {
            release(conversation);
            woken.set(true);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void release(ConversationId conversation) {
        kept.computeIfPresent(conversation.tenant(), (tenant, number) -> number == 1 ? null : number - 1);
    }

    /** How many workers each tenant has, with those that are kept for it. */
    private Map<TenantId, Integer> busy() {
        lock.lock();
        try {
            var busy = new HashMap<>(kept);
            running.forEach(each -> busy.merge(work.conversation(each.piece).tenant(), 1, Integer::sum));
            return busy;
        } finally {
            lock.unlock();
        }
    }

    private void hand(T piece) {
        lock.lock();
        try {
            ConversationId conversation = work.conversation(piece);
            Running before = byConversation.get(conversation);
            if (oneAtATime && before != null) {
                before.next = piece;
                return;
            }
            var mine = new Running(piece);
            running.add(mine);
            byConversation.put(conversation, mine);
            if (threads == null) {
                throw new IllegalStateException("not started");
            }
            try {
                threads.execute(() -> work(mine));
            } catch (RuntimeException | Error noThread) { // its lease will end, and the worker is free
                running.remove(mine);
                byConversation.remove(conversation, mine);
                throw noThread;
            }
        } finally {
            lock.unlock();
        }
    }

    private void work(Running mine) {
        T piece = mine.piece;
        while (piece != null) {
            take(mine);
            ConversationId conversation = work.conversation(piece);
            MDC.put("tenant", conversation.tenant().value());
            MDC.put("conversation", conversation.key());
            MDC.put("turn", work.turnId(piece));
            T next = null;
            try {
                next = work.run(piece, () -> mayGoOn(mine));
            } catch (Throwable broken) {
                LOG.error("a worker of {} broke off; its lease will end", name, broken);
            } finally {
                MDC.remove("turn");
                MDC.remove("conversation");
                MDC.remove("tenant");
            }
            piece = next == null ? ended(mine) : goesOn(mine, next);
        }
    }

    private void take(Running mine) {
        lock.lock();
        try {
            mine.thread = Thread.currentThread();
            mine.interrupted = false;
            if (interrupting) {
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether nobody waits for this worker: then it need not be handed another conversation. A tenant that has its share may
     * have others that wait, whoever is free.
     */
    private boolean mayGoOn(Running mine) {
        lock.lock();
        try {
            TenantId tenant = work.conversation(mine.piece).tenant();
            return !closing && mine.next == null && free() > 0 && busy().getOrDefault(tenant, 0) < shares.most();
        } finally {
            lock.unlock();
        }
    }

    private T goesOn(Running mine, T next) {
        lock.lock();
        try {
            mine.piece = next;
            mine.thread = null;
            var ignored = Thread.interrupted(); // cleared
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the worker, unless the conversation has another piece that had to wait for this one. */
    private @Nullable T ended(Running mine) {
        lock.lock();
        try {
            mine.thread = null;
            var ignored = Thread.interrupted(); // cleared
            T next = closing ? null : mine.next;
            mine.next = null;
            if (next != null) {
                mine.piece = next;
                return next;
            }
            running.remove(mine);
            byConversation.remove(work.conversation(mine.piece), mine);
            // The conversation's next bubble, or the same turn after a short wait, may be due now.
            woken.set(true);
            changed.signalAll();
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void interruptOverdue() {
        Instant now = clock.instant();
        for (Running each : running) {
            if (each.thread != null && !each.interrupted && !now.isBefore(work.leaseUntil(each.piece))) {
                each.interrupted = true;
                LOG.error(
                        "a worker of {} holds {} past its lease; interrupting it", name, work.conversation(each.piece));
                each.thread.interrupt();
            }
        }
    }

    /** Nothing more is to be claimed from now on. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what runs. False when the time is over before. */
    boolean awaitIdle(long deadlineNanos) {
        lock.lock();
        try {
            while (!running.isEmpty()) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                var ignored = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    void interruptAll() {
        lock.lock();
        try {
            interrupting = true;
            for (Running each : running) {
                if (each.thread != null) {
                    each.thread.interrupt();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void shutDown() {
        lock.lock();
        try {
            drained = true;
            if (threads != null) {
                threads.shutdown();
            }
        } finally {
            lock.unlock();
        }
    }
}
