package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.MisbehavingChatwoot.MADE;
import static io.github.almeidatech.wppflow.chatwoot.MisbehavingChatwoot.answer;
import static io.github.almeidatech.wppflow.chatwoot.MisbehavingChatwoot.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pauses, gates and the circuit breaker: when the client does not call at all. */
class ChatwootLimitsTest {

    private final MisbehavingChatwoot chatwoot = new MisbehavingChatwoot();
    private final SettableClock clock = chatwoot.clock;
    private final MockWebServer server = chatwoot.server;
    private ChatwootClient client = chatwoot.client(server.getPort()).build();

    @AfterEach
    void stop() {
        chatwoot.close();
    }

    @ParameterizedTest
    @CsvSource({"30, PT30S", "315360000, PT15M", "'Tue, 01 Sep 2026 12:00:20 GMT', PT20S"})
    void a_pause_that_is_asked_for_is_kept_without_another_call(String header, Duration pause) {
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", header)
                .body("Retry later\n")
                .build());
        server.enqueue(answer(200, MADE));

        assertThat(failureOf(client).retryAfter()).contains(pause);
        clock.advance(pause.minusMillis(1));
        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.RATE_LIMITED);
        assertThat(catchThrowableOfType(
                                ChatwootException.class, () -> client.messages().newest(88))
                        .error())
                .as("the limit is on the address, not the token")
                .isEqualTo(ChatwootError.RATE_LIMITED);
        assertThat(server.getRequestCount()).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));

        assertThat(client.messages().create(88, NewMessage.text("Oi")).id()).isEqualTo(9010);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "0", "never"})
    void without_a_usable_pause_one_of_seconds_is_kept(String header) {
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", header)
                .build());

        assertThat(failureOf(client).retryAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void a_wrong_token_is_tried_three_times_and_then_once_a_minute() {
        for (int i = 0; i < 4; i++) {
            server.enqueue(answer(401, "{\"error\":\"Invalid Access Token\"}"));
        }

        for (int i = 0; i < 10; i++) {
            assertThat(failureOf(client).error()).isEqualTo(ChatwootError.UNAUTHORIZED);
        }
        assertThat(server.getRequestCount()).isEqualTo(3);

        clock.advance(Duration.ofMinutes(1));

        assertThat(failureOf(client).retryAfter()).contains(Duration.ofMinutes(1));
        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.UNAUTHORIZED);
        assertThat(server.getRequestCount()).isEqualTo(4);
    }

    @Test
    void a_missing_right_does_not_silence_the_token() {
        for (int i = 0; i < 5; i++) {
            server.enqueue(answer(401, "{\"error\":\"You are not authorized to do this action\"}"));
        }
        server.enqueue(answer(200, MADE));

        for (int i = 0; i < 5; i++) {
            assertThat(failureOf(client).error()).isEqualTo(ChatwootError.UNAUTHORIZED);
        }

        assertThat(client.messages().create(88, NewMessage.text("Oi")).id()).isEqualTo(9010);
    }

    /** The breaker is in the path of real calls: while it is open nothing reaches the server. */
    @Test
    void a_dead_chatwoot_is_left_alone_and_tried_with_single_calls() {
        var dead = new AtomicInteger(1);
        var asked = new AtomicInteger();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                asked.incrementAndGet();
                return dead.get() == 1 ? answer(503, "") : answer(200, MADE);
            }
        });
        client = chatwoot.client(server.getPort())
                .breakerDelay(Duration.ofSeconds(30))
                .build();

        for (int i = 0; i < 20; i++) {
            failureOf(client);
        }

        assertThat(asked).hasValue(5);
        assertThat(client.breakerState()).isEqualTo("open");
        var refused = failureOf(client);
        assertThat(refused.error()).isEqualTo(ChatwootError.CIRCUIT_OPEN);
        assertThat(refused.error().unclear()).isFalse();
        assertThat(refused.retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    @Test
    void a_chatwoot_that_is_back_is_noticed_by_the_first_call_after_the_delay() {
        for (int i = 0; i < 5; i++) {
            server.enqueue(answer(503, ""));
        }
        server.enqueue(answer(200, MADE));
        for (int i = 0; i < 5; i++) {
            failureOf(client);
        }
        assertThat(client.breakerState()).isEqualTo("open");

        await().atMost(Duration.ofSeconds(5)).until(() -> {
            try {
                return client.messages().create(88, NewMessage.text("Oi")).id() == 9010;
            } catch (ChatwootException e) {
                return false;
            }
        });

        assertThat(client.breakerState()).isEqualTo("closed");
        assertThat(server.getRequestCount()).isEqualTo(6);
    }

    @Test
    void impatient_calls_neither_open_the_breaker_nor_try_it() {
        var stalls = new AtomicBoolean(true);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                if (request.getTarget().equals("/api")) {
                    return answer(200, "{\"version\":\"4.15.1\"}");
                }
                return stalls.get()
                        ? new MockResponse.Builder()
                                .onResponseStart(SocketEffect.Stall.INSTANCE)
                                .build()
                        : answer(503, "");
            }
        });
        client = chatwoot.client(server.getPort())
                .timeLimit(Duration.ofMillis(50))
                .breakerDelay(Duration.ofMinutes(1))
                .build();
        for (int i = 0; i < 10; i++) {
            assertThat(catchThrowableOfType(
                                    ChatwootException.class,
                                    () -> client.conversations().typing(88, true))
                            .error())
                    .isIn(ChatwootError.TIMED_OUT, ChatwootError.UNREACHABLE);
        }
        assertThat(client.breakerState()).isEqualTo("closed");

        stalls.set(false);
        for (int i = 0; i < 5; i++) {
            failureOf(client);
        }
        assertThat(client.breakerState()).isEqualTo("open");
        assertThat(catchThrowableOfType(
                                ChatwootException.class,
                                () -> client.conversations().typing(88, true))
                        .error())
                .isEqualTo(ChatwootError.CIRCUIT_OPEN);
    }

    @Test
    void refusals_of_single_calls_do_not_open_the_breaker() {
        for (int i = 0; i < 30; i++) {
            server.enqueue(answer(i % 2 == 0 ? 404 : 422, ""));
            failureOf(client);
        }

        assertThat(client.breakerState()).isEqualTo("closed");
    }

    @Test
    void no_more_calls_than_permitted_are_under_way_at_once() throws Exception {
        var under = new AtomicInteger();
        var most = new AtomicInteger();
        var go = new CountDownLatch(1);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                most.accumulateAndGet(under.incrementAndGet(), Math::max);
                go.await(10, TimeUnit.SECONDS);
                under.decrementAndGet();
                return answer(200, MADE);
            }
        });
        client = chatwoot.client(server.getPort())
                .timeLimit(Duration.ofSeconds(10))
                .maxConcurrent(3)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            var calls = new ArrayList<Future<?>>();
            for (int i = 0; i < 9; i++) {
                calls.add(threads.submit(() -> client.messages().create(88, NewMessage.text("Oi"))));
            }
            await().until(() -> under.get() == 3);
            go.countDown();
            for (Future<?> call : calls) {
                call.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(most).hasValue(3);
        assertThat(server.getRequestCount()).isEqualTo(9);
    }

    @Test
    void who_has_no_time_to_wait_for_a_place_is_told_so() throws Exception {
        var under = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                under.countDown();
                go.await(10, TimeUnit.SECONDS);
                return answer(200, MADE);
            }
        });
        client = chatwoot.client(server.getPort()).maxConcurrent(1).build();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            var first = thread.submit(() -> client.messages().create(88, NewMessage.text("Oi")));
            under.await(10, TimeUnit.SECONDS);

            var failure = catchThrowableOfType(
                    ChatwootException.class,
                    () -> client.messages()
                            .create(88, NewMessage.text("Oi"), clock.instant().plusMillis(5), () -> false));

            assertThat(failure.error()).isEqualTo(ChatwootError.BUSY);
            go.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS).id()).isEqualTo(9010);
        } finally {
            thread.shutdownNow();
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void an_interrupted_caller_is_let_go_with_its_interrupt() {
        Thread.currentThread().interrupt();

        assertThat(failureOf(client).error().retryable()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void typing_is_not_waited_for() {
        server.enqueue(answer(200, "{\"version\":\"4.15.1\"}"));
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        client = chatwoot.client(server.getPort())
                .timeLimit(Duration.ofSeconds(60))
                .build();
        long start = System.nanoTime();

        assertThat(catchThrowableOfType(
                        ChatwootException.class, () -> client.conversations().typing(88, true)))
                .isNotNull();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }
}
