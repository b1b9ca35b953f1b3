package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as systemd stops it. */
class StopSignalTest {

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no SIGTERM there")
    void a_stop_signal_ends_the_work_and_the_exit_code_says_that_nothing_is_left(@TempDir Path data) throws Exception {
        Path log = data.resolve("log");
        Process sandbox = sandbox(data, log);
        try (var out = new BufferedReader(new InputStreamReader(sandbox.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).contains("\"server\"");

            sandbox.destroy(); // SIGTERM

            assertThat(sandbox.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(sandbox.exitValue()).isZero();
            assertThat(Files.readString(log))
                    .contains("nothing was left half done")
                    .doesNotContain("\"ERROR\"", "\"WARN\"");
        } finally {
            sandbox.destroyForcibly();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no SIGTERM there")
    void a_stop_signal_while_it_starts_ends_it_in_order_too(@TempDir Path data) throws Exception {
        Path log = data.resolve("log");
        Process sandbox = sandbox(data, log);
        try {
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(data.resolve("sandbox")));

            sandbox.destroy();

            assertThat(sandbox.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(sandbox.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            sandbox.destroyForcibly();
        }
    }

    private static Process sandbox(Path data, Path log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", // quicker for so short a life
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "sandbox",
                        "--port",
                        "0",
                        "--data",
                        data.resolve("sandbox").toString(),
                        "--json")
                .redirectError(log.toFile())
                .start();
    }
}
