package io.github.almeidatech.wppflow.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Databases of one test, and what is left of them. */
interface TestDatabases extends AutoCloseable {

    /** A new one, empty. */
    Database open();

    /** The same one, after it was closed. */
    Database reopen(Database before);

    /** The same one, as another process has it at the same time; empty where only one may. */
    default Optional<Database> beside(Database first) {
        return Optional.empty();
    }

    @Override
    void close();

    /** Files in a folder that goes away with the test. */
    final class Sqlite implements TestDatabases {

        private final Path folder;
        private final Map<Database, String> opened = new IdentityHashMap<>();

        Sqlite() {
            try {
                // in memory where there is such a folder: these tests do not cut the power
                Path memory = Path.of("/dev/shm");
                folder = Files.isWritable(memory)
                        ? Files.createTempDirectory(memory, "wppflow-jdbc")
                        : Files.createTempDirectory("wppflow-jdbc");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Database open() {
            return open("sqlite:" + folder.resolve("db" + opened.size() + ".db"));
        }

        @Override
        public Database reopen(Database before) {
            before.close();
            return open(opened.get(before));
        }

        private Database open(String url) {
            Database database = Database.open(url);
            opened.put(database, url);
            return database;
        }

        @Override
        public void close() {
            opened.keySet().forEach(Database::close);
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Databases in the tests' own server. */
    final class Postgres implements TestDatabases {

        private final PostgresServer server = PostgresServer.shared();
        private final Map<Database, String> opened = new IdentityHashMap<>();

        @Override
        public Database open() {
            return open(server.newDatabase());
        }

        @Override
        public Database reopen(Database before) {
            before.close();
            return open(opened.get(before));
        }

        @Override
        public Optional<Database> beside(Database first) {
            return Optional.of(open(opened.get(first)));
        }

        private Database open(String url) {
            Database database = Database.open(url);
            opened.put(database, url);
            return database;
        }

        @Override
        public void close() {
            opened.keySet().forEach(Database::close);
            Set.copyOf(opened.values()).forEach(server::giveBack);
        }
    }
}
