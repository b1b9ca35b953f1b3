package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator who wants silence, now. */
class BotCommandTest {

    @TempDir
    private Path data;

    @Test
    void it_is_switched_off_and_on_and_programs_can_ask() throws Exception {
        try (TestServer server = TestServer.start(data)) {
            var cli = new CommandLineOf(server, data.resolve("api-token"));
            assertThat(cli.run("bot", "status")).isZero();
            assertThat(cli.out()).isEqualTo("on\n");
            assertThat(cli.run("bot", "off")).isEqualTo(2);
            assertThat(cli.err()).contains("--reason");

            assertThat(cli.run("bot", "off", "--reason", "wrong prices")).isZero();

            assertThat(cli.out()).contains("off   pet-hotel", "wrong prices", "since 20");
            assertThat(cli.run("bot", "status")).isEqualTo(3);
            assertThat(cli.run("bot", "off", "--all", "--reason", "x")).isEqualTo(2);
            assertThat(cli.json("bot", "on").path("changed").asBoolean()).isTrue();
            assertThat(cli.run("bot", "status", "--tenant", "pet-hotel")).isZero();
        }
    }
}
