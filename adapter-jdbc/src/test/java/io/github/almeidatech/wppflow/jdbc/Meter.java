package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * What calls cost. The processor's time by threads can be compared where others work too, and with PostgreSQL the rows and
 * pages that it has read: those depend on no machine.
 */
interface Meter extends AutoCloseable {

    Costs now() throws SQLException, IOException;

    @Override
    default void close() throws SQLException {}

    /**
     * So far, in nanoseconds of processor and in numbers; beside {@code all} of a process the rest is the caller's, the
     * compilers' and the collector's.
     *
     * @param reads calls of the system
     * @param writes calls of the system
     * @param server the processor time of PostgreSQL
     * @param rows that PostgreSQL has read, in tables and indexes
     * @param pages that PostgreSQL has looked at, in memory or not
     * @param missed pages of these that were not among its buffers
     * @param whole pages that went into its log as a whole, as nobody had changed them since the last checkpoint
     */
    record Costs(
            long all,
            long writer,
            long checkpoints,
            long reads,
            long writes,
            long server,
            long rows,
            long pages,
            long missed,
            long whole) {

        static final Costs NONE = new Costs(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Costs minus(Costs before) {
            return plus(before, -1);
        }

        Costs plus(Costs more) {
            return plus(more, 1);
        }

        private Costs plus(Costs other, int sign) {
            return new Costs(
                    all + sign * other.all,
                    writer + sign * other.writer,
                    checkpoints + sign * other.checkpoints,
                    reads + sign * other.reads,
                    writes + sign * other.writes,
                    server + sign * other.server,
                    rows + sign * other.rows,
                    pages + sign * other.pages,
                    missed + sign * other.missed,
                    whole + sign * other.whole);
        }
    }

    /** This process alone. */
    static Costs ofThisProcess() throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        long writer = 0;
        long checkpoints = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            String name = thread == null ? "" : thread.getThreadName();
            writer += name.equals("wppflow-writer") ? threads.getThreadCpuTime(id) : 0;
            checkpoints += name.equals("wppflow-checkpoints") ? threads.getThreadCpuTime(id) : 0;
        }
        long all =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
        return new Costs(all, writer, checkpoints, calls("syscr:"), calls("syscw:"), 0, 0, 0, 0, 0);
    }

    private static long calls(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
                .sum();
    }

    /** The same with a PostgreSQL of one's own, of version 15 or later. */
    static Meter of(Database database, LocalPostgres postgres, String url) throws SQLException {
        Connection admin = DriverManager.getConnection(postgres.administrator(url));
        return new Meter() {
            @Override
            public Costs now() throws SQLException, IOException {
                String tell = "select pg_stat_force_next_flush()::text";
                database.writer().write(tx -> tx.first(tell, row -> true));
                database.reader().readAll(session -> session.first(tell, row -> true));
                Costs counted = new Session(admin)
                        .first(
                                """
                                select (select sum(seq_tup_read) from pg_stat_user_tables)
                                    + (select sum(idx_tup_read) from pg_stat_user_indexes) as rows_read,
                                  (select sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0)
                                    + coalesce(toast_blks_hit + toast_blks_read, 0)) from pg_statio_user_tables) as pages,
                                  (select sum(heap_blks_read + coalesce(idx_blks_read, 0) + coalesce(toast_blks_read, 0))
                                    from pg_statio_user_tables) as missed,
                                  (select wal_fpi from pg_stat_wal) as whole
                                """,
                                row -> new Costs(
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        row.getLong("rows_read"),
                                        row.getLong("pages"),
                                        row.getLong("missed"),
                                        row.getLong("whole")))
                        .orElseThrow();
                long server = postgres.processorTime().toNanos();
                return ofThisProcess().plus(counted).plus(new Costs(0, 0, 0, 0, 0, server, 0, 0, 0, 0));
            }

            @Override
            public void close() throws SQLException {
                admin.close();
            }
        };
    }

    /** Calls of one kind: how long they took, and what they cost. */
    final class Measured {

        private final String what;
        private final List<Long> nanos = new ArrayList<>();
        private Costs costs = Costs.NONE;

        Measured(String what) {
            this.what = what;
        }

        /** @param count false while the compilers have not done with it */
        void calls(boolean count, int times, Meter meter, Callable<?> work) throws Exception {
            Costs before = meter.now();
            for (int i = 0; i < times; i++) {
                long begin = System.nanoTime();
                work.call();
                if (count) {
                    nanos.add(System.nanoTime() - begin);
                }
            }
            if (count) {
                costs = costs.plus(meter.now().minus(before));
            }
        }

        void print() {
            nanos.sort(null);
            double n = nanos.size();
            System.out.printf(
                    Locale.ROOT,
                    "  %-28s p50 %7.3f ms, p95 %7.3f ms, processor %7.3f ms, of it writer %6.3f ms, checkpoints %6.3f ms;"
                            + " %5.1f reads, %5.1f writes",
                    what,
                    nanos.get(nanos.size() / 2) / 1e6,
                    nanos.get(nanos.size() * 95 / 100) / 1e6,
                    costs.all() / 1e6 / n,
                    costs.writer() / 1e6 / n,
                    costs.checkpoints() / 1e6 / n,
                    costs.reads() / n,
                    costs.writes() / n);
            if (costs.server() > 0) {
                System.out.printf(
                        Locale.ROOT,
                        "; PostgreSQL %6.3f ms, %6.1f rows, %6.1f pages, %5.1f not in its buffers, %5.1f whole ones logged",
                        costs.server() / 1e6 / n,
                        costs.rows() / n,
                        costs.pages() / n,
                        costs.missed() / n,
                        costs.whole() / n);
            }
            System.out.println();
        }
    }
}
