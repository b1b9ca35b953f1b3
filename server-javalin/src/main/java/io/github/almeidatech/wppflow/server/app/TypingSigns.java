package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.assistant.Presence;
import io.github.almeidatech.wppflow.model.ConversationId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Shows that an answer is being written, beside the answering. What is written within a moment is not announced: two calls
 * to Chatwoot less for each answer that takes no time. What cannot be shown in time is not shown. Thread-safe.
 */
final class TypingSigns implements Presence, AutoCloseable {

    private static final int MOST_WAITING = 64;

    private final Presence shown;
    private final Duration after;
    private final Map<ConversationId, ScheduledFuture<?>> announced = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, TypingSigns::thread, new ThreadPoolExecutor.DiscardPolicy());

    /**
     * @param shown shows it; may block
     * @param after how long an answer takes before it is announced
     */
    TypingSigns(Presence shown, Duration after) {
        this.shown = shown;
        this.after = after;
        thread.setRemoveOnCancelPolicy(true);
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "wppflow-typing");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void typing(ConversationId conversation, boolean on) {
        if (on && thread.getQueue().size() < MOST_WAITING) {
            var sign = thread.schedule(() -> shown.typing(conversation, true), after.toNanos(), TimeUnit.NANOSECONDS);
            ScheduledFuture<?> before = announced.put(conversation, sign);
            if (before != null) {
                before.cancel(false);
            }
        }
        if (!on) {
            ScheduledFuture<?> sign = announced.remove(conversation);
            if (sign != null && !sign.cancel(false)) {
                thread.execute(() -> shown.typing(conversation, false));
            }
        }
    }

    /** Shows nothing any more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
