package io.github.almeidatech.wppflow.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.server.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Too much of everything is turned away cheaply, and the others notice nothing. */
class FloodTest {

    @TempDir
    private Path data;

    private TestServer server;
    private RawHttp raw;
    private Attacker attacker;
    private final List<Socket> open = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(
                data,
                Map.of(
                        "WPPFLOW_SERVER__REFUSED_PER_MINUTE", "3",
                        "WPPFLOW_SERVER__MAX_CONNECTIONS_PER_ADDRESS", "20",
                        "WPPFLOW_SERVER__BODIES_MAX_BYTES", "4194304",
                        "WPPFLOW_SERVER__WEBHOOKS_PER_SECOND", "1",
                        "WPPFLOW_SERVER__TRUSTED_PROXIES", "[127.0.0.2]"));
        raw = new RawHttp(server.sandbox().server());
        attacker = new Attacker(
                server.sandbox().webhookSecret(),
                server.sandbox().token(),
                server.chatwoot().accountId());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        server.close();
    }

    @Test
    void forgers_are_turned_away_before_their_body_is_read() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(forged()).isEqualTo(401);
        }

        assertThat(forged()).isEqualTo(429);
        assertThat(server.announce(Attacker.PATH, 2_000_000)).isEqualTo(429);
    }

    @Test
    void an_address_that_sent_an_authentic_webhook_is_never_shut_out_by_forgers_behind_the_same_proxy()
            throws IOException {
        assertThat(raw.exchange(attacker.signed(attacker.delivery())).status()).isEqualTo(200);

        for (int i = 0; i < 10; i++) {
            assertThat(forged()).isEqualTo(401);
        }
        assertThat(raw.exchange(attacker.signed(attacker.delivery())).status()).isEqualTo(200);
    }

    @Test
    void an_address_holds_no_more_connections_than_it_may() throws IOException {
        int answered = 0;
        for (int i = 0; i < 40; i++) {
            Socket socket = connection();
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            answered += RawHttp.answer(socket).status() == 200 ? 1 : 0;
        }

        assertThat(answered).isBetween(15, 20);
    }

    @Test
    void bodies_beyond_what_may_be_in_memory_are_refused_at_once_and_room_comes_back() throws IOException {
        for (int i = 0; i < 3; i++) {
            connection().getOutputStream().write(announcing(1_900_000));
        }

        Socket refused =
                await().until(() -> answered(open), Optional::isPresent).orElseThrow();
        assertThat(RawHttp.answer(refused).status()).isEqualTo(429);
        for (Socket socket : open) {
            socket.close();
        }
        await().untilAsserted(() -> assertThat(
                        raw.exchange(attacker.signed(attacker.delivery())).status())
                .isEqualTo(200));
    }

    private static Optional<Socket> answered(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            if (socket.getInputStream().available() > 0) {
                return Optional.of(socket);
            }
        }
        return Optional.empty();
    }

    @Test
    void a_tenant_that_floods_is_told_to_wait() throws IOException {
        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < 30; i++) {
            statuses.add(raw.exchange(attacker.signed(attacker.delivery())).status());
        }

        assertThat(statuses).containsOnly(200, 429);
    }

    private int forged() throws IOException {
        return raw.exchange(Attacker.post(Attacker.PATH, "", new byte[] {'{', '}'}))
                .status();
    }

    private Socket connection() throws IOException {
        Socket socket = raw.connect();
        open.add(socket);
        return socket;
    }

    private static byte[] announcing(int bytes) {
        return ("POST " + Attacker.PATH
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + bytes
                        + "\r\n\r\n{")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
