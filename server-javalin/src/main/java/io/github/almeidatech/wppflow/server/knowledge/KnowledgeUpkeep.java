package io.github.almeidatech.wppflow.server.knowledge;

import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that keep the knowledge bases up to date: one looks into folders, one makes vectors. */
public final class KnowledgeUpkeep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KnowledgeUpkeep.class);
    private static final Duration VECTORS_AGAIN = Duration.ofMinutes(1);

    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(daemon("knowledge"));
    private final ExecutorService embedding = Executors.newSingleThreadExecutor(daemon("embedding"));
    private final List<KnowledgeFolder> folders = new ArrayList<>();

    private static java.util.concurrent.ThreadFactory daemon(String name) {
        return work -> {
            var thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Where vectors are made; what comes after the end is dropped. */
    public Executor embedding() {
        return work -> {
            try {
                embedding.execute(work);
            } catch (RejectedExecutionException e) {
                log.debug("stopped before vectors were made", e);
            }
        };
    }

    /** Looks into a folder at once, and from now on again and again; twice as often while a file arrives there. */
    public void watch(KnowledgeFolder folder, Duration every) {
        folders.add(folder);
        folder.look();
        lookAgain(folder, every);
    }

    private void lookAgain(KnowledgeFolder folder, Duration every) {
        Duration pause = folder.arriving() ? every.dividedBy(2) : every;
        looking.schedule(
                () -> {
                    quietly(folder::look).run();
                    lookAgain(folder, every);
                },
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Asks again for the vectors that a failing model has left out. */
    public void completeVectors(TenantId tenant, LuceneKnowledgeBase knowledge) {
        looking.scheduleWithFixedDelay(
                () -> embedding().execute(quietly(() -> knowledge.embedMissing(tenant))),
                0,
                VECTORS_AGAIN.toSeconds(),
                TimeUnit.SECONDS);
    }

    /** The files of a tenant's folder that cannot be read, with what is wrong. */
    public Map<String, String> problems(TenantId tenant) {
        return folders.stream()
                .filter(folder -> folder.tenant().equals(tenant))
                .findFirst()
                .map(KnowledgeFolder::problems)
                .orElse(Map.of());
    }

    private static Runnable quietly(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                log.warn("the knowledge could not be kept up to date; tried again soon", e);
            }
        };
    }

    /** Stops both; what is half done is done at the next start. */
    @Override
    public void close() {
        looking.shutdownNow();
        embedding.shutdownNow();
        try {
            boolean ended =
                    looking.awaitTermination(5, TimeUnit.SECONDS) & embedding.awaitTermination(5, TimeUnit.SECONDS);
            if (!ended) {
                log.warn("the upkeep of the knowledge did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
