package io.github.almeidatech.wppflow.benchmarks;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** What the database alone costs here: one table, one statement, the same safety (WAL, {@code synchronous=FULL}). */
final class BareCommits {

    private BareCommits() {}

    /** How many rows are stored in a second when so many share a commit. */
    static double rowsPerSecond(Path directory, int batch, int rowBytes, Duration time) throws SQLException {
        Path file = directory.resolve("bare-" + batch + ".db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = full");
            statement.execute("create table row (id integer primary key, body blob not null)");
            connection.setAutoCommit(false);
            byte[] body = new byte[rowBytes];
            long rows = 0;
            long begin = System.nanoTime();
            try (var insert = connection.prepareStatement("insert into row (body) values (?)")) {
                while (System.nanoTime() - begin < time.toNanos()) {
                    for (int i = 0; i < batch; i++) {
                        insert.setBytes(1, body);
                        insert.executeUpdate();
                    }
                    connection.commit();
                    rows += batch;
                }
            }
            return rows / ((System.nanoTime() - begin) / 1e9);
        }
    }
}
