package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kill loop in small, so that every build has killed the server a few times; {@code benchmarks/kill-loop} is the real one. */
class KillLoopTest {

    @Test
    void a_server_killed_under_load_loses_doubles_and_disorders_nothing(@TempDir Path data) throws Exception {
        var settings = new KillRun.Settings(
                5,
                11,
                6,
                Duration.ofMillis(1_500),
                0.2,
                0.5,
                true,
                Storage.Kind.SQLITE,
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                data);

        KillRun.Report report = KillRun.run(settings, progress -> {});

        assertThat(report.verdict().violations()).as(KillLoop.table(report)).isEmpty();
        assertThat(report.kills().number()).isEqualTo(5);
        assertThat(report.met().work()).as(KillLoop.table(report)).isPositive();
        assertThat(report.verdict().bubbles()).isPositive();
        assertThat(report.faults().values()).anyMatch(times -> times > 0);
    }
}
