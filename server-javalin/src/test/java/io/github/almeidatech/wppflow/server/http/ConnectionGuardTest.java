package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Server server = new Server();
    private final HttpConfiguration http = new HttpConfiguration();
    private final ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    private boolean proxy;

    private void start(Duration headTime) throws Exception {
        connector.setHost("127.0.0.1");
        var guard = new ConnectionGuard(100, 3, address -> proxy, headTime, connector.getScheduler());
        connector.addBean(guard);
        http.addCustomizer(guard);
        server.addConnector(connector);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void a_head_that_does_not_get_complete_is_cut_off() throws Exception {
        start(SHORT);
        try (Socket socket = connection()) {
            write(socket, "GET / HT");

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void so_is_one_that_drips_behind_a_request_that_was_answered() throws Exception {
        start(Duration.ofSeconds(2)); // the request before is to be answered, however slow the machine
        try (Socket socket = connection()) {
            write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            socket.setSoTimeout(20);

            assertThat(drips(socket, "GET / HTTP/1.1\r\nX-A: ")).isLessThan(500);
        }
    }

    @Test
    void the_answer_to_the_last_request_a_connection_may_carry_says_so_and_closes_it() throws Exception {
        start(LONG);
        assertThat(answersOnOneConnection(5)).isEqualTo(3);
    }

    @Test
    void a_proxy_s_connection_carries_as_many_as_it_likes() throws Exception {
        start(LONG);
        proxy = true;

        assertThat(answersOnOneConnection(5)).isEqualTo(5);
    }

    /** Asks one after the other; the number of answers, and that only the last of a closed connection announced it. */
    private int answersOnOneConnection(int requests) throws IOException {
        try (Socket socket = connection()) {
            for (int i = 1; i <= requests; i++) {
                write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                String answer = answer(socket);
                assertThat(answer).startsWith("HTTP/1.1 404");
                if (answer.contains("Connection: close")) {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    return i;
                }
            }
            return requests;
        }
    }

    /** Sends a byte after every 20 ms in which no answer came; how many it took until the connection ended. */
    private static int drips(Socket socket, String head) throws IOException {
        write(socket, head);
        int sent = 0;
        while (sent < 500) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return sent;
                }
            } catch (SocketTimeoutException nothingYet) {
                write(socket, "a");
                sent++;
            } catch (SocketException closed) {
                return sent;
            }
        }
        return sent;
    }

    private static String answer(Socket socket) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException("closed after: " + text);
            }
            text.append((char) next);
        }
        var length = Pattern.compile("Content-Length: (\\d+)").matcher(text);
        int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
        assertThat(socket.getInputStream().readNBytes(body)).hasSize(body);
        return text.toString();
    }

    private Socket connection() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
