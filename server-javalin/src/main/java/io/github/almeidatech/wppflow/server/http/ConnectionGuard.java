package io.github.almeidatech.wppflow.server.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Keeps one address from holding many connections or one of them for ever, and any client from sending a head drop by drop: a
 * head that is not complete in time after its first byte ends the connection (security default B7). How many connections
 * there are in all is Jetty's own limit. Thread-safe.
 */
final class ConnectionGuard extends AbstractLifeCycle implements Connection.Listener, HttpConfiguration.Customizer {

    private final int perAddress;
    private final int requests;
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
     * @param perAddress connections at once
     * @param requests on one connection: the answer to the last one closes it
     * @param exempt addresses without a limit of their own, such as a trusted proxy's
     * @param headTime looked at ten times in its course
     */
    ConnectionGuard(int perAddress, int requests, Predicate<String> exempt, Duration headTime, Scheduler scheduler) {
        this.perAddress = perAddress;
        this.requests = requests;
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

    @Override
    public Request customize(Request request, HttpFields.Mutable answer) {
        Connection connection = request.getConnectionMetaData().getConnection();
        request.setAttribute(io.github.almeidatech.wppflow.server.http.Request.CONNECTION, connection.getEndPoint());
        if (connection.getMessagesIn() >= requests && !exempt.test(address(connection))) {
            answer.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        return request;
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
