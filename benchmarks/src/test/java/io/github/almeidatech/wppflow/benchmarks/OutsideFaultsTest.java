package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.benchmarks.OutsideFault.Misbehaviour;
import io.github.almeidatech.wppflow.benchmarks.OutsideFault.Neighbour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failing neighbours in small; {@code benchmarks/outside-faults} is the real run. */
class OutsideFaultsTest {

    @Test
    void a_server_whose_neighbours_do_the_work_and_break_off_loses_and_doubles_nothing(@TempDir Path data)
            throws Exception {
        var settings = new OutsideFaultsRun.Settings(
                OutsideFault.of(List.of(Neighbour.values()), List.of(Misbehaviour.RESET_AFTER)),
                Storage.Kind.SQLITE,
                11,
                8,
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                data);

        OutsideFaultsRun.Report report = OutsideFaultsRun.run(settings, progress -> {});

        assertThat(report.verdict().violations())
                .as(OutsideFaults.table(report))
                .isEmpty();
        assertThat(report.rows()).as(OutsideFaults.table(report)).allSatisfy(row -> {
            assertThat(row.struck()).isBetween(1, row.requests());
            assertThat(row.verdict().written()).isPositive();
        });
        assertThat(report.verdict().bubbles()).isPositive();
    }
}
