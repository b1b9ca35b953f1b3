package io.github.almeidatech.wppflow.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wfc_0123456789abcdef",
                "wfc_0123456789abcdef",
                "joana@example.com",
                "123.456.789-09",
                "12.345.678/0001-95",
                "+5511990000002",
                "5511990000002",
                "4111 1111 1111 1111",
                "4111111111111111",
                "3782-822463-10005",
                "12345678909",
                "11222333000181",
                "12.ABC.345/01DE-35",
                "11 98777-0077",
                "(11) 98777-0077",
                "11987770077",
                "98777-0077",
                "11 3777-0077",
                "+55 (11) 98777-0077",
                "+55 11 3777 0077",
                "sk-proj-0123456789abcdefghij"
            })
    void what_looks_like_a_secret_or_a_person_is_masked(String secret) {
        String masked = new Masking().mask("before " + secret + " after");

        assertThat(masked).doesNotContain(secret).contains("***", "before", "after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "turn 0199f3a1-7000-7abc-8def-0123456789ab",
                "conversation pet-hotel/1/88",
                "took 12345 ms",
                "R$ 1.000,00",
                "id 12345678901",
                "id 20987654321",
                "card? 4111111111111112",
                "at 1795669271123",
                "took 0.12345678909 s",
                "2026-11-26 05:01:11",
                "task-0123456789abcdef",
                "sha 4111111111111111a"
            })
    void what_is_neither_stays(String line) {
        assertThat(new Masking().mask(line)).isEqualTo(line);
    }

    @Test
    void what_stands_behind_an_escape_is_found_and_the_escape_stays_whole() {
        assertThat(new Masking().mask("{\"m\":\"a\\n12345678909\\u000011987770077\\njoana@example.com\\\\\"}"))
                .isEqualTo("{\"m\":\"a\\n***\\u0000***\\n***\\\\\"}");
    }

    @Test
    void known_secrets_are_masked_and_every_hit_is_counted_by_its_kind() {
        var masking = new Masking();
        masking.conceal(List.of("a \"quoted\" one of the configuration", "short"));

        assertThat(masking.mask("x a \\\"quoted\\\" one of the configuration, short, 12345678909 12345678909"))
                .isEqualTo("x ***, short, *** ***");
        assertThat(masking.hits("secret")).isEqualTo(1);
        assertThat(masking.hits("cpf")).isEqualTo(2);
        assertThat(masking.hits("card")).isZero();
    }

    @Test
    void a_line_of_digits_is_looked_through_in_no_time() {
        String line = "1 2-3.(".repeat(10_000) + "5".repeat(100_000) + "a@".repeat(10_000);

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(new Masking().mask(line)).isNotEmpty());
    }

    @Test
    void a_log_line_is_json_and_masked_as_the_last_thing() {
        var context = new LoggerContext();
        context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
        var encoder = new MaskingJsonEncoder();
        encoder.setContext(context);
        encoder.start();
        var event = new LoggingEvent(
                "x",
                context.getLogger("test"),
                Level.INFO,
                "calling {}",
                new IllegalStateException("joana@example.com"),
                new Object[] {"+5511990000002"});

        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);

        assertThat(line)
                .startsWith("{")
                .contains("calling ***")
                .doesNotContain("joana")
                .doesNotContain("5511990000002");
    }
}
