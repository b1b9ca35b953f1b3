package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.benchmarks.InstancesRun.Disturbance;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run of several servers in small; {@code benchmarks/instances} is the real one. */
class InstancesTest {

    @BeforeEach
    void postgres() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
    }

    @Test
    void two_servers_killed_paused_and_cut_off_under_load_lose_double_and_disorder_nothing(@TempDir Path data)
            throws Exception {
        var settings = new InstancesRun.Settings(
                2,
                List.of(Disturbance.PAUSED, Disturbance.CUT_OFF, Disturbance.KILLED),
                11,
                6,
                Duration.ofMillis(800),
                false,
                null,
                Duration.ofMinutes(1),
                data);

        InstancesRun.Report report = InstancesRun.run(settings, progress -> {});

        assertThat(report.verdict().violations()).as(Instances.table(report)).isEmpty();
        assertThat(report.met().work()).as(Instances.table(report)).isPositive();
        assertThat(report.verdict().bubbles()).isPositive();
    }
}
