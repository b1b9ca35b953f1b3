package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Servers under load that share a database, and what they have cost so far. Used by one thread. */
final class LoadedServers implements AutoCloseable {

    /** May read their metrics. */
    static final String TOKEN = "wfc_load_of_several_invented_hotels";

    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<ProcessorLimit> limits = new ArrayList<>();
    private final @Nullable LocalPostgres postgres;

    /** @param postgres the database they share, if it has processes of its own */
    LoadedServers(@Nullable LocalPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * What some work has cost all servers together.
     *
     * @param processor user and system time
     * @param compilers what of it the JVM's compilers took
     * @param writes calls of the store that changed something
     * @param commits the transactions they shared, each with the disk synchronised
     * @param database the processor time of a database in processes of its own
     */
    record Costs(Duration processor, Duration compilers, long writes, long commits, Duration database) {

        Costs minus(Costs before) {
            return new Costs(
                    processor.minus(before.processor),
                    compilers.minus(before.compilers),
                    writes - before.writes,
                    commits - before.commits,
                    database.minus(before.database));
        }

        String per(int pieces) {
            return String.format(
                    Locale.ROOT,
                    "%.0f µs of processor (%.0f of it compiling), %.1f writes in %.2f commits%s",
                    processor.toNanos() / 1e3 / pieces,
                    compilers.toNanos() / 1e3 / pieces,
                    writes / (double) pieces,
                    commits / (double) pieces,
                    database.isZero()
                            ? ""
                            : String.format(Locale.ROOT, ", %.0f µs of PostgreSQL", database.toNanos() / 1e3 / pieces));
        }
    }

    /** One more; returns when it answers. */
    void add(ServerProcess server) throws InterruptedException {
        servers.add(server);
        server.awaitHealthy();
    }

    /** From now on each may have so many processors. */
    void limit(double cores) throws IOException {
        for (ServerProcess server : servers) {
            limits.add(ProcessorLimit.of(server.pid(), cores));
        }
    }

    /** Stops all but the first. */
    void keepFirst() throws InterruptedException {
        List<ServerProcess> others = servers.subList(1, servers.size());
        for (ServerProcess server : others) {
            server.stop();
        }
        others.clear();
    }

    List<Integer> ports() {
        return servers.stream().map(ServerProcess::port).toList();
    }

    Costs costs() throws IOException, InterruptedException {
        var processor = Duration.ZERO;
        var compilers = Duration.ZERO;
        long writes = 0;
        long commits = 0;
        for (ServerProcess server : servers) {
            processor = processor.plus(server.processorTime());
            compilers = compilers.plus(server.compilerTime());
            writes += server.metric("wppflow_storage_writes_total", TOKEN);
            commits += server.metric("wppflow_storage_commits_total", TOKEN);
        }
        return new Costs(
                processor, compilers, writes, commits, postgres == null ? Duration.ZERO : postgres.processorTime());
    }

    /** The largest memory one of them has had. */
    long peakMemoryMib() {
        return servers.stream().mapToLong(ServerProcess::peakMemoryKib).max().orElse(0) / 1_024;
    }

    @Override
    public void close() {
        servers.forEach(ServerProcess::close);
        limits.forEach(ProcessorLimit::close);
    }
}
