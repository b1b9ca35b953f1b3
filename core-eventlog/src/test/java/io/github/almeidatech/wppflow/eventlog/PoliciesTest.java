package io.github.almeidatech.wppflow.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
                .containsExactlyInAnyOrder(certain("a", "c"), certain("b", "c", "a"), certain("c"), certain("self"));
    }

    @Test
    void circles_through_what_actions_cause_are_found() {
        Policies policies = valid(List.of(
                Map.of("id", "calls", "event", "ownership.*", "then", List.of(Map.of("hand_off", Map.of()))),
                Map.of("id", "rests", "event", "lead.lost", "then", List.of(Map.of("pause_bot", "2h"))),
                emitting("lost", "ownership.changed", "lead.lost")));

        assertThat(policies.cycles()).containsExactlyInAnyOrder(possible("calls"), possible("lost", "rests"));
    }

    @ParameterizedTest
    @MethodSource("circlesOfOne")
    void an_action_that_causes_what_its_policy_waits_for_is_a_circle(String event, Map<String, Object> action) {
        assertThat(valid(List.of(Map.of("id", "own", "event", event, "then", List.of(action))))
                        .cycles())
                .containsExactly(possible("own"));
    }

    static Stream<Arguments> circlesOfOne() {
        return Stream.of(
                arguments("command.done", Map.of("labels", Map.of("add", List.of("a")))),
                arguments("command.done", Map.of("conversation_attributes", Map.of("a", 1))),
                arguments("command.done", Map.of("contact_attributes", Map.of("a", 1))),
                arguments("command.done", Map.of("follow_up", Map.of("after", "2h", "text", "Oi"))),
                arguments("command.dead_lettered", Map.of("call_webhook", "crm")),
                arguments("command.held_back", Map.of("send_message", "Oi")),
                arguments("message.failed", Map.of("send_message", "Oi")),
                arguments("message.failed", Map.of("hand_off", Map.of("text", "Já chamo alguém"))),
                arguments("message.*", Map.of("follow_up", Map.of("after", "2h", "text", "Oi"))),
                arguments("command.*", Map.of("write_row", Map.of("table", "t", "fields", Map.of("a", 1)))),
                arguments("conversation.observed", Map.of("assign", Map.of("agent_id", 3))),
                arguments("conversation.*", Map.of("hand_off", Map.of())),
                arguments("contact.opted_out", Map.of("update_contact", Map.of("opted_out", true))),
                arguments("contact.opted_in", Map.of("update_contact", Map.of("opted_out", false))));
    }

    @Test
    void an_action_that_causes_something_else_is_no_circle() {
        assertThat(valid(List.of(
                                Map.of(
                                        "id",
                                        "team",
                                        "event",
                                        "ownership.changed",
                                        "then",
                                        List.of(Map.of("assign", Map.of("team_id", 3)))),
                                Map.of(
                                        "id",
                                        "pauses",
                                        "event",
                                        "turn.completed",
                                        "then",
                                        List.of(Map.of("pause_bot", "2h"))),
                                Map.of(
                                        "id",
                                        "leaves",
                                        "event",
                                        "contact.opted_in",
                                        "then",
                                        List.of(Map.of("update_contact", Map.of("opted_out", true))))))
                        .cycles())
                .isEmpty();
    }

    @Test
    void a_policy_that_is_off_or_wants_another_source_closes_no_circle() {
        Map<String, Object> off = new LinkedHashMap<>(emitting("a", "x", "x"));
        off.put("enabled", false);
        Map<String, Object> customersOnly = new LinkedHashMap<>(emitting("b", "y", "y"));
        customersOnly.put("source", "customer");
        Map<String, Object> rules = new LinkedHashMap<>(emitting("c", "z", "z"));
        rules.put("source", List.of("rule"));

        assertThat(valid(List.of(off, customersOnly, rules)).cycles()).containsExactly(certain("c"));
    }

    @ParameterizedTest
    @MethodSource("conditionsOfACircle")
    void a_condition_decides_beforehand_whether_a_circle_closes_as_far_as_that_can_be_told(
            String expected, Map<String, Object> more) {
        Map<String, Object> own = new LinkedHashMap<>(Map.of("id", "own", "event", "lead.changed"));
        own.put(
                "then",
                List.of(Map.of(
                        "emit_event",
                        Map.of(
                                "type",
                                "lead.changed",
                                "payload",
                                Map.of("stage", "hot", "score", 7, "name", "{{contact.name}}")))));
        own.putAll(more);

        assertThat(valid(List.of(own)).cycles())
                .isEqualTo(
                        switch (expected) {
                            case "certain" -> List.of(certain("own"));
                            case "possible" -> List.of(possible("own"));
                            default -> List.of();
                        });
    }

    static Stream<Arguments> conditionsOfACircle() {
        Map<String, Object> hot = Map.of("==", List.of(Map.of("var", "payload.stage"), "hot"));
        Map<String, Object> cold = Map.of("==", List.of(Map.of("var", "payload.stage"), "cold"));
        Map<String, Object> named = Map.of("==", List.of(Map.of("var", "payload.name"), "Ana"));
        return Stream.of(
                arguments("certain", Map.of("when", hot)),
                arguments("none", Map.of("when", cold)),
                arguments("possible", Map.of("when", named)),
                arguments("none", Map.of("when", Map.of("and", List.of(named, cold)))),
                arguments("possible", Map.of("when", Map.of("and", List.of(named, hot)))),
                arguments("certain", Map.of("when", Map.of("or", List.of(named, hot)))),
                arguments("possible", Map.of("when", Map.of("or", List.of(cold, named)))),
                arguments("none", Map.of("when", Map.of("!", List.of(hot)))),
                arguments("certain", Map.of("when", Map.of("!!", List.of(hot)))),
                arguments("possible", Map.of("when", Map.of("!", List.of(named)))),
                arguments("certain", Map.of("when", Map.of(">", List.of(Map.of("var", "payload.score"), 5)))),
                arguments("none", Map.of("when", Map.of(">", List.of(Map.of("var", "payload.unwritten"), 5)))),
                arguments("certain", Map.of("when", Map.of("==", List.of(Map.of("var", "source"), "rule")))),
                arguments("none", Map.of("when", Map.of("==", List.of(Map.of("var", "event_type"), "lead.lost")))),
                arguments("possible", Map.of("when", Map.of("==", List.of(Map.of("var", "opted_out"), false)))),
                arguments("possible", Map.of("when", Map.of("==", List.of(Map.of("var", "payload"), "x")))),
                arguments("possible", Map.of("when", Map.of("!", List.of(Map.of("missing", List.of("stage")))))),
                arguments("certain", Map.of("entity", "lead")),
                arguments("none", Map.of("entity", "order")),
                arguments("possible", Map.of("min_confidence", 0.5)));
    }

    @Test
    void what_an_event_is_about_counts_as_far_as_it_is_known() {
        Map<String, Object> told = about("told", "{{contact.name}}");
        Map<String, Object> other = about("other", "order");

        assertThat(valid(List.of(told)).cycles()).containsExactly(possible("told"));
        assertThat(valid(List.of(other)).cycles()).isEmpty();
        assertThat(valid(List.of(Map.of(
                                "id",
                                "sure",
                                "event",
                                "command.done",
                                "min_confidence",
                                0.1,
                                "then",
                                List.of(Map.of("send_message", "Oi")))))
                        .cycles())
                .as("what the store says has no confidence")
                .isEmpty();
    }

    private static Map<String, Object> about(String id, String entity) {
        return Map.of(
                "id",
                id,
                "event",
                "lead.changed",
                "entity",
                "lead",
                "then",
                List.of(Map.of("emit_event", Map.of("type", "lead.changed", "payload", Map.of("entity", entity)))));
    }

    @Test
    void a_circle_says_for_people_how_sure_it_is() {
        assertThat(certain("a", "b")).hasToString("a circle: a → b → a (ends after one round; a mistake)");
        assertThat(possible("a"))
                .hasToString("a possible circle: a → a (closes only if conditions and events allow it)");
    }

    @Test
    void a_circle_through_policies_in_shadow_is_told_apart() {
        Map<String, Object> watched = in("shadow", emitting("c", "y.two", "y.one"));
        Policies policies = valid(List.of(
                emitting("a", "x.one", "x.two"),
                in("shadow", emitting("b", "x.two", "x.one")),
                emitting("self", "loop", "loop"),
                watched,
                emitting("d", "y.one", "y.two"),
                in("off", emitting("e", "z", "z"))));

        PolicyCycle shadowed = new PolicyCycle(List.of("a", "b"), true, true);
        assertThat(policies.cycles())
                .containsExactlyInAnyOrder(shadowed, certain("self"), new PolicyCycle(List.of("c", "d"), true, true));
        assertThat(policies.shadowsOn().cycles())
                .containsExactlyInAnyOrder(certain("a", "b"), certain("self"), certain("c", "d"));
        assertThat(shadowed).hasToString("a circle once all of it is on: a → b → a (ends after one round; a mistake)");
    }

    @Test
    void a_possible_circle_that_goes_round_already_does_not_hide_a_certain_one_in_shadow_nor_the_other_way_round() {
        Map<String, Object> alerts = Map.of(
                "id",
                "alerts",
                "event",
                "*",
                "then",
                List.of(Map.of("call_webhook", Map.of("target", "crm", "payload", Map.of()))));

        List<PolicyCycle> cycles =
                valid(List.of(alerts, in("shadow", emitting("w", "w", "w")))).cycles();

        assertThat(cycles).contains(possible("alerts"), new PolicyCycle(List.of("w"), true, true));
    }

    @Test
    void a_certain_circle_through_a_shadow_that_has_a_shorter_one_is_told_beside_the_possible_one() {
        Map<String, Object> first = Map.of(
                "id",
                "first",
                "event",
                "one",
                "then",
                List.of(Map.of("emit_event", "two"), Map.of("emit_event", "maybe")));
        Map<String, Object> maybe = Map.of(
                "id",
                "maybe",
                "event",
                "maybe",
                "when",
                Map.of("==", List.of(Map.of("var", "contact.name"), "Ana")),
                "then",
                List.of(Map.of("emit_event", "one")));
        Map<String, Object> shadow = Map.of(
                "id",
                "shadow",
                "enabled",
                "shadow",
                "event",
                "two",
                "then",
                List.of(Map.of("emit_event", "two"), Map.of("emit_event", "one")));

        assertThat(valid(List.of(first, maybe, shadow)).cycles())
                .containsExactlyInAnyOrder(
                        possible("first", "maybe"),
                        new PolicyCycle(List.of("first", "shadow"), true, true),
                        new PolicyCycle(List.of("shadow"), true, true));
    }

    private static Map<String, Object> in(String mode, Map<String, Object> policy) {
        var changed = new HashMap<>(policy);
        changed.put("enabled", mode);
        return changed;
    }

    static PolicyCycle certain(String... policies) {
        return new PolicyCycle(List.of(policies), true, false);
    }

    private static PolicyCycle possible(String... policies) {
        return new PolicyCycle(List.of(policies), false, false);
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
