package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.TenantId;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureJournalTest {

    @TempDir
    private Path folder;

    @Test
    void a_line_that_a_crash_has_cut_costs_no_other_line() throws Exception {
        Path file = folder.resolve("backup/erasures.jsonl");
        new ErasureJournal(file).add(entry("a", false));
        Files.writeString(file, "{\"tenant_id\":\"pet-hotel\",\"requested_by\":\"Jo", StandardOpenOption.APPEND);
        Files.write(file, new byte[] {(byte) 0xC3}, StandardOpenOption.APPEND); // half of an ã

        new ErasureJournal(file).add(entry("b", true));

        assertThat(new ErasureJournal(file).entries()).containsExactly(entry("a", false), entry("b", true));
    }

    @Test
    void of_two_lines_about_one_request_the_later_counts() {
        var journal = new ErasureJournal(folder.resolve("erasures.jsonl"));
        journal.add(entry("a", false));
        journal.add(entry("a", true));

        assertThat(journal.entries()).containsExactly(entry("a", true));
    }

    @Test
    void what_cannot_be_written_down_is_not_begun() throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("backup"), "");

        assertThatThrownBy(() -> new ErasureJournal(inTheWay.resolve("erasures.jsonl")).add(entry("a", false)))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void without_a_file_nothing_is_kept() {
        var journal = new ErasureJournal(null);
        journal.add(entry("a", false));

        assertThat(journal.entries()).isEmpty();
        assertThat(new ErasureJournal(folder.resolve("none.jsonl")).entries()).isEmpty();
    }

    private static ErasureJournal.Entry entry(String id, boolean chatwoot) {
        return new ErasureJournal.Entry(
                new TenantId("pet-hotel"), id, "f00d", chatwoot, "somebody", Instant.parse("2026-11-01T12:00:00Z"));
    }
}
