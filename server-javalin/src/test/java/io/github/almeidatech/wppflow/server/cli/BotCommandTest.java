package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator who wants silence, now. */
class BotCommandTest {

    private static final String OPERATOR = "operator-token-of-the-test-suite-0001";

    @TempDir
    private Path data;

    @Test
    void a_business_that_stays_off_because_all_are_is_told_so() throws Exception {
        var settings = Map.of(
                "OPERATOR",
                OPERATOR,
                "WPPFLOW_API__TOKENS",
                "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [read, write, admin]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin, read, write]}]");
        try (TestServer server = TestServer.start(data, settings)) {
            Path token = data.resolve("operator");
            Files.writeString(token, OPERATOR);
            var cli = new CommandLineOf(server, data.resolve("api-token"));
            var operator = new CommandLineOf(server, token);
            assertThat(operator.run("bot", "off", "--all", "--reason", "looked at"))
                    .isZero();

            assertThat(cli.run("bot", "on")).isEqualTo(1);

            assertThat(cli.out())
                    .contains("still off", "all tenants", "by the operator")
                    .doesNotContain("looked at");
            assertThat(cli.run("bot", "off", "--reason", "wrong prices")).isZero();
            assertThat(operator.run("bot", "on", "--all")).isZero();
            assertThat(cli.run("bot", "on")).isZero();
        }
    }

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
