package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
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

    @Test
    void a_tenant_sees_its_own_figures_and_those_of_nobody_in_particular() {
        var metrics = new Metrics();
        metrics.expired(new TenantId("hotel"), "messages", 3);
        metrics.expired(new TenantId("hotel-2"), "messages", 4);
        metrics.refused(Optional.empty(), "wrong_signature");
        metrics.watchSecrets(Metrics.EVERYBODY, () -> 5);

        metrics.calls("webhook").called("orders", Duration.ofMillis(3), "ok");
        metrics.calls("webhook").called("exams", Duration.ofMillis(3), "ok");
        metrics.calls("chatwoot").called("status", Duration.ofMillis(3), "ok");

        assertThat(metrics.scrape(new TenantId("hotel"), Set.of("orders")))
                .contains(
                        "wppflow_expired_total{kind=\"messages\",tenant=\"hotel\"} 3.0\n",
                        "tenant=\"unknown\"",
                        "wppflow_oldest_secret_seconds{tenant=\"*\"} 5.0\n",
                        "# HELP wppflow_expired_total",
                        "call=\"orders\"",
                        "call=\"status\"",
                        "wppflow_build{")
                .doesNotContain("hotel-2", "exams");
        assertThat(metrics.scrape()).contains("hotel-2", "exams");
    }
}
