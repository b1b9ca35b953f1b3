package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.almeidatech.wppflow.model.ConversationId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {

    private record Piece(ConversationId conversation, String name) {}

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final AtomicInteger threads = new AtomicInteger();

    @Test
    void a_thread_that_cannot_be_started_costs_no_worker_and_keeps_no_conversation() throws InterruptedException {
        var workers = new Workers<Piece>("test", new Doing(), new Shares(1), true, InstantSource.system());
        ExecutorService onThese = Executors.newCachedThreadPool(this::firstFails);
        workers.start(onThese);

        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> workers.beginAll(List.of(new Piece(conversation(1), "a"))));

        assertThat(workers.beginClaiming()).as("free").isEqualTo(1);
        workers.endClaiming();
        workers.beginAll(List.of(new Piece(conversation(1), "b")));
        assertThat(done.poll(50, TimeUnit.SECONDS)).isEqualTo("b");
        assertThat(workers.awaitIdle(System.nanoTime() + TimeUnit.SECONDS.toNanos(50)))
                .isTrue();
        workers.shutDown();
    }

    /** As where a process may have no more threads. */
    private Thread firstFails(Runnable task) {
        if (threads.getAndIncrement() == 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return new Thread(task);
    }

    private final class Doing implements Work<Piece> {

        @Override
        public List<Piece> claim(FreeWorkers free) {
            return List.of();
        }

        @Override
        public Optional<Instant> nextDue() {
            return Optional.empty();
        }

        @Override
        public @Nullable Piece run(Piece piece, BooleanSupplier mayGoOn) {
            done.add(piece.name());
            return null;
        }

        @Override
        public ConversationId conversation(Piece piece) {
            return piece.conversation();
        }

        @Override
        public String turnId(Piece piece) {
            return piece.name();
        }

        @Override
        public Instant leaseUntil(Piece piece) {
            return Instant.MAX;
        }
    }
}
