package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is measured is what is shipped. */
class ServerProcessTest {

    @Test
    void the_jvm_is_started_as_the_launcher_starts_it() throws Exception {
        List<String> words = List.of(Files.readString(Path.of("../wppflow")).split("[\\s';]+|=(?=-)"));

        assertThat(ServerProcess.jvm(""))
                .filteredOn(setting -> !setting.equals("-XX:+IgnoreUnrecognizedVMOptions")) // the launcher asks the JVM
                .isSubsetOf(words);
    }

    @Test
    void what_the_launcher_is_told_beside_comes_last_so_that_it_counts() {
        assertThat(ServerProcess.jvm("-Xmx512m  -Dof.the=user")).endsWith("-Xmx512m", "-Dof.the=user");
    }
}
