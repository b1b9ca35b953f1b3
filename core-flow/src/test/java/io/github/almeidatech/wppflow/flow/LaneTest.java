package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.AT_ONCE;
import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static io.github.almeidatech.wppflow.flow.Given.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

    @Test
    void a_worker_goes_on_only_while_its_tenant_has_less_than_its_share() {
        ConversationId theirs = new ConversationId(new TenantId("clinic"), 7, 1);
        waits(theirs, 1, 60, "theirs");
        for (int i = 1; i <= 3; i++) {
            waits(conversation(i), 1, 50, "first " + i);
        }
        waits(conversation(4), 1, 40, "only");
        waits(conversation(1), 2, 30, "second 1", "third 1");
        var sent = new CopyOnWriteArrayList<String>();
        var oneEnds = new CountDownLatch(1);
        var allEnd = new CountDownLatch(1);

        try (FlowEngine engine = FlowEngine.builder()
                .store(new CountedClaims())
                .handler(new Silent())
                .sender(attempt -> {
                    String text = text(attempt.command());
                    sent.add(text);
                    if (text.startsWith("first")) {
                        waitFor(text.endsWith("1") ? oneEnds : allEnd);
                    }
                    return new CommandResult.Done(null);
                })
                .commandWorkers(4)
                .build()) {
            engine.start();
            await().atMost(Duration.ofSeconds(50)).until(() -> sent.size() == 4);
            oneEnds.countDown();
            await().atMost(Duration.ofSeconds(50)).until(() -> sent.size() == 7);
            allEnd.countDown();
        }

        assertThat(sent.subList(0, 4)).containsExactlyInAnyOrder("theirs", "first 1", "first 2", "first 3");
        assertThat(sent.subList(4, 7)).containsExactly("only", "second 1", "third 1");
    }

    @Test
    void the_first_reply_of_a_turn_begins_with_the_end_of_the_turn() {
        var sent = new CopyOnWriteArrayList<String>();

        try (FlowEngine engine = answering(new CountedClaims(), sent::add, 2)) {
            engine.start();
            engine.accept(arrival(conversation(1), 1), AT_ONCE);

            await().atMost(Duration.ofSeconds(50)).until(() -> sent.size() == 2);
        }
        assertThat(sent).containsExactly("1 a", "1 b");
        assertThat(claims).hasValue(0);
    }

    @Test
    void the_first_reply_of_a_turn_waits_for_a_worker_when_none_is_free() {
        var sent = new CopyOnWriteArrayList<String>();
        var ends = new CountDownLatch(1);

        try (FlowEngine engine = answering(
                new CountedClaims(),
                text -> {
                    sent.add(text);
                    if (text.equals("1 a")) {
                        waitFor(ends);
                    }
                },
                1)) {
            engine.start();
            engine.accept(arrival(conversation(1), 1), AT_ONCE);
            await().atMost(Duration.ofSeconds(50)).until(() -> sent.size() == 1);
            engine.accept(arrival(conversation(2), 2), AT_ONCE);
            await().atMost(Duration.ofSeconds(50)).until(() -> waiting(conversation(2)) == 2);
            assertThat(memory.stateOf(conversation(2)).commandClaimedUntil()).isNull();
            ends.countDown();

            await().atMost(Duration.ofSeconds(50)).until(() -> sent.size() == 4);
        }
        assertThat(sent).containsExactlyInAnyOrder("1 a", "1 b", "2 a", "2 b");
    }

    @Test
    void the_last_quarter_is_not_begun_at_once_by_who_has_the_others() {
        ConversationId theirs = new ConversationId(new TenantId("clinic"), 7, 9);
        var begun = new CopyOnWriteArrayList<String>();
        var end = new CountDownLatch(1);

        try (FlowEngine engine = answering(
                new CountedClaims(),
                text -> {
                    begun.add(text);
                    if (!text.startsWith("9")) {
                        waitFor(end);
                    }
                },
                4)) {
            engine.start();
            engine.accept(arrival(theirs, 9), AT_ONCE);
            await().atMost(Duration.ofSeconds(50)).until(() -> begun.size() == 2);
            for (int i = 1; i <= 4; i++) {
                engine.accept(arrival(conversation(i), i), AT_ONCE);
            }
            await().atMost(Duration.ofSeconds(50)).until(() -> begun.size() == 5 && allWait(4));
            assertThat(held(4)).as("three of four workers").isEqualTo(3);
            end.countDown();
            await().atMost(Duration.ofSeconds(50)).until(() -> begun.size() == 10);
        }
    }

    private boolean allWait(int conversations) {
        return IntStream.rangeClosed(1, conversations).allMatch(i -> waiting(conversation(i)) == 2);
    }

    private long held(int conversations) {
        return IntStream.rangeClosed(1, conversations)
                .filter(i -> memory.stateOf(conversation(i)).commandClaimedUntil() != null)
                .count();
    }

    private int waiting(ConversationId conversation) {
        return memory.stateOf(conversation).commands().size();
    }

    @Test
    void a_claim_that_takes_long_leaves_workers_for_the_replies_of_turns_that_end() {
        var sent = new CopyOnWriteArrayList<String>();
        var claimed = new CopyOnWriteArrayList<Integer>();
        var goesOn = new CountDownLatch(1);

        try (FlowEngine engine = answering(
                new CountedClaims() {
                    @Override
                    public List<CommandAttempt> claimCommands(
                            Line line, FreeWorkers free, Instant now, Duration lease) {
                        if (line == Line.REPLIES) {
                            claimed.add(free.number());
                            waitFor(goesOn);
                        }
                        return super.claimCommands(line, free, now, lease);
                    }
                },
                sent::add,
                4)) {
            engine.start();
            engine.accept(arrival(conversation(1), 1), AT_ONCE);
            await().atMost(Duration.ofSeconds(50)).until(() -> sent.size() == 2);
            waits(conversation(2), 2, 1, "waited");
            engine.wake();
            await().atMost(Duration.ofSeconds(50)).until(() -> !claimed.isEmpty());

            engine.accept(arrival(conversation(3), 3), AT_ONCE);

            await().atMost(Duration.ofSeconds(50)).until(() -> sent.contains("3 b"));
            assertThat(sent).doesNotContain("waited");
            goesOn.countDown();
            await().atMost(Duration.ofSeconds(50)).until(() -> sent.contains("waited"));
        }
        assertThat(claimed.get(0)).as("half of four").isEqualTo(2);
    }

    @Test
    void a_turn_that_ends_while_the_engine_closes_leaves_its_reply_for_the_next_start() {
        var thinks = new CountDownLatch(1);
        var thought = new CountDownLatch(1);
        FlowEngine engine = FlowEngine.builder()
                .store(new CountedClaims())
                .handler(new Silent() {
                    @Override
                    public TurnResult answer(Turn turn) {
                        thinks.countDown();
                        waitFor(thought);
                        return saying("late");
                    }
                })
                .sender(attempt -> new CommandResult.Done(null))
                .build();
        engine.start();
        engine.accept(arrival(conversation(1), 1), AT_ONCE);
        waitFor(thinks);
        var closing = new Thread(engine::close);
        closing.start();
        await().atMost(Duration.ofSeconds(50)).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        thought.countDown();

        await().atMost(Duration.ofSeconds(50)).until(() -> !closing.isAlive());

        WaitingCommand left = memory.stateOf(conversation(1)).commands().get(0);
        assertThat(text(left.command())).isEqualTo("late");
        assertThat(left.attempts()).isZero();
    }

    /** Says a and b to everybody, with the number of the message. */
    private FlowEngine answering(FlowStore store, Consumer<String> sender, int workers) {
        return FlowEngine.builder()
                .store(store)
                .handler(new Silent() {
                    @Override
                    public TurnResult answer(Turn turn) {
                        long message = turn.messages().get(0).messageId();
                        return saying(message + " a", message + " b");
                    }
                })
                .sender(attempt -> {
                    sender.accept(text(attempt.command()));
                    return new CommandResult.Done(null);
                })
                .commandWorkers(workers)
                .pollInterval(Duration.ofHours(1))
                .build();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Commands wait that were queued so many seconds ago. */
    private void waits(ConversationId conversation, long message, int secondsAgo, String... texts) {
        Instant then = Instant.now().minusSeconds(secondsAgo);
        memory.accept(arrival(conversation, message), AT_ONCE, then);
        Turn turn = memory.claimTurns(FreeWorkers.of(1), then, Duration.ofMinutes(1))
                .get(0);
        memory.completeTurn(turn, saying(texts), 2, then);
    }

    @Test
    void what_was_claimed_while_it_closes_is_interrupted_too() {
        waits(conversation(1), 1, 1, "a", "b");
        var stored = new CountDownLatch(1);
        var sent = new CopyOnWriteArrayList<String>();
        FlowEngine engine = FlowEngine.builder()
                .store(new CountedClaims() {
                    @Override
                    public CommandCompletion completeCommand(
                            CommandAttempt attempt,
                            CommandResult result,
                            Instant retryAt,
                            int maxAttempts,
                            Instant now,
                            @Nullable NextClaim next) {
                        CommandCompletion completion =
                                super.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
                        stored.countDown();
                        while (!Thread.currentThread().isInterrupted()) {
                            LockSupport.parkNanos(1_000_000);
                        }
                        return completion;
                    }
                })
                .handler(new Silent())
                .sender(attempt -> {
                    sent.add(text(attempt.command()));
                    return new CommandResult.Done(null);
                })
                .commandWorkers(2)
                .build();
        engine.start();
        await().atMost(Duration.ofSeconds(50)).until(() -> stored.getCount() == 0);

        assertThat(engine.close(Duration.ZERO)).isFalse();

        await().atMost(Duration.ofSeconds(50))
                .until(() -> memory.stateOf(conversation(1)).commandClaimedUntil() == null);
        assertThat(sent).containsExactly("a");
        WaitingCommand left = memory.stateOf(conversation(1)).commands().get(0);
        assertThat(text(left.command())).isEqualTo("b");
        assertThat(left.unclearSince()).as("it was not sent").isNull();
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
    private class CountedClaims extends ForwardingStore {
        CountedClaims() {
            super(memory);
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            List<CommandAttempt> claimed = super.claimCommands(line, free, now, lease);
            claims.addAndGet(claimed.size());
            return claimed;
        }
    }

    private static class Silent implements TurnHandler {
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
