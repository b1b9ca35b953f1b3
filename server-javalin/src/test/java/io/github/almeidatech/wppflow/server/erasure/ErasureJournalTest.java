package io.github.almeidatech.wppflow.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
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
    void a_time_that_no_database_can_hold_is_no_line_of_ours() throws Exception {
        Path file = folder.resolve("erasures.jsonl");
        new ErasureJournal(file).add(entry("a", false));
        Files.writeString(
                file,
                Files.readString(file)
                        + Files.readString(file)
                                .replace("\"id\":\"a\"", "\"id\":\"b\"")
                                .replaceAll(
                                        "\"requested_at\":\"[^\"]*\"",
                                        "\"requested_at\":\"+999999999-01-01T00:00:00Z\""));

        assertThat(new ErasureJournal(file).entries()).containsExactly(entry("a", false));
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

    @Test
    void it_is_beside_the_backups_of_sqlite_and_where_the_settings_want_it_on_postgresql() {
        String elsewhere = folder.resolve("volume/erasures.jsonl").toString();

        ErasureJournal.of(storage("sqlite:w.db", null)).add(entry("a", false));
        ErasureJournal.of(storage("postgresql://u:p@h/d", null)).add(entry("b", false));
        ErasureJournal.of(storage("postgresql://u:p@h/d", elsewhere)).add(entry("c", false));

        assertThat(new ErasureJournal(folder.resolve("backup/erasures.jsonl")).entries())
                .containsExactly(entry("a", false));
        assertThat(ErasureJournal.of(storage("postgresql://u:p@h/d", elsewhere)).entries())
                .containsExactly(entry("c", false));
    }

    private Config.Storage storage(String url, @Nullable String journal) {
        return new Config.Storage(
                url, Duration.ZERO, folder.resolve("backup").toString(), 1, null, journal, Duration.ZERO);
    }

    private static ErasureJournal.Entry entry(String id, boolean chatwoot) {
        return new ErasureJournal.Entry(
                new TenantId("pet-hotel"), id, "f00d", chatwoot, "somebody", Instant.parse("2026-11-01T12:00:00Z"));
    }
}
