package io.github.almeidatech.wppflow.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the tests' own, from the installed packages: private port and data folder, as a user that may run it. One
 * for all tests; it goes with the JVM.
 */
final class PostgresServer {

    /** Why tests that need it are skipped. */
    static final String MISSING =
            "PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin nor in $POSTGRES_BIN";

    private final Path bin;
    private final Path home;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private final Queue<String> clean = new ConcurrentLinkedQueue<>();

    private static final class Holder {
        static final PostgresServer SERVER = new PostgresServer(binaries().orElseThrow());
    }

    private PostgresServer(Path bin) {
        this.bin = bin;
        try {
            home = Files.createTempDirectory("wppflow-postgres");
            port = freePort();
            if (isRoot()) {
                run("chown", "postgres", home.toString());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(this::destroy));
            asOwner("initdb", "-D", data(), "-U", "admin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
            start();
            administrate("create role wppflow login password 'se:cret@1'");
            administrate("create database template_wppflow owner wppflow");
            Database.open(url("template_wppflow")).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isInstalled() {
        return binaries().isPresent();
    }

    static PostgresServer shared() {
        return Holder.SERVER;
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

    /** Starts, or starts again after {@link #stop}. Without fsync: the tests do not cut the power. */
    void start() {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
                + " -c max_connections=200 -c log_min_messages=fatal";
        asOwner("pg_ctl", "-D", data(), "-w", "-l", home.resolve("log").toString(), "-o", options, "start");
    }

    /** Stops at once, as if it was killed. */
    void stop() {
        asOwner("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    private void destroy() {
        try {
            stop();
            run("rm", "-rf", home.toString());
        } catch (IllegalStateException e) {
            System.err.println("the tests' PostgreSQL may still be in " + home + ": " + e.getMessage());
        }
    }

    /** A database with empty tables; its url. */
    String newDatabase() {
        String used = clean.poll();
        if (used != null) {
            return used;
        }
        String name = "test_" + databases.incrementAndGet();
        administrate("create database " + name + " template template_wppflow owner wppflow");
        return url(name);
    }

    /** A new database without tables; its url. */
    String emptyDatabase() {
        String name = "test_" + databases.incrementAndGet();
        administrate("create database " + name + " owner wppflow");
        return url(name);
    }

    /** Empties a database for the next test: quicker than a new one. */
    void giveBack(String url) {
        String tables = Stream.of(Table.values()).map(Table::sqlName).collect(Collectors.joining(", "));
        try (Connection connection = adminOf(url);
                var statement = connection.createStatement()) {
            statement.execute("truncate meta, " + tables + " restart identity");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        clean.add(url);
    }

    private static String nameOf(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private String url(String database) {
        return "postgresql://wppflow:se%3Acret%401@127.0.0.1:" + port + "/" + database;
    }

    /** As a user who may do everything. */
    Connection admin(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=admin");
    }

    Connection adminOf(String url) throws SQLException {
        return admin(nameOf(url));
    }

    void administrate(String sql) {
        try (Connection connection = admin("postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void asOwner(String tool, String... arguments) {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(bin.resolve(tool).toString());
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private static void run(String... command) {
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
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
