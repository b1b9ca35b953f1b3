package io.github.almeidatech.wppflow.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a simulated Chatwoot: signed, retried and given up like the real ones, on threads of their own. Healthy
 * deliveries of one conversation leave in order and one after the other; different conversations do not wait for each
 * other. Thread-safe.
 */
public final class Webhooks implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Webhooks.class.getName());
    private static final int LANES = 8;
    private static final int MAX_REMEMBERED = 5_000;
    private static final int ATTEMPTS = 3;

    private final Installation installation;
    private final Events events;
    private final Conversations conversations;
    private final HttpClient http;
    private final List<ScheduledExecutorService> lanes = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Deque<Delivery> attempted = new ArrayDeque<>();
    private final Deque<Rows.Waiting> held = new ArrayDeque<>();
    private boolean holding;
    private boolean closed;
    private int underWay;

    Webhooks(Installation installation, Events events, Conversations conversations) {
        this.installation = installation;
        this.events = events;
        this.conversations = conversations;
        this.holding = installation.settings().holdingWebhooks();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(installation.settings().webhookTimeout())
                .build();
        for (int i = 0; i < LANES; i++) {
            lanes.add(Executors.newSingleThreadScheduledExecutor(task -> {
                var thread = new Thread(task, "chatwoot-webhook");
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /** The next {@code times} deliveries that match suffer this; of what they see, attempt, status and body are still empty. */
    public synchronized Webhooks next(int times, Predicate<Delivery> when, DeliveryFault fault) {
        rules.add(new Rule(times, when, fault));
        return this;
    }

    /** Forgets all faults not shown yet. */
    public synchronized void healthy() {
        rules.clear();
    }

    /** From now on deliveries wait for {@link #release} or {@link #releaseShuffled}. */
    public synchronized void hold() {
        holding = true;
    }

    /** Sends what was held back, in the order it happened, and holds nothing back any more. */
    public void release() {
        let(waiting -> waiting);
    }

    /** Sends what was held back in an order drawn from the random source. */
    public void releaseShuffled(Random random) {
        let(waiting -> {
            Collections.shuffle(waiting, random);
            return waiting;
        });
    }

    /** Sends what was held back, last first. */
    public void releaseReversed() {
        let(waiting -> {
            Collections.reverse(waiting);
            return waiting;
        });
    }

    private void let(UnaryOperator<List<Rows.Waiting>> order) {
        List<Rows.Waiting> waiting;
        synchronized (this) {
            holding = false;
            waiting = new ArrayList<>(held);
            held.clear();
        }
        // One lane, so that the order asked for is the order of arrival whatever the conversation.
        order.apply(waiting).forEach(delivery -> begin(delivery, 1, Duration.ZERO, 0));
    }

    /** Builds the bodies for account webhooks and API inboxes from the state at sending, as Chatwoot's queue does. */
    public void lagging(boolean on) {
        events.buildLate(on);
    }

    /** All attempts so far, oldest first; the last 5,000. */
    public synchronized List<Delivery> attempts() {
        return List.copyOf(attempted);
    }

    /** Sends a delivery once more, byte for byte, with a fresh timestamp and signature; answers the receiver's status. */
    public int redeliver(Delivery delivery) {
        var again = new Rows.Waiting();
        again.deliveryId = delivery.deliveryId();
        again.target = delivery.kind().toUpperCase(Locale.ROOT);
        again.targetId = delivery.receiver();
        again.event = delivery.event();
        again.conversationId = delivery.conversation();
        again.messageId = delivery.messageId();
        again.body = delivery.body();
        return attempt(again, delivery.attempt() + 1);
    }

    /**
     * Waits until nothing is under way any more: no delivery queued, being sent or waiting for its next attempt. What is
     * held back does not count.
     *
     * @return whether it became idle in time
     */
    public synchronized boolean awaitIdle(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (underWay > 0) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Waits while the queue is full, so that a flood slows down who causes it. */
    synchronized void awaitRoom() {
        try {
            while (underWay >= installation.settings().maxWaitingDeliveries() && !closed) {
                wait(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void dispatch(Rows.Waiting delivery) {
        @Nullable DeliveryFault fault;
        synchronized (this) {
            if (holding) {
                held.add(delivery);
                return;
            }
            fault = strike(witness(delivery, 0, 0, ""));
        }
        int lane = lane(delivery);
        if (fault == null) {
            begin(delivery, 1, Duration.ZERO, lane);
            return;
        }
        switch (fault.kind()) {
            case DROP -> {
                note(witness(delivery, 0, 0, ""));
                installation.delivered(delivery);
            }
            case DELAY -> begin(delivery, 1, fault.delay(), lane);
            case REPEAT -> repeat(delivery, fault.times(), lane, false);
            case REPEAT_AS_OTHER -> repeat(delivery, fault.times(), lane, true);
        }
    }

    private void repeat(Rows.Waiting delivery, int times, int lane, boolean otherId) {
        begin(delivery, 1, Duration.ZERO, lane);
        for (int i = 0; i < times; i++) {
            var copy = new Rows.Waiting();
            copy.id = -1;
            copy.deliveryId = otherId ? UUID.randomUUID().toString() : delivery.deliveryId;
            copy.target = delivery.target;
            copy.targetId = delivery.targetId;
            copy.event = delivery.event;
            copy.conversationId = delivery.conversationId;
            copy.messageId = delivery.messageId;
            copy.body = delivery.body;
            copy.changes = delivery.changes;
            begin(copy, 1, Duration.ZERO, lane);
        }
    }

    private static int lane(Rows.Waiting delivery) {
        long key = delivery.conversationId == null ? delivery.id : delivery.conversationId;
        return (int) Math.floorMod(key * 31 + delivery.targetId, LANES);
    }

    private void begin(Rows.Waiting delivery, int attempt, Duration after, int lane) {
        synchronized (this) {
            if (closed) {
                return;
            }
            underWay++;
        }
        var unused =
                lanes.get(lane).schedule(() -> run(delivery, attempt, lane), after.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run(Rows.Waiting delivery, int attempt, int lane) {
        try {
            int status = attempt(delivery, attempt);
            if (isClosed()) {
                return;
            }
            boolean again = (status == 429 || status == 500)
                    && delivery.target.equals(Target.Kind.AGENT_BOT.name())
                    && installation.settings().version().retriesBots()
                    && attempt < ATTEMPTS;
            if (again) {
                begin(delivery, attempt + 1, installation.settings().retryPause(), lane);
                return;
            }
            if (status < 200 || status > 299) {
                giveUp(delivery, status);
            }
            installation.delivered(delivery);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "delivery " + delivery.deliveryId, e);
        } finally {
            synchronized (this) {
                underWay--;
                notifyAll();
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void giveUp(Rows.Waiting delivery, int status) {
        var message = delivery.messageId;
        var conversation = delivery.conversationId;
        if (message == null || conversation == null) {
            return;
        }
        if (delivery.target.equals(Target.Kind.AGENT_BOT.name())) {
            installation.changing(changes -> conversations.botFailed(changes, conversation));
        } else if (delivery.target.equals(Target.Kind.INBOX.name())) {
            installation.changing(changes -> conversations.fail(
                    changes, Installation.row(installation.messages, message), "webhook answered " + status));
        }
    }

    private int attempt(Rows.Waiting delivery, int attempt) {
        var endpoint = endpoint(delivery);
        if (endpoint == null) {
            return 200;
        }
        var given = delivery.body;
        var body = given == null ? installation.read(() -> events.build(delivery)) : given;
        int status = send(delivery, endpoint, body);
        note(witness(delivery, attempt, status, body));
        return status;
    }

    private int send(Rows.Waiting delivery, Endpoint endpoint, String body) {
        var settings = installation.settings();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        try {
            var uri = URI.create(endpoint.url());
            var request = HttpRequest.newBuilder(withoutUserInfo(uri))
                    .timeout(settings.webhookTimeout())
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json")
                    .header("User-Agent", settings.version().atLeast("4.14.0") ? "Ruby" : "rest-client/2.1.0")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
            if (uri.getUserInfo() != null) {
                var credentials =
                        Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes(StandardCharsets.UTF_8));
                request.header("Authorization", "Basic " + credentials);
            }
            if (settings.version().signs(Target.Kind.valueOf(delivery.target))) {
                var timestamp = Long.toString(settings.clock().instant().getEpochSecond());
                request.header("X-Chatwoot-Delivery", delivery.deliveryId)
                        .header("X-Chatwoot-Timestamp", timestamp)
                        .header("X-Chatwoot-Signature", sign(endpoint.secret(), timestamp, bytes));
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static URI withoutUserInfo(URI uri) {
        return uri.getUserInfo() == null ? uri : URI.create(uri.toString().replace(uri.getRawUserInfo() + "@", ""));
    }

    /** The {@code X-Chatwoot-Signature} of a body: for tests that make deliveries themselves. */
    public static String sign(String secret, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Endpoint(String url, String secret) {}

    private @Nullable Endpoint endpoint(Rows.Waiting delivery) {
        return installation.read(() -> switch (Target.Kind.valueOf(delivery.target)) {
            case AGENT_BOT -> {
                var bot = installation.bots.get(delivery.targetId);
                yield bot == null || bot.outgoingUrl == null ? null : new Endpoint(bot.outgoingUrl, bot.secret);
            }
            case ACCOUNT -> {
                var webhook = installation.webhooks.get(delivery.targetId);
                yield webhook == null ? null : new Endpoint(webhook.url, webhook.secret);
            }
            case INBOX -> {
                var inbox = installation.inboxes.get(delivery.targetId);
                yield inbox == null || inbox.webhookUrl == null ? null : new Endpoint(inbox.webhookUrl, inbox.secret);
            }
        });
    }

    private static Delivery witness(Rows.Waiting delivery, int attempt, int status, String body) {
        return new Delivery(
                delivery.deliveryId,
                Target.Kind.valueOf(delivery.target).word(),
                delivery.targetId,
                delivery.event,
                delivery.conversationId,
                delivery.messageId,
                attempt,
                status,
                body);
    }

    private synchronized void note(Delivery delivery) {
        attempted.addLast(delivery);
        if (attempted.size() > MAX_REMEMBERED) {
            attempted.removeFirst();
        }
    }

    private @Nullable DeliveryFault strike(Delivery delivery) {
        for (var rule : rules) {
            if (rule.left > 0 && rule.when.test(delivery)) {
                rule.left--;
                return rule.fault;
            }
        }
        return null;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        lanes.forEach(ScheduledExecutorService::shutdownNow);
    }

    private static final class Rule {
        private int left;
        private final Predicate<Delivery> when;
        private final DeliveryFault fault;

        Rule(int left, Predicate<Delivery> when, DeliveryFault fault) {
            this.left = left;
            this.when = when;
            this.fault = fault;
        }
    }
}
