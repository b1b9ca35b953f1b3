package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Servers under load that share a database, and what they have cost so far. Used by one thread. */
final class LoadedServers implements AutoCloseable {

    /** May read their metrics. */
    static final String TOKEN = "wfc_load_of_several_invented_hotels";

    private final List<ServerProcess> servers = new ArrayList<>();

    /**
     * What some work has cost all servers together.
     *
     * @param processor user and system time
     * @param writes calls of the store that changed something
     * @param commits the transactions they shared, each with the disk synchronised
     */
    record Costs(Duration processor, long writes, long commits) {

        Costs minus(Costs before) {
            return new Costs(processor.minus(before.processor), writes - before.writes, commits - before.commits);
        }

        String per(int pieces) {
            return String.format(
                    Locale.ROOT,
                    "%.0f µs of processor, %.1f writes in %.2f commits",
                    processor.toNanos() / 1e3 / pieces,
                    writes / (double) pieces,
                    commits / (double) pieces);
        }
    }

    /** One more; returns when it answers. */
    void add(ServerProcess server) throws InterruptedException {
        servers.add(server);
        server.awaitHealthy();
    }

    List<Integer> ports() {
        return servers.stream().map(ServerProcess::port).toList();
    }

    Costs costs() throws IOException, InterruptedException {
        var processor = Duration.ZERO;
        long writes = 0;
        long commits = 0;
        for (ServerProcess server : servers) {
            processor = processor.plus(server.processorTime());
            writes += server.metric("wppflow_storage_writes_total", TOKEN);
            commits += server.metric("wppflow_storage_commits_total", TOKEN);
        }
        return new Costs(processor, writes, commits);
    }

    /** The largest memory one of them has had. */
    long peakMemoryMib() {
        return servers.stream().mapToLong(ServerProcess::peakMemoryKib).max().orElse(0) / 1_024;
    }

    @Override
    public void close() {
        servers.forEach(ServerProcess::close);
    }
}
