package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.jdbc.IgnoredDeliveries;
import io.github.almeidatech.wppflow.jdbc.IgnoredDelivery;
import io.github.almeidatech.wppflow.model.ConversationId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what is ignored, so that it can be explained. Counted in memory and written every few seconds: ignoring costs no
 * transaction, and a crash costs the last seconds' counts. Thread-safe.
 */
public final class IgnoredTally implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IgnoredTally.class);
    private static final int WRITE_EVERY_SECONDS = 5;
    /** Between two writes; what is ignored beyond shows in the metrics alone. */
    private static final int MOST = 10_000;
    /** Small, so that nothing that is accepted waits for it. */
    private static final int BATCH = 200;

    private final IgnoredDeliveries stored;
    private final Map<Kind, IgnoredDelivery> waiting = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var daemon = new Thread(work, "wppflow-ignored");
        daemon.setDaemon(true);
        return daemon;
    });

    public IgnoredTally(IgnoredDeliveries stored) {
        this.stored = stored;
    }

    private record Kind(ConversationId conversation, String event, String reason) {}

    /** Begins to write now and then. */
    public void start() {
        thread.scheduleWithFixedDelay(this::write, WRITE_EVERY_SECONDS, WRITE_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** Counts deliveries; touches no storage. */
    public void note(IgnoredDelivery ignored) {
        var kind = new Kind(ignored.conversation(), ignored.event(), ignored.reason());
        synchronized (waiting) {
            if (waiting.size() < MOST || waiting.containsKey(kind)) {
                waiting.merge(kind, ignored, IgnoredDelivery::and);
            }
        }
    }

    /** A conversation's, up to now, the latest first. */
    public List<IgnoredDelivery> of(ConversationId conversation) {
        write();
        return stored.of(conversation);
    }

    /** Writes what was counted; on failure it is lost, which costs an explanation and nothing else. */
    private void write() {
        List<IgnoredDelivery> counted;
        synchronized (waiting) {
            counted = List.copyOf(waiting.values());
            waiting.clear();
        }
        try {
            for (int from = 0; from < counted.size(); from += BATCH) {
                stored.add(counted.subList(from, Math.min(from + BATCH, counted.size())));
            }
        } catch (RuntimeException e) { // the next ones must be written
            log.warn(
                    "{} counts of ignored deliveries are lost: {}",
                    counted.size(),
                    e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        write();
    }
}
