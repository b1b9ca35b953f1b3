package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes from a running process what the system gives it; closing gives it back. Linux with {@code prlimit} and {@code strace}. */
final class Grip {

    private Grip() {}

    /** It may open nothing more: no file, no connection. */
    static AutoCloseable noMoreHandles(long pid) throws IOException, InterruptedException {
        String before = run("prlimit", "--pid", String.valueOf(pid), "--nofile", "--output=SOFT", "--noheadings")
                .strip();
        long open;
        try (var handles = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            open = handles.count();
        }
        limit(pid, String.valueOf(open));
        return () -> limit(pid, before);
    }

    private static void limit(long pid, String handles) throws IOException, InterruptedException {
        run("prlimit", "--pid", String.valueOf(pid), "--nofile=" + handles + ":");
    }

    /** Each synchronisation of the disk takes this much longer. The process is slower as a whole, too. */
    static AutoCloseable slowSynchronisation(long pid, Duration by) throws IOException {
        Process strace = new ProcessBuilder(List.of(
                        "strace",
                        "-f",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-p",
                        String.valueOf(pid),
                        "-e",
                        "trace=fsync,fdatasync",
                        "-e",
                        "inject=fsync,fdatasync:delay_enter=" + by.toMillis() * 1_000))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return () -> {
            boolean worked = strace.isAlive();
            strace.destroy();
            if (!strace.waitFor(10, TimeUnit.SECONDS)) {
                strace.destroyForcibly().waitFor();
            }
            if (!worked) {
                throw new IOException("strace is not allowed here");
            }
        };
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
