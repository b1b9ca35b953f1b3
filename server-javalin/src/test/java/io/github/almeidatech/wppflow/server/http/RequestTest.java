package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT5S, false",
        "1, PT5.001S, true",
        "6144, PT6S, false",
        "6143, PT6S, true",
        "1000000, PT20S, false",
        "1000000, PT20.001S, true"
    })
    void a_body_comes_at_a_kibibyte_a_second_after_the_first_five_and_within_twenty(
            long bytes, Duration since, boolean tooSlow) {
        assertThat(Request.isTooSlow(bytes, since)).isEqualTo(tooSlow);
    }
}
