package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
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

    @Test
    void a_client_that_falls_silent_is_waited_for_as_long_as_the_body_may_take_and_no_longer() throws IOException {
        var waits = new ArrayList<Long>();
        var dripping = new InputStream() {
            private int left = 3;

            @Override
            public int read() {
                return left-- > 0 ? 'a' : -1;
            }

            @Override
            public int read(byte[] part, int from, int length) {
                int next = read();
                part[from] = (byte) next;
                return next < 0 ? -1 : 1;
            }
        };

        assertThat(Request.read(dripping, 100, waits::add)).hasSize(3);

        assertThat(waits).hasSize(4).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(waits.get(0)).isEqualTo(20_000);
        assertThat(waits).allMatch(each -> each > 0 && each <= 20_000);
    }
}
