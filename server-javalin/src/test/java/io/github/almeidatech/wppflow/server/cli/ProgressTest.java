package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final Duration OFTEN = Duration.ofMillis(5);

    private final StringWriter shown = new StringWriter();
    private final PrintWriter err = new PrintWriter(shown, true);

    @Test
    void a_bar_shows_how_much_of_it_all_is_done() {
        try (var progress = new Progress("storing documents", err, true, Duration.ofHours(1))) {
            assertThat(progress.line()).isEqualTo("storing documents, 0 s");
            progress.step();
            assertThat(progress.line()).isEqualTo("storing documents, 1, 0 s");
            progress.at(120, 360);
            assertThat(progress.line())
                    .isEqualTo("storing documents [" + "#".repeat(10) + ".".repeat(20) + "]  33 %  120/360, 0 s");
        }
        assertThat(shown.toString()).as("quick work shows nothing").isEmpty();
    }

    @Test
    void a_terminal_s_line_is_drawn_anew_and_gone_in_the_end() {
        try (var progress = new Progress("waiting", err, true, OFTEN)) {
            await().until(() -> shown.toString().contains("\rwaiting, 0 s\rwaiting"));
            assertThat(progress.line()).startsWith("waiting");
        }
        assertThat(shown.toString()).endsWith(" \r").doesNotContain("\n");
    }

    @Test
    void elsewhere_it_is_a_line_each_time() {
        try (var ignored = new Progress("waiting", err, false, OFTEN)) {
            await().until(() -> shown.toString().lines().count() > 2);
        }
        assertThat(shown.toString().lines()).allMatch(line -> line.startsWith("waiting, "));
    }
}
