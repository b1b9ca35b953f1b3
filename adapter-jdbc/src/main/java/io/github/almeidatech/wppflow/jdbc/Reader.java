package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads on connections of its own, beside the writer. Sees everything that was committed before. Thread-safe. */
final class Reader {

    /** A look at the database. */
    @FunctionalInterface
    interface Query<T> {
        T in(Session session) throws SQLException;
    }

    private static final int MAX_DEAD = 10;

    private final Dialect dialect;
    /** By the pool's own connections, so that their statements stay prepared from one borrower to the next. */
    private final Map<Connection, Session> sessions = new ConcurrentHashMap<>();

    Reader(Dialect dialect) {
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Looks at one tenant's rows. */
    <T> T read(TenantId tenant, Query<T> query) {
        return read(tenant.value(), query);
    }

    /** Looks at all tenants' rows. */
    <T> T readAll(Query<T> query) {
        return read("*", query);
    }

    private <T> T read(String tenant, Query<T> query) {
        for (int deadConnections = 0; ; deadConnections++) {
            try (Connection connection = dialect.readers().getConnection()) {
                try {
                    Session session = session(connection.unwrap(Connection.class));
                    session.restrictTo(tenant, dialect);
                    dialect.beginReading(session);
                    return query.in(session);
                } catch (SQLException e) {
                    if (dialect.damageOf(e) != Dialect.Damage.CONNECTION) {
                        throw e;
                    }
                    // the pool may have kept more dead ones, and does not see what happens on its own connections
                    dialect.readers().evictConnection(connection);
                    if (deadConnections == MAX_DEAD) {
                        throw e;
                    }
                }
            } catch (SQLException e) {
                throw new FlowException(dialect.errorOf(e, false), "read", e);
            }
        }
    }

    private Session session(Connection own) throws SQLException {
        Session known = sessions.get(own);
        if (known == null) {
            for (Connection each : List.copyOf(sessions.keySet())) {
                if (each.isClosed()) {
                    sessions.remove(each);
                }
            }
            known = new Session(own);
            sessions.put(own, known);
        }
        return known;
    }
}
