package io.github.almeidatech.wppflow.benchmarks;

import io.javalin.Javalin;
import io.javalin.http.Context;
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
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicLong ids = new AtomicLong(9_000_000);
    private final Map<Long, Long> firstReplies = new ConcurrentHashMap<>();

    InstantChatwoot() {
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.get("/api", ctx -> json(ctx, "{\"version\":\"4.15.1\"}"));
                    config.routes.get(CONVERSATION, ctx -> json(ctx, conversation(ctx.pathParam("id"))));
                    config.routes.post(CONVERSATION + "/messages", ctx -> {
                        ctx.bodyAsBytes();
                        lastNanos.set(System.nanoTime());
                        firstReplies.putIfAbsent(Long.valueOf(ctx.pathParam("id")), lastNanos.get());
                        messages.incrementAndGet();
                        json(ctx, message());
                    });
                    config.routes.get(CONVERSATION + "/labels", ctx -> json(ctx, "{\"payload\":[]}"));
                    config.routes.post(CONVERSATION + "/labels", ctx -> json(ctx, "{\"payload\":[]}"));
                    config.routes.post(CONVERSATION + "/<rest>", ctx -> json(ctx, "{}"));
                    config.routes.after(ctx -> calls.incrementAndGet());
                })
                .start("127.0.0.1", 0);
    }

    /** Texts put together by hand: what this one takes of the machine, the server does not get. */
    private static void json(Context ctx, String text) {
        ctx.contentType("application/json").result(text);
    }

    private static String conversation(String id) {
        long now = Instant.now().getEpochSecond();
        return "{\"id\":" + Long.parseLong(id)
                + ",\"inbox_id\":1,\"status\":\"pending\",\"can_reply\":true,\"labels\":[],"
                + "\"meta\":{\"channel\":\"Channel::Whatsapp\"},\"last_activity_at\":" + now
                + ",\"last_non_activity_message\":{\"id\":1,\"message_type\":0,\"created_at\":" + now
                + ",\"sender\":{\"type\":\"contact\"}}}";
    }

    private String message() {
        return "{\"id\":" + ids.incrementAndGet() + ",\"message_type\":1,\"content\":\"ok\",\"created_at\":"
                + Instant.now().getEpochSecond() + ",\"private\":false,\"sender\":{\"type\":\"agent_bot\"}}";
    }

    /** How often it was called. */
    int calls() {
        return calls.get();
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
