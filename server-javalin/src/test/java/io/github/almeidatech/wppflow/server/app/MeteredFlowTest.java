package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Readiness;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MeteredFlowTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    private final Metrics metrics = new Metrics();
    private final MeteredFlow flow = new MeteredFlow(metrics);

    @Test
    void tries_are_counted_by_what_came_of_them() {
        var attempt = new CommandAttempt(
                1,
                new ConversationId(TENANT, 1, 88),
                "turn",
                "key",
                new OutboundCommand.AddPrivateNote("x"),
                1,
                null,
                NOW,
                "token");

        flow.commandTried(attempt, new CommandResult.Done("1"), false, Duration.ZERO);
        flow.commandTried(attempt, new CommandResult.NotDone("busy", null), false, Duration.ZERO);
        flow.commandTried(attempt, new CommandResult.Refused("gone"), true, Duration.ZERO);
        flow.storeWell(false);
        flow.storeWell(true);

        assertThat(metrics.scrape())
                .contains("wppflow_reply_outcome_total{outcome=\"done\",tenant=\"pet-hotel\"} 1.0")
                .contains("wppflow_reply_outcome_total{outcome=\"not_done\",tenant=\"pet-hotel\"} 1.0")
                .contains("wppflow_reply_outcome_total{outcome=\"dead\",tenant=\"pet-hotel\"} 1.0");
    }

    @Test
    void turns_that_ended_in_a_person_or_in_silence_are_counted_by_reason() {
        metrics.decided(TENANT, "handed_off", "urgent");
        metrics.decided(TENANT, "silent", "thanks_only");
        metrics.decided(TENANT, "answered", "knowledge");

        assertThat(metrics.scrape())
                .contains("wppflow_handoff_total{reason=\"urgent\",tenant=\"pet-hotel\"} 1.0")
                .contains("wppflow_no_reply_total{reason=\"thanks_only\",tenant=\"pet-hotel\"} 1.0");
    }

    @Test
    void what_waits_is_shown_with_its_age() {
        metrics.watch(() -> new FlowStats(3, 2, 1, NOW.minusSeconds(90), 4, NOW.minusSeconds(7), 5), () -> NOW);
        metrics.watchBreaker(TENANT, "chatwoot", () -> "open");
        metrics.watchBreaker(TENANT, "llm", () -> "half_open");

        assertThat(metrics.scrape())
                .contains(
                        "wppflow_queue_depth{queue=\"inbox\"} 3.0",
                        "wppflow_oldest_pending_seconds 90.0",
                        "wppflow_turns_elsewhere 5.0",
                        "wppflow_dead_letters 1.0")
                .contains("wppflow_breaker_state{system=\"chatwoot\",tenant=\"pet-hotel\"} 2.0")
                .contains("wppflow_breaker_state{system=\"llm\",tenant=\"pet-hotel\"} 1.0");
    }

    @Test
    void a_component_that_fails_makes_the_server_unready_and_stopping_does_too() {
        var readiness = new Readiness().with("a", () -> true).with("b", () -> {
            throw new IllegalStateException("x");
        });
        assertThat(readiness.check().ready()).isFalse();
        assertThat(readiness.check().components()).containsEntry("a", "ok").containsEntry("b", "failing");

        var well = new Readiness().with("a", () -> true);
        assertThat(well.check().ready()).isTrue();
        well.stop();
        assertThat(well.check().ready()).isFalse();
        assertThat(well.check().components()).containsEntry("server", "stopping");
    }
}
