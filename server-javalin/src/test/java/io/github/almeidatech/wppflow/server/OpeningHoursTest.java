package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.router.BusinessHours;
import io.github.almeidatech.wppflow.server.config.Config;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningHoursTest {

    private static final ZoneId ZONE = ZoneId.of("America/Sao_Paulo");

    @TempDir
    private Path folder;

    @Test
    void without_any_days_people_are_always_there() {
        assertThat(OpeningHours.of(config(Map.of(), null), ZONE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-09-01T07:59, false",
        "2026-09-01T08:00, true",
        "2026-09-01T12:00, false",
        "2026-09-04T17:59, true",
        "2026-09-05T12:30, true",
        "2026-09-05T13:00, false",
        "2026-09-06T23:59, true",
        "2026-09-07T09:00, false"
    })
    void days_and_ranges_of_days_are_open_at_their_times_and_closed_on_national_holidays(
            LocalDateTime at, boolean open) {
        BusinessHours hours = hours(Map.of(
                "mon-fri", List.of("8:00-12:00", "13:30 - 18:00"),
                "sat", List.of("09:00-13:00"),
                "sun", List.of("22:00-24:00")));

        assertThat(hours.isOpen(at.atZone(ZONE).toInstant())).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-25T10:00, false",
        "2026-12-24T10:00, true",
        "2026-12-24T15:00, false",
        "2026-12-31T10:00, false",
        "2027-12-31T10:00, true"
    })
    void local_holidays_stand_in_a_file(LocalDateTime at, boolean open) throws IOException {
        Path file = Files.writeString(folder.resolve("feriados.txt"), """
                # São Paulo
                25/01 Aniversário da cidade
                24/12/2026 08:00-12:00 véspera de Natal
                2026-12-31
                """);

        BusinessHours hours = OpeningHours.of(config(Map.of("mon-fri", List.of("08:00-18:00")), file.toString()), ZONE)
                .orElseThrow();

        assertThat(hours.isOpen(at.atZone(ZONE).toInstant())).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({
        "segunda, 08:00-18:00, hours.open.segunda",
        "fri-mon, 08:00-18:00, hours.open.fri-mon",
        "mon-tue-wed, 08:00-18:00, hours.open.mon-tue-wed",
        "mon, 8h às 18h, times such as",
        "mon, 08:00-26:00, no time of day",
        "mon, 18:00-18:00, ends as it begins"
    })
    void hours_nobody_can_keep_are_named(String day, String times, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hours(Map.of(day, List.of(times))))
                .withMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"natal", "31/02", "25/01 08:00-12:00", "2026-13-01", "24/12/2026 12:00-12:00"})
    void a_wrong_line_of_the_holidays_is_named_by_its_number(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("feriados.txt"), "\n" + line + "\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpeningHours.of(config(Map.of("mon", List.of("08:00-18:00")), file.toString()), ZONE))
                .withMessageContaining("line 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "windows-1252"})
    void the_file_is_as_a_windows_program_saves_it(String charset) throws IOException {
        String mark = charset.equals("UTF-8") ? "\uFEFF" : "";
        Path file = Files.write(
                folder.resolve("feriados.txt"),
                (mark + "25/01 Aniversário de São Paulo\r\n").getBytes(Charset.forName(charset)));
        BusinessHours hours = OpeningHours.of(config(Map.of("mon", List.of("08:00-18:00")), file.toString()), ZONE)
                .orElseThrow();

        assertThat(hours.isOpen(
                        LocalDateTime.parse("2027-01-25T10:00").atZone(ZONE).toInstant()))
                .isFalse();
    }

    @Test
    void all_wrong_lines_of_the_holidays_are_named_at_once() throws IOException {
        Path file = Files.writeString(folder.resolve("feriados.txt"), "natal\n25/01\n31/02 nada\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpeningHours.of(config(Map.of("mon", List.of("08:00-18:00")), file.toString()), ZONE))
                .withMessageContainingAll("line 1: a day such as", "line 3: no such day");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-09-05T01:00, true",
        "2026-09-05T02:00, false",
        "2026-09-06T01:30, true",
        "2026-09-07T01:00, false",
        "2026-12-25T00:30, true",
        "2026-12-25T20:00, false"
    })
    void a_bar_is_open_past_midnight(LocalDateTime at, boolean open) throws IOException {
        Path file = Files.writeString(folder.resolve("feriados.txt"), "24/12/2026 18:00-01:00 ceia\n");
        BusinessHours hours = OpeningHours.of(config(Map.of("thu-sat", List.of("18:00-02:00")), file.toString()), ZONE)
                .orElseThrow();

        assertThat(hours.isOpen(at.atZone(ZONE).toInstant())).isEqualTo(open);
    }

    @Test
    void a_file_of_holidays_that_is_not_there_is_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpeningHours.of(config(Map.of("mon", List.of("08:00-18:00")), "nowhere.txt"), ZONE))
                .withMessageContaining("nowhere.txt");
    }

    private static BusinessHours hours(Map<String, List<String>> open) {
        return OpeningHours.of(config(open, null), ZONE).orElseThrow();
    }

    private static Config.Hours config(Map<String, List<String>> open, @Nullable String holidays) {
        return new Config.Hours(open, true, holidays, "always");
    }
}
