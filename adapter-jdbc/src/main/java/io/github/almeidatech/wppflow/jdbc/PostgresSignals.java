package io.github.almeidatech.wppflow.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other processes that there may be work, and hears it from them, by {@code LISTEN} and {@code NOTIFY} on a
 * connection of its own. Only a hint: while the connection is lost nothing is heard, and callers poll as well. Thread-safe.
 */
final class PostgresSignals implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PostgresSignals.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DataSource source;
    private final String me;
    private final List<Runnable> wakes = new CopyOnWriteArrayList<>();
    private @Nullable Thread listener;
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    /** @param me tells this process's signals from the others' */
    PostgresSignals(DataSource source, String me) {
        this.source = source;
        this.me = me;
    }

    /** What a transaction says so that the others hear of it when it commits. */
    String sending() {
        return "notify wppflow_work, '" + me + "'";
    }

    /** Begins to listen with the first one. */
    synchronized void add(Runnable wake) {
        wakes.add(wake);
        if (listener == null) {
            listener = new Thread(this::listen, "wppflow-signals");
            listener.setDaemon(true);
            listener.start();
        }
    }

    private void listen() {
        while (!closed) {
            try (Connection open = source.getConnection();
                    var statement = open.createStatement()) {
                connection = open;
                statement.execute("listen wppflow_work");
                wake(); // for what was missed before
                hear(open.unwrap(PGConnection.class));
            } catch (SQLException e) {
                if (!closed) {
                    log.warn("not listening for other processes' work at present: {}", e.getSQLState());
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private void hear(PGConnection open) throws SQLException {
        while (!closed) {
            PGNotification[] heard = open.getNotifications(5_000);
            for (PGNotification each : heard == null ? new PGNotification[0] : heard) {
                if (!each.getParameter().equals(me)) {
                    wake();
                    break;
                }
            }
        }
    }

    private void wake() {
        for (Runnable each : wakes) {
            try {
                each.run();
            } catch (RuntimeException e) {
                log.warn("a wake-up failed", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("closing the listening connection", e);
            }
        }
    }
}
