package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.AT_ONCE;
import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The engine while its store fails. */
@Timeout(60)
class StoreTroubleTest {

    private final Moody store = new Moody(new InMemoryFlowStore(new WatchedLog(event -> {})));
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final Ears ears = new Ears();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<CommandAttempt> tried = new CopyOnWriteArrayList<>();
    private volatile boolean answersTwice;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final FlowEngine engine = FlowEngine.builder()
            .store(store)
            .handler(new TurnHandler() {
                @Override
                public TurnResult answer(Turn turn) {
                    String answer = "answer " + answers.incrementAndGet();
                    return answersTwice ? saying(answer, "and more") : saying(answer);
                }

                @Override
                public TurnResult giveUp(Turn turn, RuntimeException failure) {
                    return saying("sorry");
                }
            })
            .sender(attempt -> {
                tried.add(attempt);
                sent.add(Given.text(attempt.command()));
                return new CommandResult.Done(null);
            })
            .listener(ears)
            .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
            .build();

    @BeforeEach
    void listen() {
        logged.start();
        logger().setLevel(Level.INFO);
        logger().addAppender(logged);
        engine.start();
    }

    @AfterEach
    void close() {
        engine.close(Duration.ofMillis(200));
        logger().detachAppender(logged);
        logger().setLevel(null);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(FlowEngine.class);
    }

    @Test
    void what_cannot_be_stored_is_not_accepted() {
        store.failing.set(1);

        assertThatThrownBy(() -> engine.accept(arrival(conversation(1), 1), AT_ONCE))
                .hasMessage("disk full");

        assertThat(ears.heard).doesNotContain("accepted STORED");
    }

    @Test
    void a_store_that_fails_for_a_while_is_tried_until_it_works_and_told_of_once() {
        store.failing.set(Integer.MAX_VALUE);
        engine.wake();
        await().until(() -> store.failures.get() > 4);
        assertThat(engine.isWell()).isFalse();
        store.failing.set(0);

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("answer 1"));
        await().untilAsserted(() -> assertThat(engine.isWell()).isTrue());
        assertThat(messages())
                .filteredOn(text -> text.startsWith("the flow store fails"))
                .hasSize(1);
        assertThat(messages()).filteredOn("the flow store works again"::equals).hasSize(1);
        assertThat(ears.heard).containsSubsequence("store well false", "store well true");
    }

    @Test
    void an_answer_survives_a_hiccup_of_the_store() {
        store.hiccups.set(2);

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("answer 1"));
        await().untilAsserted(() ->
                assertThat(store.stats(Instant.now()).waitingCommands()).isZero());
        assertThat(answers).hasValue(1);
        assertThat(sent).hasSize(1);
    }

    @Test
    void what_was_claimed_with_a_result_is_kept_when_only_the_stores_word_is_lost() {
        answersTwice = true;
        store.lostTurns.set(1);
        store.lostWords.set(1);

        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(sent).containsExactly("answer 1", "and more"));
        await().untilAsserted(() ->
                assertThat(store.stats(Instant.now()).waitingCommands()).isZero());
        assertThat(store.lostTurns).hasValue(0);
        assertThat(store.lostWords).hasValue(0);
        assertThat(tried).extracting(CommandAttempt::attempt).containsExactly(1, 1);
        assertThat(tried).extracting(CommandAttempt::unclearSince).containsOnlyNulls();
        assertThat(ears.heard).filteredOn("turn COMPLETED"::equals).hasSize(1);
        await().untilAsserted(() ->
                assertThat(ears.heard).filteredOn("command done"::equals).hasSize(2));
    }

    @Test
    void a_listener_hears_everything_and_its_failures_disturb_nobody() {
        engine.accept(arrival(conversation(1), 1), AT_ONCE);

        await().untilAsserted(() -> assertThat(ears.heard)
                .contains("accepted STORED", "turn COMPLETED", "command done")
                .hasSizeGreaterThanOrEqualTo(3));
        assertThat(sent).hasSize(1);
    }

    private List<String> messages() {
        return List.copyOf(logged.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Hears, and throws. */
    private static final class Ears implements FlowListener {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        private void hear(String what) {
            heard.add(what);
            throw new IllegalStateException("no metrics today");
        }

        @Override
        public void accepted(InboundEvent event, Acceptance acceptance, Duration took) {
            hear("accepted " + acceptance);
        }

        @Override
        public void turnEnded(Turn turn, TurnOutcome outcome, Duration took) {
            hear("turn " + outcome);
        }

        @Override
        public void commandTried(CommandAttempt attempt, CommandResult result, boolean dead, Duration took) {
            hear("command " + (dead ? "dead" : "done"));
        }

        @Override
        public void storeWell(boolean well) {
            hear("store well " + well);
        }
    }

    /** Fails as often as it is told to: all calls, those that store results, or these when they are stored already. */
    private static final class Moody extends ForwardingStore {
        private final AtomicInteger failing = new AtomicInteger();
        private final AtomicInteger hiccups = new AtomicInteger();
        private final AtomicInteger lostTurns = new AtomicInteger();
        private final AtomicInteger lostWords = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();

        Moody(FlowStore inner) {
            super(inner);
        }

        private void mood(AtomicInteger left) {
            if (left.getAndUpdate(times -> times == Integer.MAX_VALUE ? times : Math.max(0, times - 1)) > 0) {
                failures.incrementAndGet();
                throw new IllegalStateException("disk full");
            }
        }

        @Override
        public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
            mood(failing);
            return super.accept(event, timing, now);
        }

        @Override
        public Optional<Instant> nextTurnDue() {
            mood(failing);
            return super.nextTurnDue();
        }

        @Override
        public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
            mood(failing);
            return super.claimTurns(free, now, lease);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            mood(hiccups);
            TurnCompletion completion = super.completeTurn(turn, result, maxSupersedes, now, next);
            mood(lostTurns);
            return completion;
        }

        @Override
        public CommandCompletion completeCommand(
                CommandAttempt attempt,
                CommandResult result,
                Instant retryAt,
                int maxAttempts,
                Instant now,
                @Nullable NextClaim next) {
            mood(hiccups);
            CommandCompletion completion = super.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
            mood(lostWords);
            return completion;
        }
    }
}
