package io.github.almeidatech.wppflow.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | PT1S
            ' 30 ' | PT30S
            900 | PT15M
            901 | PT15M
            1.5 | PT1.5S
            315360000 | PT15M
            99999999999999999999 | PT15M
            Tue, 01 Sep 2026 12:00:10 GMT | PT10S
            Mon, 01 Sep 2036 12:00:00 GMT | PT15M
            """)
    void what_is_asked_for_is_obeyed_up_to_a_quarter_of_an_hour(String header, Duration wait) {
        assertThat(RetryAfter.read(header, NOW)).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-5", "soon", "1.5.1", "١٢", "Tue, 01 Sep 2026 11:59:00 GMT", "2026-09-01T12:00:10Z"})
    void what_makes_no_sense_is_as_if_nothing_was_said(String header) {
        assertThat(RetryAfter.read(header, NOW)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1500, PT1.5S", "900001, PT15M"})
    void some_providers_say_it_in_milliseconds(String header, Duration wait) {
        assertThat(RetryAfter.readMillis(header)).contains(wait);
    }

    @Test
    void no_header_says_nothing() {
        assertThat(RetryAfter.read(null, NOW)).isEmpty();
        assertThat(RetryAfter.readMillis(null)).isEmpty();
    }
}
