package io.github.almeidatech.wppflow.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InMemoryFlowStore;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An outbox with calls of many conversations, and a receiver in every kind of trouble: afterwards each call was received,
 * under one id, in its order, and who calls another receiver has waited for nothing. The clock is virtual.
 * {@code -Dwebhook.trials=200} makes more of them.
 */
class WebhookTroubleTest {

    private static final int TRIALS = Integer.getInteger("webhook.trials", 12);
    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration HASTY = Duration.ofMillis(100);
    private static final TurnTiming AT_ONCE = new TurnTiming(Duration.ZERO, Duration.ofSeconds(30), 20);
    private static final int SLOW = 1;
    private static final int MOST_ROUNDS = 5_000;

    private final InMemoryFlowStore store = new InMemoryFlowStore(new InMemoryEventLog());
    private final List<String> receivedInTrouble = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, List<String>> idsOfCalls = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<String> receivedElsewhere = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = new Random(7);
    private HttpServer server;
    private volatile boolean troubleIsOver;
    private Duration limitInTrouble = PATIENT;
    private Instant now = Instant.parse("2026-09-01T12:00:00Z");
    private int tries;
    private int requests;
    private int struck;
    private long lastMessage;

    /** What the receiver does to one request in three, until the trouble is over. */
    enum Trouble {
        CONNECTION_CLOSED(false, 0),
        TOO_SLOW(false, SLOW),
        TOO_MANY(false, 429),
        TOO_MANY_WITH_RETRY_AFTER(false, 429),
        SERVER_ERROR(false, 503),
        ERROR_AFTER_DOING(true, 500),
        CONNECTION_CLOSED_AFTER_DOING(true, 0),
        TOO_SLOW_AFTER_DOING(true, SLOW),
        GARBAGE_AFTER_DOING(true, 200);

        private final boolean done;
        private final int status;

        Trouble(boolean done, int status) {
            this.done = done;
            this.status = status;
        }
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stopServer() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_lost_and_a_repetition_has_the_same_id(Trouble trouble) {
        limitInTrouble = trouble.status == SLOW ? HASTY : PATIENT;
        server.createContext("/troubled", exchange -> handleInTrouble(exchange, trouble));
        server.createContext("/healthy", exchange -> {
            receivedElsewhere.add(numberOf(exchange));
            answer(exchange, 200, "{\"ok\":true}");
        });
        var sender = new WebhookCommandSender(
                new WebhookClient(
                        target -> new OkHttpClient(), failure -> false, () -> now, (target, took, outcome) -> {}),
                this::target,
                conversation -> Optional.empty(),
                events -> {},
                () -> now);
        for (int i = 1; i <= TRIALS; i++) {
            plan(i, call("troubled", i + "a"), call("troubled", i + "b"));
            plan(TRIALS + i, call("healthy", "h" + i));
        }
        carryOut(sender, 1);
        assertThat(receivedElsewhere)
                .as("who calls another receiver does not wait")
                .hasSize(TRIALS);
        carryOut(sender, 20);
        troubleIsOver = true;

        carryOut(sender, MOST_ROUNDS);

        assertThat(struck).isPositive();
        assertThat(store.stats(now).waitingRecords()).isZero();
        assertThat(store.stats(now).deadLetters()).isZero();
        assertThat(receivedElsewhere).hasSize(TRIALS);
        assertThat(idsOfCalls).hasSize(2 * TRIALS);
        idsOfCalls.forEach((number, ids) -> assertThat(ids).as(number).containsOnly(ids.get(0)));
        for (int i = 1; i <= TRIALS; i++) {
            assertThat(receivedInTrouble.lastIndexOf(i + "a")).isLessThan(receivedInTrouble.indexOf(i + "b"));
        }
        if (Integer.getInteger("webhook.trials") != null) {
            long repeated =
                    idsOfCalls.values().stream().filter(ids -> ids.size() > 1).count();
            System.out.printf(
                    "%s: %d calls, %d tries, %d requests, %d in trouble, %d calls done more than once under their one id:"
                            + " 0 lost, 0 under two ids%n",
                    trouble, 2 * TRIALS, tries, requests, struck, repeated);
        }
    }

    private void handleInTrouble(HttpExchange exchange, Trouble trouble) throws IOException {
        boolean strikes;
        synchronized (this) {
            requests++;
            strikes = !troubleIsOver && random.nextInt(3) == 0;
            struck += strikes ? 1 : 0;
        }
        String id = exchange.getRequestHeaders().getFirst(WebhookClient.DELIVERY_HEADER);
        String number = numberOf(exchange);
        if (!strikes || trouble.done) {
            idsOfCalls.computeIfAbsent(number, first -> new ArrayList<>()).add(id);
            receivedInTrouble.add(number);
        }
        if (!strikes) {
            answer(exchange, 200, "{\"ok\":true}");
            return;
        }
        switch (trouble) {
            case CONNECTION_CLOSED, CONNECTION_CLOSED_AFTER_DOING -> exchange.close();
            case TOO_SLOW, TOO_SLOW_AFTER_DOING -> {
                hold();
                exchange.close();
            }
            case TOO_MANY_WITH_RETRY_AFTER -> {
                exchange.getResponseHeaders().set("Retry-After", "29");
                answer(exchange, trouble.status, "");
            }
            case TOO_MANY, SERVER_ERROR, ERROR_AFTER_DOING, GARBAGE_AFTER_DOING ->
                answer(exchange, trouble.status, "<html>Bad gateway</html>");
        }
    }

    private void hold() {
        try {
            closed.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String numberOf(HttpExchange exchange) throws IOException {
        return WebhookClient.MAPPER
                .readTree(exchange.getRequestBody())
                .at("/data/n")
                .asText();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private Optional<WebhookTarget> target(TenantId tenant, String name) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
        Duration limit = name.equals("troubled") ? limitInTrouble : PATIENT;
        return Optional.of(new WebhookTarget(name, url, "a secret that is long enough", null, limit, false, true));
    }

    private static OutboundCommand call(String target, String number) {
        return new CallWebhook(target, Map.of("n", number));
    }

    private void plan(int conversation, OutboundCommand... commands) {
        var id = new ConversationId(TENANT, 1, conversation);
        long message = ++lastMessage;
        var text = new InboundMessage(id, message, 3L, now, ContentType.TEXT, "oi", List.of(), Sender.UNKNOWN, null);
        store.accept(
                new InboundEvent(
                        id,
                        "message_created",
                        List.of("m:" + message),
                        text,
                        null,
                        false,
                        null,
                        List.of(),
                        new byte[0]),
                AT_ONCE,
                now);
        store.claimTurns(FreeWorkers.of(1), now, LEASE)
                .forEach(turn -> store.completeTurn(turn, new TurnResult(List.of(commands), List.of(), null), 2, now));
    }

    private void carryOut(WebhookCommandSender sender, int rounds) {
        for (int i = 0; i < rounds && store.nextCommandDue(Line.RECORDS).isPresent(); i++) {
            Instant due = store.nextCommandDue(Line.RECORDS).orElseThrow();
            now = due.isAfter(now) ? due : now;
            for (CommandAttempt attempt : store.claimCommands(Line.RECORDS, FreeWorkers.of(2 * TRIALS), now, LEASE)) {
                tries++;
                CommandResult result = sender.send(attempt);
                store.completeCommand(attempt, result, now.plus(waitOf(result)), 1_000, now);
            }
        }
    }

    private static Duration waitOf(CommandResult result) {
        Duration asked = result instanceof CommandResult.NotDone later
                ? later.after()
                : result instanceof CommandResult.Unclear unclear ? unclear.after() : null;
        return asked == null ? Duration.ofSeconds(1) : asked;
    }
}
