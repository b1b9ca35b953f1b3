package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The server, or something to compare it with, in a process of its own. Used by one thread. */
final class ServerProcess implements AutoCloseable {

    private static final int LAST_LINES = 10;
    /** Linux counts for others in hundredths of a second. */
    private static final int MILLIS_PER_TICK = 10;

    private static final Duration POLL = Duration.ofMillis(10);

    private final Process process;
    private final URI address;
    private final Path log;
    private final HttpClient http;

    private ServerProcess(Process process, URI address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(1))
                .build();
    }

    /** The launcher's settings of the JVM, with those of {@code WPPFLOW_JAVA_OPTS}, which it heeds as well. */
    static List<String> jvm() {
        return jvm(System.getenv().getOrDefault("WPPFLOW_JAVA_OPTS", ""));
    }

    /** @param further settings, with spaces between them */
    static List<String> jvm(String further) {
        var settings = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmx256m",
                "-Xmn16m",
                "-XX:SurvivorRatio=4",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:-ShrinkHeapInSteps",
                "-XX:MaxInlineLevel=6",
                "-XX:InlineSmallCode=1000",
                "-XX:+IgnoreUnrecognizedVMOptions", // the first builds of Java 17
                "-XX:TrimNativeHeapInterval=500",
                "-XX:+ExitOnOutOfMemoryError"));
        if (Runtime.version().feature() >= 24) {
            settings.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= 25) {
            settings.add("-XX:+UseCompactObjectHeaders");
            settings.add("-XX:CompileCommand=quiet");
            settings.add("-XX:CompileCommand=MemLimit,*.*,7M");
        }
        Stream.of(further.split(" ", -1)).filter(each -> !each.isEmpty()).forEach(settings::add);
        return settings;
    }

    /**
     * Starts a program on this class path that listens on {@code PORT}; returns at once. What it writes is appended to
     * {@code log}.
     */
    static ServerProcess start(
            List<String> jvm, Class<?> program, List<String> arguments, Map<String, String> environment, Path log) {
        return start(jvm, classPath(program), program.getName(), arguments, environment, log);
    }

    /** The same with everything on the class path, so that {@link KillPointAgent} is there. */
    static ServerProcess watched(
            List<String> jvm, Class<?> program, List<String> arguments, Map<String, String> environment, Path log) {
        return start(jvm, System.getProperty("java.class.path"), program.getName(), arguments, environment, log);
    }

    /** The same with another class path, such as that of an older version. */
    static ServerProcess start(
            List<String> jvm,
            String classPath,
            String program,
            List<String> arguments,
            Map<String, String> environment,
            Path log) {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvm);
        command.addAll(List.of("-cp", classPath, program));
        command.addAll(arguments);
        return start(command, environment, log);
    }

    /** Starts the packaged server by its launcher, as it is shipped; otherwise the same. */
    static ServerProcess packaged(Path launcher, Map<String, String> environment, Path log) {
        return start(List.of(launcher.toString(), "serve"), environment, log);
    }

    private static ServerProcess start(List<String> command, Map<String, String> environment, Path log) {
        var builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(builder.start(), URI.create("http://127.0.0.1:" + environment.get("PORT")), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Libraries alone where they are enough, as the launcher starts it: an archive of classes wants no folders. */
    private static String classPath(Class<?> program) {
        String all = System.getProperty("java.class.path");
        boolean inLibrary = program.getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath()
                .endsWith(".jar");
        return inLibrary
                ? Stream.of(all.split(File.pathSeparator, -1))
                        .filter(each -> each.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator))
                : all;
    }

    /** Not of a run's seed: two with the same may run at once. */
    static int freePort() {
        return FreePort.find();
    }

    int port() {
        return address.getPort();
    }

    long pid() {
        return process.pid();
    }

    /**
     * Waits until it answers.
     *
     * @throws IllegalStateException when it ended instead, or took longer than three minutes
     */
    void awaitHealthy() throws InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve("/health"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (System.nanoTime() < deadline) {
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            live(POLL);
        }
        throw new IllegalStateException("it did not become healthy in three minutes: " + lastWords());
    }

    /**
     * Lets it run.
     *
     * @throws IllegalStateException when it ended by itself
     */
    void live(Duration time) throws InterruptedException {
        if (process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("it ended with " + process.exitValue() + ": " + lastWords());
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "no log";
        }
    }

    /** Waits; tells whether it has ended meanwhile. */
    boolean ends(Duration within) throws InterruptedException {
        return process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How it ended; only after it has. */
    int exitCode() {
        return process.exitValue();
    }

    /** A stop signal; returns at once. */
    void signalStop() {
        process.destroy();
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code kill -STOP}: as if the machine stood still, connections open and clock going on. */
    void pause() {
        signal("-STOP");
    }

    /** Goes on after {@link #pause()} where it was, without knowing. */
    void goOn() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", name, String.valueOf(pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A stop signal; answers the exit code, or -1 when it did not end within half a minute. */
    int stop() throws InterruptedException {
        return stop(Duration.ofSeconds(30));
    }

    /** The same with another time. */
    int stop(Duration atMost) throws InterruptedException {
        signalStop();
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    /**
     * What one of its metrics stands at, over all labels.
     *
     * @param token that may read them
     */
    long metric(String name, String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve("/metrics"))
                .header("Authorization", "Bearer " + token)
                .build();
        return http.send(request, BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The processor time it has taken since its start. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What of it those compilers have taken that are there now; zero where the system does not tell. */
    Duration compilerTime() {
        var ticks = 0L;
        try (var threads = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid()), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.contains(" CompilerThre")) {
                    String[] fields = stat.substring(stat.lastIndexOf(')')).split(" ", -1);
                    ticks += Long.parseLong(fields[12]) + Long.parseLong(fields[13]);
                }
            }
        } catch (IOException e) {
            // A thread has ended meanwhile, or there is no such system.
        }
        return Duration.ofMillis(ticks * MILLIS_PER_TICK);
    }

    /** The largest memory it has had, in KiB; 0 where the system does not tell. */
    long peakMemoryKib() {
        return status("VmHWM:");
    }

    /** The memory it has now, in KiB; 0 where the system does not tell. */
    long memoryKib() {
        return status("VmRSS:");
    }

    private long status(String field) {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(pid()), "status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
