package io.github.almeidatech.wppflow.server.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Keeps one address from holding many connections, and any client from sending a head drop by drop: a head that is not
 * complete in time after its first byte ends the connection (security default B7). How many connections there are in
 * all is Jetty's own limit. Thread-safe.
 */
final class ConnectionGuard extends AbstractLifeCycle implements Connection.Listener {

    private final int perAddress;
    private final Predicate<String> exempt;
    private final Duration headTime;
    private final Scheduler scheduler;
    private final Map<Connection, Progress> open = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** Where a connection stood when its last request had ended, and since when more has come than that. */
    private static final class Progress {
        private final String address;
        private long requests;
        private long bytes;
        private long since = System.nanoTime();

        private Progress(String address) {
            this.address = address;
        }
    }

    /**
     * @param exempt addresses without a limit of their own, such as a trusted proxy's
     * @param headTime looked at ten times in its course
     */
    ConnectionGuard(int perAddress, Predicate<String> exempt, Duration headTime, Scheduler scheduler) {
        this.perAddress = perAddress;
        this.exempt = exempt;
        this.headTime = headTime;
        this.scheduler = scheduler;
    }

    @Override
    protected void doStart() {
        look();
    }

    @Override
    public void onOpened(Connection connection) {
        String address = address(connection);
        open.put(connection, new Progress(address));
        if (counts.merge(address, 1, Integer::sum) > perAddress && !exempt.test(address)) {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Progress progress = open.remove(connection);
        if (progress != null) {
            counts.computeIfPresent(progress.address, (address, count) -> count == 1 ? null : count - 1);
        }
    }

    private void look() {
        long now = System.nanoTime();
        open.forEach((connection, progress) -> {
            if (dawdles(connection, progress, now)) {
                connection.getEndPoint().close();
            }
        });
        if (isRunning() || isStarting()) {
            scheduler.schedule(this::look, headTime.dividedBy(10));
        }
    }

    private boolean dawdles(Connection connection, Progress progress, long now) {
        long requests = connection.getMessagesIn();
        boolean busy = requests != connection.getMessagesOut();
        if (busy || requests != progress.requests || connection.getBytesIn() == progress.bytes) {
            progress.requests = requests;
            progress.bytes = connection.getBytesIn();
            progress.since = now;
            return false;
        }
        return now - progress.since > headTime.toNanos();
    }

    private static String address(Connection connection) {
        SocketAddress peer = connection.getEndPoint().getRemoteSocketAddress();
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "unknown";
    }
}
