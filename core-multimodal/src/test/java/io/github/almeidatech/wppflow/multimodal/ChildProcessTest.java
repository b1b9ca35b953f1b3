package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Another program over one untrusted file. */
class ChildProcessTest {

    @Test
    void where_memory_ends_it_is_taken_before_the_server() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/proc/self/oom_score_adj")));
        String untilGivenUpFirst = "until [ \"$(/bin/cat /proc/self/oom_score_adj)\" = 1000 ]; do :; done; exit 7";

        try (var child = new ChildProcess(new Semaphore(1))) {
            int code =
                    child.run(List.of("/bin/sh", "-c", untilGivenUpFirst), child.file("out"), Duration.ofSeconds(60));

            assertThat(code).isEqualTo(7);
        }
        assertThat(Files.readString(Path.of("/proc/self/oom_score_adj")).strip())
                .isNotEqualTo("1000");
    }
}
