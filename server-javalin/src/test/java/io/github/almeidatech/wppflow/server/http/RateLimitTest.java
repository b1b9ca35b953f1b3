package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // nanoTime may overflow

    private final RateLimit limit = new RateLimit(50, Duration.ofSeconds(4), time::get);

    @Test
    void what_was_not_used_may_come_at_once_and_then_there_is_so_much_a_second() {
        assertThat(takenOf(300)).isEqualTo(200);

        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(takenOf(300)).isEqualTo(50);

        time.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(takenOf(300)).isEqualTo(200);
    }

    @Test
    void who_stays_below_it_is_never_refused() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(limit.tryAcquire()).isTrue();
            time.addAndGet(Duration.ofMillis(20).toNanos());
        }
    }

    private long takenOf(int tries) {
        return IntStream.range(0, tries).filter(each -> limit.tryAcquire()).count();
    }
}
