package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds when many threads use a store at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class FlowStoreConcurrencyRules extends FlowStorePolicyRules {

    private static final int THREADS = 8;
    private static final int CONVERSATIONS = 10;
    private static final int MESSAGES = 20;

    @Test
    void the_same_key_at_the_same_time_is_stored_once() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "key-" + round;
            var event = arrival(CONVERSATION, 11 + round, at(0), false, key);

            List<Acceptance> answers = together(THREADS, number -> () -> store.accept(event, AT_ONCE, at(0)));

            assertThat(answers).filteredOn(Acceptance.STORED::equals).hasSize(1);
            assertThat(answers).filteredOn(Acceptance.DUPLICATE::equals).hasSize(THREADS - 1);
        }
        assertThat(store.stats(at(0)).waitingMessages()).isEqualTo(10);
    }

    @Test
    void a_due_turn_and_a_due_command_go_to_one_claimer() throws Exception {
        for (int i = 1; i <= CONVERSATIONS; i++) {
            write(conversation(i), 10 + i, 0);
        }

        List<List<Turn>> turns = together(THREADS, number -> () -> store.claimTurns(FreeWorkers.of(3), at(1), LEASE));
        turns.forEach(claimed -> claimed.forEach(turn -> complete(turn, 1, say("a"))));
        turns(1).forEach(turn -> complete(turn, 1, say("a")));
        List<List<CommandAttempt>> commands =
                together(THREADS, number -> () -> store.claimCommands(Line.REPLIES, FreeWorkers.of(3), at(1), LEASE));

        assertThat(turns.stream().flatMap(List::stream).map(Turn::conversation)).doesNotHaveDuplicates();
        assertThat(commands.stream().flatMap(List::stream).map(CommandAttempt::conversation))
                .doesNotHaveDuplicates();
    }

    /** Writers, turn workers and command workers at once: everything is answered once, in order, by one at a time. */
    @Test
    void nothing_is_lost_doubled_or_overtaken_under_load() throws Exception {
        var answered = new ConcurrentHashMap<ConversationId, List<Long>>();
        var sent = new ConcurrentHashMap<ConversationId, List<String>>();
        var live = ConcurrentHashMap.<String>newKeySet();
        var openMessages = new AtomicInteger(CONVERSATIONS * MESSAGES);
        var openCommands = new AtomicInteger();

        together(THREADS, number -> () -> {
            if (number < 2) {
                writeAll(number);
            } else {
                while ((openMessages.get() > 0 || openCommands.get() > 0)
                        && !Thread.currentThread().isInterrupted()) {
                    for (Turn turn : store.claimTurns(FreeWorkers.of(4), at(1), LEASE)) {
                        answer(turn, live, answered, openMessages, openCommands);
                    }
                    for (CommandAttempt attempt : store.claimCommands(Line.REPLIES, FreeWorkers.of(4), at(1), LEASE)) {
                        send(attempt, live, sent, openCommands);
                    }
                }
            }
            return number;
        });

        List<Long> all = LongStream.rangeClosed(1, MESSAGES).boxed().toList();
        assertThat(answered).hasSize(CONVERSATIONS);
        answered.values().forEach(ids -> assertThat(ids).isEqualTo(all));
        sent.forEach((conversation, texts) -> assertThat(texts)
                .isEqualTo(store.stateOf(conversation).commands().isEmpty() ? expected(texts) : List.of()));
        assertThat(sent).hasSize(CONVERSATIONS);
        assertThat(store.stats(at(2))).isEqualTo(waits(0, 0, 0, null));
    }

    /** Two bubbles to a turn, numbered by the newest message they answer. */
    private static List<String> expected(Collection<String> texts) {
        return texts.stream()
                .map(text -> Long.valueOf(text.substring(0, text.indexOf('.'))))
                .distinct()
                .sorted()
                .flatMap(newest -> List.of(newest + ".1", newest + ".2").stream())
                .toList();
    }

    private void writeAll(int writer) {
        for (long id = 1; id <= MESSAGES; id++) {
            for (int number = 1; number <= CONVERSATIONS; number++) {
                if (number % 2 == writer) {
                    var event = arrival(conversation(number), id, at(0), false, number + ":" + id);
                    store.accept(event, AT_ONCE, at(0));
                }
            }
        }
    }

    private void answer(
            Turn turn,
            Set<String> live,
            Map<ConversationId, List<Long>> answered,
            AtomicInteger openMessages,
            AtomicInteger openCommands) {
        String mark = "turn " + turn.conversation();
        assertThat(live.add(mark)).as("one live %s", mark).isTrue();
        List<Long> ids = ids(turn);
        answered.computeIfAbsent(turn.conversation(), missing -> new CopyOnWriteArrayList<>())
                .addAll(ids);
        openCommands.addAndGet(2);
        live.remove(mark);
        long newest = ids.get(ids.size() - 1);
        var result = result(say(newest + ".1"), say(newest + ".2"));
        assertThat(store.completeTurn(turn, result, 0, at(1))).isEqualTo(TurnOutcome.COMPLETED);
        openMessages.addAndGet(-ids.size());
    }

    private void send(
            CommandAttempt attempt,
            Set<String> live,
            Map<ConversationId, List<String>> sent,
            AtomicInteger openCommands) {
        String mark = "command " + attempt.conversation();
        assertThat(live.add(mark)).as("one live %s", mark).isTrue();
        var text = ((io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage) attempt.command()).text();
        sent.computeIfAbsent(attempt.conversation(), missing -> new CopyOnWriteArrayList<>())
                .add(text);
        live.remove(mark);
        assertThat(done(attempt, 1)).isTrue();
        openCommands.decrementAndGet();
    }

    private interface Work<T> {
        Callable<T> of(int number);
    }

    /** Starts all at the same moment; a failure of one fails the test. */
    private static <T> List<T> together(int threads, Work<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            var start = new CountDownLatch(1);
            List<Future<T>> futures = IntStream.range(0, threads)
                    .mapToObj(number -> pool.submit(() -> {
                        start.await();
                        return work.of(number).call();
                    }))
                    .toList();
            start.countDown();
            var results = new ArrayList<T>();
            for (Future<T> future : futures) {
                results.add(future.get(30, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
