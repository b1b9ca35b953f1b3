package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.AT_ONCE;
import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneTest {

    private static final int BACKLOG = 100;

    private final InMemoryFlowStore memory = new InMemoryFlowStore(new WatchedLog(event -> {}));
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void while_a_backlog_lasts_it_is_claimed_without_asking_each_time_whether_something_is_due() {
        var answered = new CopyOnWriteArrayList<Turn>();
        var looksAtTheEnd = new AtomicInteger();
        for (int i = 1; i <= BACKLOG; i++) {
            memory.accept(arrival(conversation(i), i), AT_ONCE, Instant.now());
        }

        try (FlowEngine engine = FlowEngine.builder()
                .store(new ForwardingStore(memory) {
                    @Override
                    public Optional<Instant> nextTurnDue() {
                        looks.incrementAndGet();
                        return super.nextTurnDue();
                    }
                })
                .handler(new TurnHandler() {
                    @Override
                    public TurnResult answer(Turn turn) {
                        answered.add(turn);
                        looksAtTheEnd.set(looks.get());
                        return saying();
                    }

                    @Override
                    public TurnResult giveUp(Turn turn, RuntimeException failure) {
                        throw failure;
                    }
                })
                .sender(attempt -> new CommandResult.Done(null))
                .turnWorkers(1)
                .pollInterval(Duration.ofHours(1))
                .build()) {
            engine.start();

            await().atMost(Duration.ofSeconds(50)).until(() -> answered.size() == BACKLOG);
        }
        assertThat(looksAtTheEnd.get()).isLessThan(BACKLOG / 10);
    }
}
