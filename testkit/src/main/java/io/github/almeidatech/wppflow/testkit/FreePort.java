package io.github.almeidatech.wppflow.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine for servers that have to be told theirs before they start. Thread-safe. */
public final class FreePort {

    /** Below those that the system gives to outgoing connections, which would take it before the server does. */
    private static final int FIRST = 20_000;

    private static final int PORTS = 12_000;
    private static final int TRIES = 100;

    private FreePort() {}

    /**
     * One that is free now and that no outgoing connection will take. By chance, so that two who ask at once hardly ever get
     * the same.
     */
    public static int find() {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + ThreadLocalRandom.current().nextInt(PORTS);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: another one.
            }
        }
        throw new IllegalStateException("no free port found");
    }
}
