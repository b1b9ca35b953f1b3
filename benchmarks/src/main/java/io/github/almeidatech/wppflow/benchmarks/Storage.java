package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The database under a server that is disturbed. Used by one thread. */
final class Storage implements AutoCloseable {

    /** Which kind. */
    enum Kind {
        SQLITE,
        POSTGRESQL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final String url;
    private final @Nullable LocalPostgres postgres;

    private Storage(Kind kind, String url, @Nullable LocalPostgres postgres) {
        this.kind = kind;
        this.url = url;
        this.postgres = postgres;
    }

    /**
     * An empty one.
     *
     * @param folder for the file of SQLite
     * @throws IllegalStateException saying that PostgreSQL is not installed
     */
    static Storage empty(Kind kind, Path folder) throws IOException {
        if (kind == Kind.SQLITE) {
            return new Storage(kind, "sqlite:" + folder.resolve("wppflow.db"), null);
        }
        LocalPostgres postgres = LocalPostgres.start();
        return new Storage(kind, postgres.newDatabase(), postgres);
    }

    Kind kind() {
        return kind;
    }

    /** As {@code storage.url} takes it. */
    String url() {
        return url;
    }

    /** The server of the database. */
    LocalPostgres postgres() {
        if (postgres == null) {
            throw new IllegalStateException("there is none with SQLite");
        }
        return postgres;
    }

    @Override
    public void close() {
        if (postgres != null) {
            postgres.close();
        }
    }
}
