package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.TestServer;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongClockTest {

    private static final int MORE_THAN_MAY_BE_FORGED = 25;

    @Test
    void a_sender_whose_clock_is_wrong_is_told_so_however_often_and_is_heard_when_it_is_right(@TempDir Path data)
            throws Exception {
        try (var server = TestServer.start(data)) {
            String body = "{\"event\":\"message_created\",\"account\":{\"id\":1}}";
            String secret = server.sandbox().webhookSecret();
            for (int i = 0; i < MORE_THAN_MAY_BE_FORGED; i++) {
                var refused = server.deliver(body, secret, Instant.now().minusSeconds(86_400));
                assertThat(refused.status()).isEqualTo(401);
                assertThat(refused.body().at("/error/details/reason").asText()).isEqualTo("stale_signature");
            }

            assertThat(server.deliver(body).status())
                    .as("read, though it says too little")
                    .isEqualTo(422);
        }
    }
}
