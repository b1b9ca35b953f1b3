package io.github.almeidatech.wppflow.benchmarks;

import io.javalin.Javalin;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The least a Chatwoot can be: answers at once, remembers nothing, counts the messages it was given. Thread-safe. */
final class InstantChatwoot implements AutoCloseable {

    private static final String CONVERSATION = "/api/v1/accounts/1/conversations/{id}";

    private final Javalin server;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicLong ids = new AtomicLong(9_000_000);

    private final Map<Long, Long> firstReplies = new ConcurrentHashMap<>();

    InstantChatwoot() {
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.get("/api", ctx -> ctx.json(Map.of("version", "4.15.1")));
                    config.routes.get(CONVERSATION, ctx -> ctx.json(conversation(ctx.pathParam("id"))));
                    config.routes.post(CONVERSATION + "/messages", ctx -> {
                        ctx.bodyAsBytes();
                        lastNanos.set(System.nanoTime());
                        firstReplies.putIfAbsent(Long.valueOf(ctx.pathParam("id")), lastNanos.get());
                        messages.incrementAndGet();
                        ctx.json(message());
                    });
                    config.routes.get(CONVERSATION + "/labels", ctx -> ctx.json(Map.of("payload", new String[0])));
                    config.routes.post(CONVERSATION + "/labels", ctx -> ctx.json(Map.of("payload", new String[0])));
                    config.routes.post(CONVERSATION + "/<rest>", ctx -> ctx.json(Map.of()));
                })
                .start("127.0.0.1", 0);
    }

    private static Map<String, Object> conversation(String id) {
        long now = Instant.now().getEpochSecond();
        return Map.of(
                "id",
                Long.parseLong(id),
                "inbox_id",
                1,
                "status",
                "pending",
                "can_reply",
                true,
                "labels",
                new String[0],
                "meta",
                Map.of("channel", "Channel::Whatsapp"),
                "last_activity_at",
                now,
                "last_non_activity_message",
                Map.of("id", 1, "message_type", 0, "created_at", now, "sender", Map.of("type", "contact")));
    }

    private Map<String, Object> message() {
        return Map.of(
                "id",
                ids.incrementAndGet(),
                "message_type",
                1,
                "content",
                "ok",
                "created_at",
                Instant.now().getEpochSecond(),
                "private",
                false,
                "sender",
                Map.of("type", "agent_bot"));
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** How many messages it was given. */
    int messages() {
        return messages.get();
    }

    /** When the first one of that conversation came, as {@link System#nanoTime()}; 0 for none yet. */
    long firstReply(long conversation) {
        return firstReplies.getOrDefault(conversation, 0L);
    }

    /** When the last one came, as {@link System#nanoTime()}. */
    long lastNanos() {
        return lastNanos.get();
    }

    @Override
    public void close() {
        server.stop();
    }
}
