package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.AT_ONCE;
import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static io.github.almeidatech.wppflow.flow.Given.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private final AtomicInteger claims = new AtomicInteger();

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

    @Test
    void a_worker_goes_on_with_its_conversation_while_another_one_is_free() {
        List<String> sent = carriedOut(2);

        assertThat(sent).containsExactly("a", "b", "c", "d");
        assertThat(claims).hasValue(1);
    }

    @Test
    void a_worker_is_handed_the_next_conversation_when_no_other_is_free() {
        List<String> sent = carriedOut(1);

        assertThat(sent).containsExactly("a", "b", "c", "d");
        assertThat(claims).hasValue(4);
    }

    private List<String> carriedOut(int workers) {
        memory.accept(arrival(conversation(1), 1), AT_ONCE, Instant.now());
        Turn turn = memory.claimTurns(FreeWorkers.of(1), Instant.now(), Duration.ofMinutes(1))
                .get(0);
        memory.completeTurn(turn, saying("a", "b", "c", "d"), 2, Instant.now());
        var sent = new CopyOnWriteArrayList<String>();
        try (FlowEngine engine = FlowEngine.builder()
                .store(new CountedClaims())
                .handler(new Silent())
                .sender(attempt -> {
                    sent.add(text(attempt.command()));
                    return new CommandResult.Done(null);
                })
                .commandWorkers(workers)
                .pollInterval(Duration.ofHours(1))
                .build()) {
            engine.start();

            await().atMost(Duration.ofSeconds(50))
                    .until(() -> memory.stats(Instant.now()).waitingCommands() == 0);
        }
        return sent;
    }

    /** Counts the claims that got something. */
    private final class CountedClaims extends ForwardingStore {
        CountedClaims() {
            super(memory);
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            List<CommandAttempt> claimed = super.claimCommands(line, free, now, lease);
            claims.addAndGet(claimed.size());
            return claimed;
        }

        @Override
        public CommandCompletion completeAndClaim(
                CommandAttempt attempt,
                CommandResult result,
                Instant retryAt,
                int maxAttempts,
                Instant now,
                Duration lease) {
            return inner.completeAndClaim(attempt, result, retryAt, maxAttempts, now, lease);
        }
    }

    private static final class Silent implements TurnHandler {
        @Override
        public TurnResult answer(Turn turn) {
            return saying();
        }

        @Override
        public TurnResult giveUp(Turn turn, RuntimeException failure) {
            throw failure;
        }
    }
}
