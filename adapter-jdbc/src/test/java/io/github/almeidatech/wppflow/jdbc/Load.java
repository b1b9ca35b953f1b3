package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Measures: {@code Load <url> <messages> <threads>}. Not a test. */
final class Load {

    private static final Object PRINTING = new Object();

    private Load() {}

    public static void main(String[] arguments) throws Exception {
        int messages = Integer.parseInt(arguments[1]);
        int threads = Integer.parseInt(arguments[2]);
        try (Database database = Database.open(arguments[0])) {
            FlowStore store = database.flowStore();
            long first = System.currentTimeMillis() * 1_000;
            for (int round = 1; round <= 3; round++) {
                accept(store, first + (long) round * messages, messages, threads);
                answer(store, messages);
            }
        }
    }

    private static void accept(FlowStore store, long first, int messages, int threads) throws InterruptedException {
        var next = new AtomicInteger();
        var nanos = new long[messages];
        long begin = System.nanoTime();
        inThreads(threads, () -> {
            for (int i = next.getAndIncrement(); i < messages; i = next.getAndIncrement()) {
                long id = first + i;
                long before = System.nanoTime();
                store.accept(message(conversation(1 + id % 5_000), id, "p:" + id % 5_000, "oi"), AT_ONCE, NOW);
                nanos[i] = System.nanoTime() - before;
            }
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        Arrays.sort(nanos);
        print("accept: %.0f/s, p50 %.1f ms, p99 %.1f ms%n", messages / seconds, ms(nanos, 50), ms(nanos, 99));
    }

    private static double ms(long[] sorted, int percent) {
        return sorted[(int) ((long) sorted.length * percent / 100)] / 1e6;
    }

    /** Claims, completes with one command, claims that and completes it, as the engine's workers would. */
    private static void answer(FlowStore store, int messages) throws InterruptedException {
        var turns = new AtomicLong();
        var answered = new AtomicLong();
        long begin = System.nanoTime();
        inThreads(16, () -> {
            while (true) {
                List<Turn> claimed = store.claimTurns(FreeWorkers.of(8), NOW, LEASE);
                for (Turn turn : claimed) {
                    answered.addAndGet(turn.messages().size());
                    turns.incrementAndGet();
                    var say = new SendMessage("A diária custa R$ 95.", null, Purpose.ANSWER);
                    store.completeTurn(turn, new TurnResult(List.of(say), List.of(), null), 2, NOW);
                }
                List<CommandAttempt> attempts = store.claimCommands(Line.REPLIES, FreeWorkers.of(8), NOW, LEASE);
                for (CommandAttempt attempt : attempts) {
                    store.completeCommand(attempt, new CommandResult.Done("1"), NOW, 5, NOW);
                }
                if (claimed.isEmpty() && attempts.isEmpty() && answered.get() >= messages) {
                    return;
                }
            }
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        print(
                "turns: %.0f/s with one command each, %d messages in %d turns%n",
                turns.get() / seconds, answered.get(), turns.get());
    }

    private static void inThreads(int number, Runnable work) throws InterruptedException {
        var threads = new Thread[number];
        for (int i = 0; i < number; i++) {
            threads[i] = new Thread(work);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void print(String format, Object... arguments) {
        synchronized (PRINTING) {
            System.out.printf(format, arguments);
        }
    }
}
