package io.github.almeidatech.wppflow.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL of one's own from the installed packages: on a private port and in a temporary folder, as a user that may run
 * it; started as root, as {@code postgres}. Takes a few seconds to make. Thread-safe, apart from stopping and starting it.
 */
public final class LocalPostgres implements AutoCloseable {

    /** What to say where there is none. */
    public static final String MISSING =
            "PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin nor in $POSTGRES_BIN";

    private static final int USER_TIME = 11;
    private static final long MILLIS_OF_A_TICK = 10;

    private final Path bin;
    private final Path home;
    private int port;
    private final boolean durable;
    private final AtomicInteger databases = new AtomicInteger();

    private LocalPostgres(Path bin, boolean durable) throws IOException {
        this.bin = bin;
        this.home = Files.createTempDirectory("wppflow-postgres");
        this.durable = durable;
    }

    /** Whether there is one to start. */
    public static boolean isInstalled() {
        return binaries().isPresent();
    }

    /**
     * One that synchronises the disk as it does in production.
     *
     * @throws IllegalStateException saying that it is {@link #MISSING}, or what did not work
     */
    public static LocalPostgres start() throws IOException {
        return start(true);
    }

    /** One that does not wait for the disk, for tests in which the power is not cut. */
    public static LocalPostgres startWithoutFsync() throws IOException {
        return start(false);
    }

    private static LocalPostgres start(boolean durable) throws IOException {
        var postgres = new LocalPostgres(binaries().orElseThrow(() -> new IllegalStateException(MISSING)), durable);
        try {
            if (isRoot()) {
                run("chown", "postgres", postgres.home.toString());
            }
            postgres.asOwner(
                    "initdb",
                    "-D",
                    postgres.data(),
                    "-U",
                    "admin",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "-N");
            postgres.startOnFreePort();
            postgres.sql("create role wppflow login password 'se:cret@1'");
            return postgres;
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** On another port when somebody has taken it meanwhile. */
    private void startOnFreePort() {
        for (int triesLeft = 3; ; triesLeft--) {
            port = FreePort.find();
            try {
                startAgain();
                return;
            } catch (IllegalStateException e) {
                if (triesLeft == 1) {
                    throw e;
                }
            }
        }
    }

    private static Optional<Path> binaries() {
        String given = System.getenv("POSTGRES_BIN");
        if (given != null) {
            return Optional.of(Path.of(given)).filter(each -> Files.isExecutable(each.resolve("initdb")));
        }
        try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(each -> Files.isExecutable(each.resolve("initdb")))
                    .max(Comparator.comparing(Path::toString));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private String data() {
        return home.resolve("data").toString();
    }

    /** Where it listens on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** A database without tables, which belongs to a user without rights; its address as {@code storage.url} takes it. */
    public String newDatabase() {
        return newDatabase("");
    }

    /** A copy of another one, to which nobody may be connected. */
    public String copyOf(String url) {
        return newDatabase(" template " + nameOf(url));
    }

    private String newDatabase(String like) {
        String name = "wppflow_" + databases.incrementAndGet();
        sql("create database " + name + like + " owner wppflow");
        return "postgresql://wppflow:se%3Acret%401@127.0.0.1:" + port + "/" + name;
    }

    /** The JDBC address of the same database for a user who may do everything. */
    public String administrator(String url) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + nameOf(url) + "?user=admin";
    }

    private static String nameOf(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** Stops at once, as if it was killed: every connection breaks, and the next start recovers from its log. */
    public void stopAtOnce() {
        asOwner("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    /** After {@link #stopAtOnce()}; returns when it takes connections. */
    public void startAgain() {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                + " -c max_connections=200 -c log_min_messages=fatal" + (durable ? "" : " -c fsync=off");
        asOwner("pg_ctl", "-D", data(), "-w", "-l", home.resolve("log").toString(), "-o", options, "start");
    }

    /** Ends the connections of all servers, in the middle of whatever they are doing. */
    public void cutConnections() {
        sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'wppflow'");
    }

    /** What a database holds: rows of all tables, and bytes on disk with indexes. */
    public Stored stored(String url) {
        String numbers = query(
                nameOf(url),
                "select sum((xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', tablename), false,"
                        + " true, '')))[1]::text::bigint), pg_database_size(current_database())"
                        + " from pg_tables where schemaname = 'public'");
        String[] parts = numbers.strip().split("\\|");
        return new Stored(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    /** Rows of all tables, and bytes on disk with indexes. */
    public record Stored(long rows, long bytes) {

        /** What has come since. */
        public Stored minus(Stored before) {
            return new Stored(rows - before.rows, bytes - before.bytes);
        }
    }

    /**
     * The processor time that it has used since its start, in all its processes, also those that have ended. To be compared
     * where others work on the same machine. Linux only.
     */
    public Duration processorTime() throws IOException {
        String pid = Files.readAllLines(Path.of(data(), "postmaster.pid")).get(0);
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        long ticks = ticks(server, 4);
        for (ProcessHandle child : server.children().toList()) {
            ticks += child.isAlive() ? ticks(child, 2) : 0;
        }
        return Duration.ofMillis(ticks * MILLIS_OF_A_TICK);
    }

    /** As user and in the system, and with four columns of the children that have ended. */
    private static long ticks(ProcessHandle process, int columns) throws IOException {
        String line = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] afterName = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(afterName, USER_TIME, USER_TIME + columns)
                .mapToLong(Long::parseLong)
                .sum();
    }

    private void sql(String statement) {
        query("postgres", statement);
    }

    private String query(String database, String statement) {
        return asOwner(
                "psql",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-U",
                "admin",
                "-d",
                database,
                "-qAtc",
                statement);
    }

    private String asOwner(String tool, String... arguments) {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(bin.resolve(tool).toString());
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private static String run(String... command) {
        try {
            Path output = Files.createTempFile("wppflow", "out");
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(output));
            }
            String said = Files.readString(output);
            Files.delete(output);
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it and removes its data. */
    @Override
    public void close() {
        if (Files.exists(Path.of(data(), "postmaster.pid"))) {
            stopAtOnce();
        }
        run("rm", "-rf", home.toString());
    }
}
