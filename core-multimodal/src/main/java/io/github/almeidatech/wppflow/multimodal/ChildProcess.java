package io.github.almeidatech.wppflow.multimodal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of another program over one untrusted file (security default E2): a directory of its own that goes with it, an
 * empty environment, a limit on time and on processor time, killed with all it started. Where memory ends, Linux takes it before
 * the server.
 */
final class ChildProcess implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);

    private static final Duration MAX_CPU = Duration.ofSeconds(10);
    private static final Duration MAX_WALL = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 20;

    private final Semaphore places;
    private final Path directory;

    /** @param places one is taken while the program runs, so that all together take a bounded amount of memory */
    ChildProcess(Semaphore places) throws MediaUnavailableException {
        this.places = places;
        try {
            this.directory = isPosix()
                    ? Files.createTempDirectory(
                            "wppflow-media",
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    : Files.createTempDirectory("wppflow-media");
        } catch (IOException e) {
            throw new MediaUnavailableException(MediaText.Reason.OVER_BUDGET, e);
        }
    }

    /** A file of this run. */
    Path file(String name) {
        return directory.resolve(name);
    }

    Path write(String name, byte[] bytes) throws MediaUnavailableException {
        try {
            return Files.write(file(name), bytes);
        } catch (IOException e) {
            throw new MediaUnavailableException(MediaText.Reason.OVER_BUDGET, e);
        }
    }

    /** Runs to its end; standard output goes to {@code output}. Returns the exit code. */
    int run(List<String> command, Path output, Duration timeLimit) throws MediaUnavailableException {
        long end = System.nanoTime() + timeLimit.toNanos();
        takePlace(timeLimit);
        try {
            return start(command, output, Duration.ofNanos(end - System.nanoTime()));
        } finally {
            places.release();
        }
    }

    private void takePlace(Duration timeLimit) throws MediaUnavailableException {
        try {
            if (!places.tryAcquire(timeLimit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, e);
        }
    }

    private int start(List<String> command, Path output, Duration timeLimit) throws MediaUnavailableException {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(
                        isPosix()
                                ? Path.of("/dev/null").toFile()
                                : Path.of("NUL").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, e);
        }
        givenUpFirst(process);
        try {
            return await(process, timeLimit.compareTo(MAX_WALL) < 0 ? timeLimit : MAX_WALL);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** What Linux ends when a container, a service or the machine has no memory left. */
    private static void givenUpFirst(Process process) {
        Path score = Path.of("/proc", String.valueOf(process.pid()), "oom_score_adj");
        try {
            Files.writeString(score, "1000", StandardOpenOption.WRITE);
        } catch (IOException e) {
            log.trace("no order of who is ended first", e); // not Linux, or it has ended already
        }
    }

    private static int await(Process process, Duration wall) throws MediaUnavailableException {
        long end = System.nanoTime() + wall.toNanos();
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                boolean overCpu = process.info()
                        .totalCpuDuration()
                        .map(used -> used.compareTo(MAX_CPU) > 0)
                        .orElse(false);
                if (overCpu || System.nanoTime() - end > 0) {
                    throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, null);
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, e);
        }
    }

    /** The bytes a run left, as far as they are few enough. */
    static byte[] read(Path file, long maxBytes) throws MediaUnavailableException {
        try {
            if (Files.size(file) > maxBytes) {
                throw new MediaUnavailableException(MediaText.Reason.TOO_LARGE, null);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new MediaUnavailableException(MediaText.Reason.DAMAGED, e);
        }
    }

    private static boolean isPosix() {
        return java.io.File.separatorChar == '/';
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            directory.toFile().deleteOnExit();
        }
    }
}
