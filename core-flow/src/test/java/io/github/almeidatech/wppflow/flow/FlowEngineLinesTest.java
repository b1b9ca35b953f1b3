package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.AT_ONCE;
import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static io.github.almeidatech.wppflow.flow.Given.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The two lines of commands with real threads. */
@Timeout(60)
class FlowEngineLinesTest {

    private static final int CONVERSATIONS = 5;

    private final InMemoryFlowStore store = new InMemoryFlowStore(new WatchedLog(event -> {}));
    private final CountDownLatch systemAnswers = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<String> sent = new CopyOnWriteArrayList<>();

    @Test
    void a_slow_system_outside_occupies_no_worker_of_the_replies() {
        FlowEngine engine = FlowEngine.builder()
                .store(store)
                .handler(new Answering())
                .sender(this::send)
                .commandWorkers(1)
                .recordWorkers(2)
                .build();
        engine.start();

        for (int i = 1; i <= CONVERSATIONS; i++) {
            engine.accept(arrival(conversation(i), i), AT_ONCE);
        }
        await().untilAsserted(() -> assertThat(sent).hasSize(CONVERSATIONS));

        assertThat(waiting).hasValueLessThanOrEqualTo(2);
        FlowStats stats = store.stats(Instant.now());
        assertThat(stats.waitingRecords()).isEqualTo(CONVERSATIONS);
        assertThat(stats.oldestWaiting()).isNull();
        assertThat(stats.oldestRecord()).isNotNull();
        systemAnswers.countDown();
        await().untilAsserted(() ->
                assertThat(store.stats(Instant.now()).waitingRecords()).isZero());
        assertThat(engine.close(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void nobody_looks_for_records_where_there_are_only_replies() {
        var looks = new AtomicInteger();
        FlowEngine engine = FlowEngine.builder()
                .store(new ForwardingStore(store) {
                    @Override
                    public Optional<Instant> nextCommandDue(Line line) {
                        looks.addAndGet(line == Line.RECORDS ? 1 : 0);
                        return super.nextCommandDue(line);
                    }
                })
                .handler(new Answering() {
                    @Override
                    public TurnResult answer(Turn turn) {
                        return turn.conversation().number() < CONVERSATIONS ? saying("a") : super.answer(turn);
                    }
                })
                .sender(this::send)
                .pollInterval(Duration.ofHours(1))
                .build();
        engine.start();
        await().untilAsserted(() -> assertThat(looks).hasValue(1));

        for (int i = 1; i < CONVERSATIONS; i++) {
            engine.accept(arrival(conversation(i), i), AT_ONCE);
        }
        await().untilAsserted(() -> assertThat(sent).hasSize(CONVERSATIONS - 1));

        assertThat(looks).hasValue(1);
        systemAnswers.countDown();
        engine.accept(arrival(conversation(CONVERSATIONS), CONVERSATIONS), AT_ONCE);
        await().untilAsserted(() -> assertThat(waiting).hasValue(1));
        assertThat(engine.close(Duration.ofSeconds(10))).isTrue();
    }

    private CommandResult send(CommandAttempt attempt) {
        if (attempt.command().line() == Line.RECORDS) {
            waiting.incrementAndGet();
            try {
                systemAnswers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        } else {
            sent.add(text(attempt.command()));
        }
        return new CommandResult.Done(null);
    }

    private static class Answering implements TurnHandler {
        @Override
        public TurnResult answer(Turn turn) {
            var call = new CallWebhook("slow", Map.of());
            var reply = new SendMessage("a " + turn.conversation().number(), null, Purpose.ANSWER);
            return new TurnResult(List.of(call, reply), List.of(), null);
        }

        @Override
        public TurnResult giveUp(Turn turn, RuntimeException failure) {
            throw failure;
        }
    }
}
