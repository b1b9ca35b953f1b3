package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.Connection;
import java.sql.SQLException;

/** Reads on connections of its own, beside the writer. Sees everything that was committed before. Thread-safe. */
final class Reader {

    /** A look at the database. */
    @FunctionalInterface
    interface Query<T> {
        T in(Session session) throws SQLException;
    }

    private final Dialect dialect;

    Reader(Dialect dialect) {
        this.dialect = dialect;
    }

    <T> T read(Query<T> query) {
        try (Connection connection = dialect.readers().getConnection()) {
            return query.in(new Session(connection));
        } catch (SQLException e) {
            throw new FlowException(dialect.errorOf(e, false), "read", e);
        }
    }
}
