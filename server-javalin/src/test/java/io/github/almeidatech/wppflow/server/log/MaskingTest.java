package io.github.almeidatech.wppflow.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
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
                "4111 1111 1111 1111"
            })
    void what_looks_like_a_secret_or_a_person_is_masked(String secret) {
        String masked = Masking.mask("before " + secret + " after");

        assertThat(masked).doesNotContain(secret).contains("***", "before", "after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "turn 0199f3a1-7000-7abc-8def-0123456789ab",
                "conversation pet-hotel/1/88",
                "took 12345 ms",
                "R$ 1.000,00"
            })
    void what_is_neither_stays(String line) {
        assertThat(Masking.mask(line)).isEqualTo(line);
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
