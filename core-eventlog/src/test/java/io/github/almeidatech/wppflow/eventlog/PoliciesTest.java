package io.github.almeidatech.wppflow.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {

    @ParameterizedTest
    @CsvSource({
        "turn.completed, turn.completed, true",
        "turn.completed, turn.completed.x, false",
        "turn.*, turn.completed, true",
        "turn.*, turn.completed.x, true",
        "turn.*, turn, false",
        "turn.*, turnover.x, false",
        "turn.completed.*, turn.completed.x, true",
        "*, anything, true",
        "*, policy.fired, false",
        "policy.*, policy.fired, false"
    })
    void a_pattern_takes_the_types_it_says(String pattern, String type, boolean taken) {
        Policies policies =
                valid(List.of(Map.of("id", "a", "event", pattern, "then", List.of(Map.of("send_message", "x")))));

        assertThat(policies.all().get(0).takes(type)).isEqualTo(taken);
        assertThat(policies.forType(type)).hasSize(taken ? 1 : 0);
    }

    @Test
    void policies_are_found_by_type_in_the_order_of_priority() {
        Policies policies = valid(List.of(
                policy("z", "turn.completed", 0),
                policy("b", "turn.*", 5),
                policy("a", "*", 5),
                policy("c", "turn.silenced", 9),
                policy("d", "*", 7)));

        assertThat(policies.forType("turn.completed")).extracting(Policy::id).containsExactly("d", "a", "b", "z");
        assertThat(policies.forType("other")).extracting(Policy::id).containsExactly("d", "a");
        assertThat(policies.all()).extracting(Policy::id).containsExactly("c", "d", "a", "b", "z");
        assertThat(Policies.NONE.forType("x")).isEmpty();
    }

    @Test
    void circles_among_policies_are_found() {
        Policies policies = valid(List.of(
                emitting("a", "x.start", "x.one"),
                emitting("b", "x.one", "x.two"),
                emitting("c", "x.*", "x.start"),
                emitting("self", "loop", "loop"),
                emitting("line", "y.one", "y.two"),
                emitting("end", "y.two", "y.three")));

        assertThat(policies.cycles())
                .containsExactlyInAnyOrder(List.of("a", "c"), List.of("b", "c", "a"), List.of("c"), List.of("self"));
    }

    @Test
    void circles_through_what_actions_cause_are_found() {
        Policies policies = valid(List.of(
                Map.of("id", "calls", "event", "ownership.*", "then", List.of(Map.of("hand_off", Map.of()))),
                Map.of("id", "rests", "event", "lead.lost", "then", List.of(Map.of("pause_bot", "2h"))),
                emitting("lost", "ownership.changed", "lead.lost")));

        assertThat(policies.cycles()).containsExactlyInAnyOrder(List.of("calls"), List.of("lost", "rests"));
    }

    @Test
    void a_policy_that_is_off_or_wants_another_source_closes_no_circle() {
        Map<String, Object> off = new LinkedHashMap<>(emitting("a", "x", "x"));
        off.put("enabled", false);
        Map<String, Object> customersOnly = new LinkedHashMap<>(emitting("b", "y", "y"));
        customersOnly.put("source", "customer");
        Map<String, Object> rules = new LinkedHashMap<>(emitting("c", "z", "z"));
        rules.put("source", List.of("rule"));

        assertThat(valid(List.of(off, customersOnly, rules)).cycles()).containsExactly(List.of("c"));
    }

    static Policies valid(Object data) {
        return Policies.parse(data).match(policies -> policies, problems -> {
            throw new AssertionError("problems: " + problems);
        });
    }

    private static Map<String, Object> policy(String id, String event, int priority) {
        return Map.of("id", id, "event", event, "priority", priority, "then", List.of(Map.of("send_message", "x")));
    }

    private static Map<String, Object> emitting(String id, String event, String emitted) {
        return Map.of("id", id, "event", event, "then", List.of(Map.of("emit_event", emitted)));
    }
}
