package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.almeidatech.wppflow.model.FlowException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many writers, one commit; and what happens when it cannot be had. */
class WriterTest {

    private static final DatabaseOptions IMPATIENT = new DatabaseOptions(Duration.ofMillis(300), 64, 8, 1);

    @TempDir
    Path folder;

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("w.db"), IMPATIENT);
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
        database.close();
    }

    private Connection otherProcess() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("w.db"));
    }

    @Test
    void those_who_wait_together_are_committed_together() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<Integer> first = pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            await(go);
            return tx.batch();
        }));
        begun.await();
        long writes = database.writes();
        long commits = database.commits();
        var others = new ArrayList<Future<Integer>>();
        for (int i = 0; i < 5; i++) {
            others.add(pool.submit(() -> database.writer().write(Tx::batch)));
        }
        while (database.writer().waiting() < 5) {
            Thread.onSpinWait();
        }
        go.countDown();

        assertThat(first.get()).isEqualTo(1);
        for (Future<Integer> each : others) {
            assertThat(each.get()).as("works in its transaction").isEqualTo(5);
        }
        assertThat(database.writes() - writes).as("told that they are stored").isEqualTo(6);
        assertThat(database.commits() - commits).isEqualTo(2);
    }

    @Test
    void the_next_commit_does_not_wait_until_all_of_the_one_before_are_woken() {
        var toTell = new ArrayDeque<Runnable>();
        SqliteFile file = SqliteFile.lock(folder.resolve("other.db"));
        var connection =
                new WritingConnection(new SqliteDialect(file, IMPATIENT), IMPATIENT.maxWait(), false, toTell::add);
        List<Task<Integer>> many = Stream.generate(() -> new Task<>(Reads.NONE, Tx::batch))
                .limit(Writer.COMPANY)
                .toList();
        var alone = new Task<>(Reads.NONE, Tx::batch);

        connection.process(List.copyOf(many));
        connection.process(List.of(alone));

        assertThat(connection.commits()).isEqualTo(2);
        assertThat(alone.await(IMPATIENT.maxWait())).as("one is told at once").isEqualTo(1);
        assertThat(toTell).as("to be told by another thread").hasSize(1);
        toTell.remove().run();
        assertThat(many)
                .allSatisfy(each -> assertThat(each.await(IMPATIENT.maxWait())).isEqualTo(Writer.COMPANY));
        connection.close();
        file.release();
    }

    @Test
    void one_that_fails_takes_nobody_with_it() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<Boolean> first = pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            return await(go);
        }));
        begun.await();
        Future<Integer> good = pool.submit(() -> database.writer().write(tx -> put(tx, "good")));
        Future<Integer> bad = pool.submit(() -> database.writer().write(tx -> {
            put(tx, "bad");
            throw new IllegalStateException("a defect");
        }));
        Future<Integer> wrong = pool.submit(() -> database.writer().write(tx -> tx.update("insert into nothing")));
        while (database.writer().waiting() < 3) {
            Thread.onSpinWait();
        }
        go.countDown();

        assertThat(first.get()).isTrue();
        assertThat(good.get()).isEqualTo(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(bad::get)
                .withCauseInstanceOf(IllegalStateException.class);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(wrong::get)
                .satisfies(
                        e -> assertThat(((FlowException) e.getCause()).code()).isEqualTo(StorageError.STATEMENT));
        assertThat(names()).contains("good").doesNotContain("bad");
    }

    @Test
    void alone_it_fails_alone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> database.writer().write(tx -> {
                    put(tx, "bad");
                    throw new IllegalStateException("a defect");
                }));

        assertThat(names()).doesNotContain("bad");
    }

    @Test
    void an_error_of_the_machine_is_not_swallowed_and_the_writer_lives_on() {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> database.writer().write(tx -> {
                    throw new StackOverflowError();
                }))
                .satisfies(e -> assertThat(e.code()).isEqualTo(StorageError.UNCLEAR))
                .withCauseInstanceOf(StackOverflowError.class);

        assertThat(database.isWritable()).isTrue();
    }

    @Test
    void what_failed_is_not_counted_as_written() {
        long writes = database.writes();

        assertThatIllegalStateException()
                .isThrownBy(() -> database.writer().write(tx -> {
                    throw new IllegalStateException("of the work");
                }));

        assertThat(database.writes()).isEqualTo(writes);
    }

    @Test
    void the_disk_is_synchronised_with_each_commit() {
        int synchronous = database.writer()
                .write(tx ->
                        tx.first("pragma synchronous", row -> row.getInt(1)).orElseThrow());

        assertThat(synchronous).as("FULL").isEqualTo(2);
    }

    @Test
    void a_locked_file_is_refused_in_time_and_nothing_is_stored() throws SQLException {
        try (var other = otherProcess();
                var statement = other.createStatement()) {
            statement.execute("begin immediate");
            long before = System.nanoTime();

            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(
                            () -> database.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW))
                    .extracting(FlowException::code)
                    .isEqualTo(StorageError.UNAVAILABLE);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
            assertThat(database.isWritable()).isFalse();
            statement.execute("rollback");
        }
        assertThat(database.isWritable()).isTrue();
        assertThat(database.flowStore().stats(NOW).waitingMessages()).isZero();
    }

    @Test
    void a_full_disk_is_told_and_heals_by_itself() {
        long pages = database.writer()
                .write(tx ->
                        tx.first("pragma page_count", row -> row.getLong(1)).orElseThrow());
        limitPages(pages);

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> fill(200))
                .extracting(FlowException::code)
                .isEqualTo(StorageError.UNAVAILABLE);

        limitPages(1L << 30);
        fill(200);
        assertThat(database.flowStore().stats(NOW).waitingMessages()).isEqualTo(200);
    }

    private void limitPages(long pages) {
        database.writer().write(tx -> tx.first("pragma max_page_count = " + pages, row -> row.getLong(1)));
    }

    private void fill(int messages) {
        for (int i = 1; i <= messages; i++) {
            database.flowStore().accept(message(conversation(i), i, "p:1", "oi"), AT_ONCE, NOW);
        }
    }

    @Test
    void who_cannot_even_wait_is_turned_away() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var tasks = new ArrayList<Future<?>>();
        tasks.add(pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            return await(go);
        })));
        begun.await();
        for (int i = 0; i < 8; i++) {
            tasks.add(pool.submit(() -> database.writer().write(Tx::batch)));
        }
        while (database.writer().waiting() < 8) {
            Thread.onSpinWait();
        }

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> database.writer().write(Tx::batch))
                .extracting(FlowException::code)
                .isEqualTo(StorageError.OVERLOADED);
        go.countDown();
        for (Future<?> task : tasks) {
            task.get();
        }
    }

    @Test
    void who_waited_too_long_is_not_stored_afterwards() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<?> slow = pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            return await(go);
        }));
        begun.await();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> database.writer().write(tx -> put(tx, "late")))
                .extracting(FlowException::code)
                .isEqualTo(StorageError.UNAVAILABLE);

        go.countDown();
        slow.get();
        assertThat(names()).doesNotContain("late");
    }

    @Test
    void a_commit_nobody_hears_of_is_unclear() throws Exception {
        var go = new CountDownLatch(1);

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> database.writer().write(tx -> {
                    await(go);
                    return put(tx, "unclear");
                }))
                .extracting(FlowException::code)
                .isEqualTo(StorageError.UNCLEAR);

        go.countDown();
        assertThat(database.isWritable()).isTrue();
        assertThat(names()).contains("unclear");
    }

    @Test
    void an_interrupted_caller_learns_that_it_is_unclear_and_stays_interrupted() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<Boolean> caller = pool.submit(() -> {
            Thread.currentThread().interrupt();
            try {
                database.writer().write(tx -> {
                    begun.countDown();
                    return await(go);
                });
                return false;
            } catch (FlowException e) {
                return Thread.interrupted();
            }
        });

        assertThat(caller.get()).isTrue();
        go.countDown();
    }

    @Test
    void what_waits_when_it_is_closed_is_still_written() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<?> slow = pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            return await(go);
        }));
        begun.await();
        Future<Integer> waiting = pool.submit(() -> database.writer().write(tx -> put(tx, "last")));
        while (database.writer().waiting() < 1) {
            Thread.onSpinWait();
        }
        Future<?> closing = pool.submit(() -> database.close());
        go.countDown();

        slow.get();
        assertThat(waiting.get()).isEqualTo(1);
        closing.get();
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> database.writer().write(Tx::batch))
                .withMessageContaining("closed");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int put(Tx tx, String name) throws SQLException {
        return tx.update("insert into meta (name, value) values (?, '')", name);
    }

    private List<String> names() {
        return database.reader().readAll(session -> session.list("select name from meta", row -> row.getString(1)));
    }
}
