package io.github.almeidatech.wppflow.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * What lies between a server and a system it calls, and can be pulled out: then no byte arrives any more, in neither direction,
 * and nobody is told; new connections are taken and lead nowhere. When it is plugged in again, the connections of before are
 * gone. Thread-safe.
 */
final class Cable implements AutoCloseable {

    private static final int CHUNK = 16_384;
    private static final long POLL_NANOS = 5_000_000;

    private final ServerSocket listener;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "cable");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean pulled;
    private volatile boolean closed;

    private Cable(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    }

    /** To a port of this machine. */
    static Cable to(int port) throws IOException {
        var cable = new Cable(port);
        cable.threads.execute(cable::listen);
        return cable;
    }

    /** The port to connect to instead. */
    int port() {
        return listener.getLocalPort();
    }

    void pull() {
        pulled = true;
    }

    void plugIn() {
        open.forEach(Cable::hangUp);
        pulled = false;
    }

    private void listen() {
        while (!closed) {
            try {
                Socket near = listener.accept();
                open.add(near);
                threads.execute(() -> connect(near));
            } catch (IOException e) {
                LockSupport.parkNanos(POLL_NANOS); // closed, or too many
            }
        }
    }

    private void connect(Socket near) {
        waitWhilePulled(near);
        var far = new Socket();
        try {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            far.setTcpNoDelay(true);
            near.setTcpNoDelay(true);
            open.add(far);
            threads.execute(() -> carry(far, near));
            carry(near, far);
        } catch (IOException e) {
            hangUp(near);
            hangUp(far);
        }
    }

    private void carry(Socket from, Socket to) {
        var chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                waitWhilePulled(from);
                out.write(chunk, 0, read);
            }
        } catch (IOException e) {
            // The other side has gone: so does this one.
        } finally {
            hangUp(from);
            hangUp(to);
        }
    }

    private void waitWhilePulled(Socket socket) {
        while (pulled && !socket.isClosed()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static void hangUp(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }

    @Override
    public void close() {
        closed = true;
        hangUp(listener);
        open.forEach(Cable::hangUp);
        threads.shutdownNow();
    }
}
