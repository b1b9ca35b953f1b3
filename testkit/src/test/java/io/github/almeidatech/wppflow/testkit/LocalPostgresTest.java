package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class LocalPostgresTest {

    @Test
    void it_is_there_from_start_to_end_and_can_be_stopped_between() throws IOException {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        int port;
        try (LocalPostgres postgres = LocalPostgres.startWithoutFsync()) {
            port = postgres.port();
            String url = postgres.newDatabase();
            String copy = postgres.copyOf(url);
            postgres.cutConnections();

            assertThat(url).startsWith("postgresql://wppflow:").contains(":" + port + "/");
            assertThat(copy).isNotEqualTo(url);
            assertThat(postgres.administrator(url)).startsWith("jdbc:postgresql://127.0.0.1:" + port);
            assertThat(postgres.processorTime()).isPositive();
            postgres.stopAtOnce();
            assertThatIllegalStateException().isThrownBy(postgres::newDatabase);
            assertThat(listens(port)).isFalse();
            postgres.startAgain();
            assertThat(postgres.newDatabase()).isNotEqualTo(url);
        }
        assertThat(listens(port)).isFalse();
    }

    @Test
    void growth_is_the_difference_of_what_is_stored() {
        var before = new LocalPostgres.Stored(10, 4_000);

        assertThat(new LocalPostgres.Stored(25, 9_000).minus(before)).isEqualTo(new LocalPostgres.Stored(15, 5_000));
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
