package io.github.almeidatech.wppflow.eventlog;

import static io.github.almeidatech.wppflow.eventlog.Events.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FiringHistoryTest {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final ConversationId CONVERSATION = new ConversationId(HOTEL, 7, 1);

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final FiringHistory history = new FiringHistory(log);

    @Test
    void the_way_back_to_the_first_cause_names_the_policies_on_it() {
        log.append(List.of(
                event("1", "turn.completed", null, null, NOW),
                event("2", "policy.fired", "a", "1", NOW),
                event("3", "lead.new", null, "2", NOW),
                event("4", "policy.fired", "b", "3", NOW),
                event("5", "policy.fired", "c", "1", NOW)));

        assertThat(history.behind(event("6", "command.dead_lettered", null, "4", NOW)))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(history.behind(event("6", "order.paid", null, "unknown", NOW)))
                .isEmpty();
        assertThat(history.behind(event("6", "order.paid", null, null, NOW))).isEmpty();
    }

    @Test
    void causes_that_go_in_a_circle_are_followed_for_a_while() {
        log.append(List.of(event("1", "x", "a", "2", NOW), event("2", "y", "b", "1", NOW)));

        assertThat(history.behind(event("3", "z", null, "1", NOW))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void firings_of_the_last_hour_in_the_conversation_are_counted() {
        log.append(List.of(
                event("1", "policy.fired", "a", null, NOW.minus(Duration.ofMinutes(61))),
                event("2", "policy.fired", "a", null, NOW.minus(Duration.ofMinutes(59))),
                event("3", "policy.fired", "a", null, NOW),
                event("4", "policy.shadowed", "b", null, NOW)));

        assertThat(history.lately(event("5", "x", null, null, NOW), NOW)).containsExactly(Map.entry("a", 2));
        var nowhere = new Event("6", HOTEL, null, null, "x", 1, Map.of(), Event.Source.SYSTEM, null, null, 0, NOW);
        assertThat(history.lately(nowhere, NOW)).isEmpty();
    }

    private static Event event(String id, String type, @Nullable String policy, @Nullable String cause, Instant at) {
        Map<String, Object> payload = policy == null ? Map.of() : Map.of("policy", policy);
        return new Event(id, HOTEL, CONVERSATION, null, type, 1, payload, Event.Source.RULE, null, cause, 0, at);
    }
}
