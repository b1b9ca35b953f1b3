package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    @Test
    void strangers_who_ask_often_cost_one_check_a_second() {
        var checks = new AtomicInteger();
        var readiness = new Readiness().with("storage", () -> checks.incrementAndGet() > 0);

        for (int i = 0; i < 1_000; i++) {
            assertThat(readiness.isReady()).isTrue();
        }

        assertThat(checks.get()).isLessThan(100);
    }

    @Test
    void a_tenant_is_told_nothing_of_others() {
        var readiness =
                new Readiness().withDetail("bot", shown -> shown.test(new TenantId("clinica")) ? "off: clinica" : "ok");

        assertThat(readiness.check().components()).containsEntry("bot", "off: clinica");
        assertThat(readiness.check(new TenantId("pet-hotel")::equals).components())
                .containsEntry("bot", "ok");
    }

    @Test
    void a_component_that_fails_or_throws_and_a_stop_make_it_not_ready() {
        var failing = new Readiness().with("storage", () -> false);
        var throwing = new Readiness().with("storage", () -> {
            throw new IllegalStateException("closed");
        });
        var stopping = new Readiness().with("storage", () -> true);
        stopping.stop();

        assertThat(failing.isReady()).isFalse();
        assertThat(throwing.check().components()).containsEntry("storage", "failing");
        assertThat(stopping.isReady()).isFalse();
        assertThat(stopping.check().components()).containsEntry("server", "stopping");
    }
}
