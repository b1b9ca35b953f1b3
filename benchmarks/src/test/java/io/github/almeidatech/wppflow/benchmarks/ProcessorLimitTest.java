package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only where this user may make control groups. */
class ProcessorLimitTest {

    private static final Path FIRST_VERSION = Path.of("/sys/fs/cgroup/cpu");
    private static final long NOBODY = Integer.MAX_VALUE; // above the largest number that a process can have

    private boolean old;

    @BeforeEach
    void hasGroups() {
        old = Files.exists(FIRST_VERSION.resolve("cpu.cfs_quota_us"));
        Path groups = old ? FIRST_VERSION : Path.of("/sys/fs/cgroup");
        assumeTrue(
                Files.isWritable(groups) && (old || Files.isWritable(groups.resolve("cgroup.subtree_control"))),
                "no control groups to write to");
    }

    private Path groupOf(long pid) {
        return (old ? FIRST_VERSION : Path.of("/sys/fs/cgroup")).resolve("wppflow-" + pid);
    }

    @Test
    void a_process_gets_its_part_and_the_group_goes_with_it() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try (var limit = ProcessorLimit.of(process.pid(), 0.35)) {
            Path group = groupOf(process.pid());
            assertThat(Files.readAllLines(group.resolve("cgroup.procs")))
                    .containsExactly(String.valueOf(process.pid()));
            assertThat(
                            old
                                    ? quotaOfTheFirstVersion(group)
                                    : Files.readString(group.resolve("cpu.max")).strip())
                    .isEqualTo("3500 10000");
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            limit.close();
            assertThat(group).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void of_a_process_that_is_gone_no_group_is_left() {
        assertThatThrownBy(() -> ProcessorLimit.of(NOBODY, 0.5)).isInstanceOf(IOException.class);
        assertThat(groupOf(NOBODY)).doesNotExist();
    }

    private static String quotaOfTheFirstVersion(Path group) throws IOException {
        return Files.readString(group.resolve("cpu.cfs_quota_us")).strip() + " "
                + Files.readString(group.resolve("cpu.cfs_period_us")).strip();
    }
}
