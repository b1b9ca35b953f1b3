package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds a running process to a part of the processors, as a container's limit does: by a control group of Linux's, version 1
 * or 2, which wants root. What it started meanwhile stays outside.
 */
final class ProcessorLimit implements AutoCloseable {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    /** Short, so that a server which has had its part pauses for a few milliseconds, not for a tenth of a second. */
    private static final int PERIOD_MICROS = 10_000;

    private final Path group;

    private ProcessorLimit(Path group) {
        this.group = group;
    }

    /**
     * @param cores such as 0.4; from a tenth
     * @throws IOException when the system has no such groups, or does not let this user make one
     */
    static ProcessorLimit of(long pid, double cores) throws IOException {
        int quota = (int) Math.round(cores * PERIOD_MICROS);
        Path first = GROUPS.resolve("cpu");
        boolean old = Files.exists(first.resolve("cpu.cfs_quota_us"));
        Path group = Files.createDirectory((old ? first : GROUPS).resolve("wppflow-" + pid));
        var limit = new ProcessorLimit(group);
        try {
            if (old) {
                Files.writeString(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD_MICROS));
                Files.writeString(group.resolve("cpu.cfs_quota_us"), String.valueOf(quota));
            } else {
                Files.writeString(GROUPS.resolve("cgroup.subtree_control"), "+cpu");
                Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
            }
            Files.writeString(group.resolve("cgroup.procs"), String.valueOf(pid));
            return limit;
        } catch (IOException e) {
            Files.deleteIfExists(group);
            throw e;
        }
    }

    /** Takes the group away as soon as its process has ended; leaves it there, empty, when that takes longer than five seconds. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (Files.exists(group) && !group.toFile().delete() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
