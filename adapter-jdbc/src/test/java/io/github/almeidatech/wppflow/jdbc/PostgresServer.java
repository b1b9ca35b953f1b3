package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One PostgreSQL for all tests; it goes with the JVM. */
final class PostgresServer {

    private final LocalPostgres postgres;
    private final String template;
    private final Queue<String> clean = new ConcurrentLinkedQueue<>();

    private static final class Holder {
        static final PostgresServer SERVER = new PostgresServer();
    }

    private PostgresServer() {
        try {
            postgres = LocalPostgres.startWithoutFsync();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
        template = postgres.newDatabase();
        Database.open(template).close();
    }

    static PostgresServer shared() {
        return Holder.SERVER;
    }

    void start() {
        postgres.startAgain();
    }

    void stop() {
        postgres.stopAtOnce();
    }

    /** A database with empty tables; its url. */
    String newDatabase() {
        String used = clean.poll();
        return used == null ? postgres.copyOf(template) : used;
    }

    /** A new database without tables; its url. */
    String emptyDatabase() {
        return postgres.newDatabase();
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

    /** As a user who may do everything. */
    Connection adminOf(String url) throws SQLException {
        return DriverManager.getConnection(postgres.administrator(url));
    }
}
