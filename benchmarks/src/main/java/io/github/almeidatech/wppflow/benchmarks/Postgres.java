package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL of our own from the installed packages: private port and data folder, as a user that may run it. It
 * synchronises the disk as it does in production. Used by one thread.
 */
final class Postgres implements AutoCloseable {

    /** What to say where there is none. */
    static final String MISSING =
            "PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin nor in $POSTGRES_BIN";

    private final Path bin;
    private final Path home;
    private final int port;
    private int databases;

    private Postgres(Path bin) throws IOException {
        this.bin = bin;
        this.home = Files.createTempDirectory("wppflow-postgres");
        this.port = freePort();
    }

    static boolean isInstalled() {
        return binaries().isPresent();
    }

    /** @throws IllegalStateException saying what is {@link #MISSING} or did not work */
    static Postgres start() throws IOException {
        var postgres = new Postgres(binaries().orElseThrow(() -> new IllegalStateException(MISSING)));
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
            postgres.startAgain();
            postgres.sql("create role wppflow login");
            return postgres;
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
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

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private String data() {
        return home.resolve("data").toString();
    }

    int port() {
        return port;
    }

    /** A database without tables; its address as {@code storage.url} takes it. */
    String newDatabase() {
        databases++;
        sql("create database instances_" + databases + " owner wppflow");
        return "postgresql://wppflow@127.0.0.1:" + port + "/instances_" + databases;
    }

    /** Stops at once, as if it was killed: every connection breaks, and the next start recovers from its log. */
    void stopAtOnce() {
        asOwner("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    /** After {@link #stopAtOnce()}; returns when it takes connections. */
    void startAgain() {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                + " -c max_connections=200 -c log_min_messages=fatal";
        asOwner("pg_ctl", "-D", data(), "-w", "-l", home.resolve("log").toString(), "-o", options, "start");
    }

    /** Ends the connections of all servers, in the middle of whatever they are doing. */
    void cutConnections() {
        sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'wppflow'");
    }

    /** What a database holds: rows of all tables, and bytes on disk with indexes. */
    Stored stored(String url) {
        String database = url.substring(url.lastIndexOf('/') + 1);
        String numbers = query(
                database,
                "select sum((xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', tablename), false,"
                        + " true, '')))[1]::text::bigint), pg_database_size(current_database())"
                        + " from pg_tables where schemaname = 'public'");
        String[] parts = numbers.strip().split("\\|");
        return new Stored(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    /** Rows and bytes. */
    record Stored(long rows, long bytes) {
        Stored minus(Stored before) {
            return new Stored(rows - before.rows, bytes - before.bytes);
        }
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
