package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.FlowStats;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void how_much_waits_is_counted_once_for_each_scrape_and_anew_for_the_next() {
        var metrics = new Metrics();
        var asked = new AtomicLong();
        metrics.watch(
                () -> {
                    long times = asked.incrementAndGet();
                    return new FlowStats(10 * times, 20 * times, 0, null, 0, null, 0);
                },
                InstantSource.fixed(Instant.EPOCH));

        assertThat(metrics.scrape())
                .contains("wppflow_queue_depth{queue=\"inbox\"} 10.0", "wppflow_queue_depth{queue=\"outbox\"} 20.0");
        assertThat(metrics.scrape())
                .contains("wppflow_queue_depth{queue=\"inbox\"} 20.0", "wppflow_queue_depth{queue=\"outbox\"} 40.0");
        assertThat(asked).hasValue(2);
    }
}
