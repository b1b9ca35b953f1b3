package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.AT_ONCE;
import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static io.github.almeidatech.wppflow.flow.Given.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** The engine with real threads and the real clock. */
@Timeout(60)
class FlowEngineTest {

    private final WatchedLog log = new WatchedLog(event -> {});
    private final InMemoryFlowStore memory = new InMemoryFlowStore(log);
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<FlowEngine> engines = new ArrayList<>();

    @AfterEach
    void closeEngines() {
        engines.forEach(engine -> engine.close(Duration.ofMillis(200)));
    }

    @Test
    void what_is_accepted_is_answered_and_sent_in_order() {
        FlowEngine engine = started(engine(turn -> saying("a", "b", "c")));

        assertThat(engine.accept(arrival(conversation(1), 1), AT_ONCE)).isEqualTo(Acceptance.STORED);
        assertThat(engine.accept(arrival(conversation(1), 1), AT_ONCE)).isEqualTo(Acceptance.DUPLICATE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("a", "b", "c"));
        assertThat(engine.isWell()).isTrue();
    }

    @Test
    void bubbles_and_retries_do_not_wait_for_the_next_poll() {
        FlowEngine engine = started(engine(memory, turn -> {
                    if (turn.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    return saying("a", "b", "c");
                })
                .pollInterval(Duration.ofHours(1))
                .build());

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("a", "b", "c"));
    }

    @Test
    void many_conversations_are_served_each_once_and_in_order() {
        FlowEngine engine = started(engine(turn -> saying(
                turn.conversation().number() + ":" + turn.messages().get(0).messageId() + "a",
                turn.conversation().number() + ":" + turn.messages().get(0).messageId() + "b")));

        for (int i = 1; i <= 200; i++) {
            engine.accept(arrival(conversation(i), i), AT_ONCE);
        }

        await().untilAsserted(() -> assertThat(sent).hasSize(400).doesNotHaveDuplicates());
        for (int i = 1; i <= 200; i++) {
            assertThat(sent.indexOf(i + ":" + i + "a")).isLessThan(sent.indexOf(i + ":" + i + "b"));
        }
    }

    @Test
    void what_waited_before_the_start_is_served_and_claims_of_a_crashed_process_are_ended() {
        memory.accept(arrival(conversation(1), 1), AT_ONCE, Instant.now());
        assertThat(memory.claimTurns(FreeWorkers.of(1), Instant.now(), Duration.ofHours(1)))
                .hasSize(1);

        started(engine(turn -> saying("after attempt " + turn.attempt())));

        await().untilAsserted(() -> assertThat(sent).containsExactly("after attempt 2"));
    }

    @Test
    void work_of_another_process_is_found_by_polling_and_at_once_by_its_hint() {
        var hint = new CopyOnWriteArrayList<Runnable>();
        var shared = new ForwardingStore(memory) {
            @Override
            public void onWork(Runnable wake) {
                hint.add(wake);
            }
        };
        started(engine(shared, turn -> saying("m" + turn.messages().get(0).messageId()))
                .pollInterval(Duration.ofMillis(50))
                .build());

        memory.accept(arrival(conversation(1), 1), AT_ONCE, Instant.now());
        await().untilAsserted(() -> assertThat(sent).containsExactly("m1"));

        memory.accept(arrival(conversation(1), 2), AT_ONCE, Instant.now());
        hint.forEach(Runnable::run);
        await().untilAsserted(() -> assertThat(sent).containsExactly("m1", "m2"));
    }

    @Test
    void a_slow_answer_holds_back_nobody_else() {
        FlowEngine engine = started(engine(turn -> {
            if (turn.conversation().number() == 1) {
                block();
            }
            return saying("to " + turn.conversation().number());
        }));

        engine.accept(arrival(conversation(1), 1), AT_ONCE);
        for (int i = 2; i <= 20; i++) {
            engine.accept(arrival(conversation(i), i), AT_ONCE);
        }

        await().untilAsserted(() -> assertThat(sent).hasSize(19));
    }

    @Test
    void a_flood_of_one_tenant_leaves_workers_to_the_others() {
        var busy = new AtomicInteger();
        FlowEngine engine = started(engine(turn -> {
            if (turn.conversation().tenant().equals(Given.HOTEL)) {
                busy.incrementAndGet();
                block();
            }
            return saying("to " + turn.conversation());
        }));
        var other = new ConversationId(new TenantId("clinic"), 7, 1);
        engine.accept(arrival(other, 1), AT_ONCE);
        await().untilAsserted(() -> assertThat(sent).hasSize(1));

        for (int i = 1; i <= 50; i++) {
            engine.accept(arrival(conversation(i), i), AT_ONCE);
        }
        await().untilAsserted(() -> assertThat(busy).hasValue(12)); // of 16
        for (int i = 2; i <= 10; i++) {
            engine.accept(arrival(other, i), AT_ONCE);
            int wanted = i;
            await().untilAsserted(() -> assertThat(sent).hasSize(wanted));
        }

        assertThat(busy).hasValue(12);
    }

    @Test
    void a_failing_handler_is_asked_again_and_then_gives_up() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        FlowEngine engine = started(engine(turn -> {
            attempts.add(turn.attempt());
            if (turn.attempt() == 1) {
                throw new IllegalStateException("down");
            }
            throw new StackOverflowError("deep");
        }));

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("sorry"));
        assertThat(attempts).containsExactly(1, 2, 3);
    }

    @Test
    void a_hopeless_failure_is_not_repeated() {
        var attempts = new AtomicInteger();
        FlowEngine engine = started(engine(turn -> {
            attempts.incrementAndGet();
            throw new FlowException(Broken.FOR_EVER, "no such model", null);
        }));

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("sorry"));
        assertThat(attempts).hasValue(1);
    }

    @Test
    void a_turn_that_cannot_even_be_given_up_is_shown_to_people_and_the_conversation_goes_on() {
        var handler = new Handler(turn -> {
            if (turn.messages().get(0).messageId() == 1) {
                throw new IllegalStateException("poison");
            }
            return saying("fine");
        });
        handler.givingUpFails = true;
        FlowEngine engine = started(builder(memory, handler).build());

        engine.accept(arrival(conversation(1), 1), AT_ONCE);
        await().untilAsserted(() -> assertThat(sent).containsExactly("SetStatus[status=OPEN]"));
        engine.accept(arrival(conversation(1), 2), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("SetStatus[status=OPEN]", "fine"));
        assertThat(log.events).extracting(event -> event.type()).contains("turn.abandoned");
    }

    @Test
    void a_broken_sender_leaves_an_unclear_result_and_its_worker_alive() {
        var attempts = new CopyOnWriteArrayList<CommandAttempt>();
        CommandSender sender = attempt -> {
            attempts.add(attempt);
            if (attempt.attempt() == 1) {
                throw new StackOverflowError("deep");
            }
            return new CommandResult.Done(null);
        };
        FlowEngine engine = started(
                builder(memory, new Handler(turn -> saying("a"))).sender(sender).build());

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(attempts).hasSize(2));
        assertThat(attempts.get(1).unclearSince()).isNotNull();
        assertThat(attempts.get(1).key()).isEqualTo(attempts.get(0).key());
    }

    @Test
    void a_worker_past_its_lease_is_interrupted_and_its_turn_tried_again() {
        FlowEngine engine = started(builder(memory, new Handler(turn -> {
                    if (turn.attempt() == 1) {
                        block();
                    }
                    return saying("attempt " + turn.attempt());
                }))
                .turnLease(Duration.ofMillis(200))
                .pollInterval(Duration.ofMillis(20))
                .build());

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("attempt 2"));
    }

    @Test
    void a_conversation_is_never_sent_to_twice_at_the_same_time_even_past_the_lease() {
        var inside = new AtomicInteger();
        var overlap = new AtomicBoolean();
        var attempts = new AtomicInteger();
        CommandSender deaf = attempt -> {
            overlap.compareAndSet(false, inside.incrementAndGet() > 1);
            attempts.incrementAndGet();
            long end = System.nanoTime() + (attempt.attempt() == 1 ? 600_000_000L : 0);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            inside.decrementAndGet();
            return new CommandResult.Done(null);
        };
        FlowEngine engine = started(builder(memory, new Handler(turn -> saying("a")))
                .sender(deaf)
                .commandLease(Duration.ofMillis(150))
                .pollInterval(Duration.ofMillis(20))
                .build());

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() ->
                assertThat(memory.stats(Instant.now()).waitingCommands()).isZero());
        assertThat(overlap).isFalse();
        assertThat(attempts.get()).isGreaterThan(1);
    }

    @Test
    void closing_waits_for_what_runs_and_claims_nothing_more() {
        var thinking = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        FlowEngine engine = started(engine(turn -> {
            thinking.countDown();
            awaitLatch(go);
            return saying("in time");
        }));
        engine.accept(arrival(conversation(1), 1), AT_ONCE);
        awaitLatch(thinking);

        var closed = java.util.concurrent.CompletableFuture.supplyAsync(() -> engine.close(Duration.ofSeconds(30)));
        await().until(() -> !engine.isWell());
        engine.accept(arrival(conversation(2), 2), AT_ONCE);
        go.countDown();

        assertThat(closed.join()).isTrue();
        assertThat(memory.stats(Instant.now())).satisfies(stats -> {
            assertThat(stats.waitingMessages()).isEqualTo(1);
            assertThat(stats.waitingCommands()).isEqualTo(1);
        });
        assertThat(engine.isWell()).isFalse();
        assertThat(engine.close(Duration.ZERO)).isTrue();
    }

    @Test
    void closing_is_bounded_and_what_was_cut_off_comes_back() {
        var thinking = new CountDownLatch(1);
        FlowEngine engine = started(engine(turn -> {
            thinking.countDown();
            block();
            return saying("never");
        }));
        engine.accept(arrival(conversation(1), 1), AT_ONCE);
        awaitLatch(thinking);

        assertThat(engine.close(Duration.ofMillis(50))).isFalse();

        started(engine(turn -> saying("after the restart")));
        await().untilAsserted(() -> assertThat(sent).containsExactly("after the restart"));
    }

    @Test
    void an_engine_starts_once_and_may_be_closed_without_a_start() {
        FlowEngine engine = engine(turn -> saying());

        assertThat(engine.isWell()).isFalse();
        started(engine);
        assertThatThrownBy(engine::start).isInstanceOf(IllegalStateException.class);
        assertThat(engine(turn -> saying()).close(Duration.ZERO)).isTrue();
    }

    @Test
    void logs_can_tell_whose_turn_it_is() {
        Map<String, String> seen = new ConcurrentHashMap<>();
        FlowEngine engine = started(engine(turn -> {
            seen.putAll(MDC.getCopyOfContextMap());
            seen.put("id", turn.id());
            return saying("a");
        }));

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).hasSize(1));
        assertThat(seen).containsEntry("tenant", "hotel").containsEntry("conversation", "7/1");
        assertThat(seen.get("turn")).isEqualTo(seen.get("id"));
    }

    @Test
    void impossible_settings_are_refused() {
        var complete = builder(memory, new Handler(turn -> saying()));

        assertThatThrownBy(() -> FlowEngine.builder().build()).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> complete.turnWorkers(0).build()).isInstanceOf(IllegalArgumentException.class);
        complete.turnWorkers(1);
        assertThatThrownBy(() -> complete.turnLease(Duration.ZERO).build())
                .isInstanceOf(IllegalArgumentException.class);
        complete.turnLease(Duration.ofSeconds(1));
        assertThatThrownBy(() -> complete.maxSupersedes(-1).build()).isInstanceOf(IllegalArgumentException.class);
        complete.maxSupersedes(0);
        assertThatThrownBy(() -> complete.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    private enum Broken implements ErrorCode {
        FOR_EVER;

        @Override
        public String code() {
            return "ERR_LLM_API";
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }

    /** Answers as told; gives up with "sorry". */
    private static final class Handler implements TurnHandler {
        private final Function<Turn, TurnResult> answer;
        private volatile boolean givingUpFails;

        Handler(Function<Turn, TurnResult> answer) {
            this.answer = answer;
        }

        @Override
        public TurnResult answer(Turn turn) {
            return answer.apply(turn);
        }

        @Override
        public TurnResult giveUp(Turn turn, RuntimeException failure) {
            if (givingUpFails) {
                throw failure;
            }
            return saying("sorry");
        }
    }

    private FlowEngine engine(Function<Turn, TurnResult> answer) {
        return builder(memory, new Handler(answer)).build();
    }

    private FlowEngine.Builder engine(FlowStore store, Function<Turn, TurnResult> answer) {
        return builder(store, new Handler(answer));
    }

    private FlowEngine.Builder builder(FlowStore store, TurnHandler handler) {
        return FlowEngine.builder()
                .store(store)
                .handler(handler)
                .sender(attempt -> {
                    sent.add(text(attempt.command()));
                    return new CommandResult.Done(null);
                })
                .maxTurnAttempts(3)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    }

    private FlowEngine started(FlowEngine engine) {
        engines.add(engine);
        engine.start();
        return engine;
    }

    private void block() {
        awaitLatch(never);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
