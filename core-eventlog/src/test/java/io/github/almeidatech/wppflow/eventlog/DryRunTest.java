package io.github.almeidatech.wppflow.eventlog;

import static io.github.almeidatech.wppflow.eventlog.Events.NOW;
import static io.github.almeidatech.wppflow.eventlog.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DryRunTest {

    private static final Map<String, Object> SAY = Map.of("send_message", "Oi {{name | cliente}}");

    @Test
    void a_rehearsal_counts_what_would_have_happened() {
        Map<String, Object> shadow =
                new LinkedHashMap<>(policy("prices", "price", SAY, Map.of("labels", Map.of("add", "p"))));
        shadow.put("enabled", "shadow");
        Map<String, Object> broken = new LinkedHashMap<>(policy("broken", "x", SAY));
        broken.put("when", Map.of("==", List.of(Map.of("var", "list.name"), 1)));
        Map<String, Object> loop =
                policy("loop", "x", Map.of("emit_event", "x"), Map.of("contact_attributes", Map.of("a", 1)));
        Policies policies = PoliciesTest.valid(List.of(shadow, broken, loop, policy("never", "never", SAY)));

        DryRunReport report = DryRun.of(policies)
                .over(Stream.of(
                        original("1", "price"),
                        original("2", "price"),
                        event("3", "x", Map.of("list", List.of(1)), Event.Source.CUSTOMER, null, 0),
                        original("4", "other")));

        assertThat(report.events()).isEqualTo(4);
        assertThat(report.matched()).isEqualTo(3);
        assertThat(report.policies()).containsOnlyKeys("broken", "loop", "never", "prices");
        assertThat(report.policies().get("prices"))
                .isEqualTo(new DryRunReport.PolicyTally(
                        2, 0, 0, Map.of("send_message", 2L, "labels", 2L), Map.of(), List.of("1", "2")));
        assertThat(report.policies().get("never").fired()).isZero();
        assertThat(report.policies().get("broken").failed()).isEqualTo(1);
        assertThat(report.policies().get("loop").stopped()).isEqualTo(1);
        assertThat(report.policies().get("loop").skipped()).containsEntry("contact_attributes: no_contact", 1L);
        assertThat(report.cycles()).containsExactly(PoliciesTest.certain("loop"));
        assertThat(report.differing()).isZero();
    }

    @Test
    void what_policies_had_emitted_at_the_time_is_passed_over() {
        Policies policies = PoliciesTest.valid(List.of(policy("a", "*", SAY)));

        DryRunReport report = DryRun.of(policies)
                .over(Stream.of(
                        event("1", "lead.new", Map.of(), Event.Source.RULE, null, 1),
                        event("2", "policy.fired", Map.of(), Event.Source.RULE, null, 1),
                        event("3", "schedule.due", Map.of(), Event.Source.RULE, null, 0)));

        assertThat(report.events()).isEqualTo(1);
        assertThat(report.policies().get("a").sampleEvents()).containsExactly("3");
    }

    @Test
    void an_opt_out_by_a_policy_is_not_passed_over_as_no_rehearsal_carries_it_out_again() {
        Policies policies = PoliciesTest.valid(List.of(policy("a", "contact.*", SAY)));

        DryRunReport report = DryRun.of(policies)
                .over(Stream.of(
                        event("1", "contact.opted_out", Map.of("by", "policy"), Event.Source.RULE, null, 2),
                        event("2", "contact.opted_in", Map.of("by", "policy"), Event.Source.RULE, null, 2),
                        event("3", "contact.opted_out", Map.of(), Event.Source.RULE, null, 1)));

        assertThat(report.policies().get("a").sampleEvents())
                .as("the last one is of an emit_event")
                .containsExactly("1", "2");
    }

    @Test
    void differences_to_other_policies_are_listed() {
        Policies present = PoliciesTest.valid(List.of(
                policy("same", "*", Map.of("labels", Map.of("add", "x"))),
                policy("text", "a", Map.of("send_message", "Oi")),
                policy("gone", "b", SAY),
                policy("emits", "d", Map.of("emit_event", Map.of("type", "z", "payload", Map.of("n", 1)))),
                policy("owner", "e", Map.of("pause_bot", "1h"))));
        Policies proposed = PoliciesTest.valid(List.of(
                policy("same", "*", Map.of("labels", Map.of("add", "x"))),
                policy("text", "a", Map.of("send_message", "Olá")),
                policy("emits", "d", Map.of("emit_event", Map.of("type", "z", "payload", Map.of("n", 2)))),
                policy("owner", "e", Map.of("pause_bot", "2h"))));

        DryRunReport report = DryRun.of(proposed)
                .against(present)
                .over(Stream.of(
                        original("1", "a"),
                        original("2", "b"),
                        original("3", "c"),
                        original("4", "d"),
                        original("5", "e")));

        assertThat(report.differing()).isEqualTo(4);
        assertThat(report.differences())
                .extracting(DryRunReport.Difference::eventId)
                .containsExactly("1", "2", "4", "5");
        assertThat(report.differences().get(1))
                .isEqualTo(new DryRunReport.Difference(
                        "2", "b", List.of("gone: send_message", "same: labels"), List.of("same: labels")));
    }

    @Test
    void the_same_policies_differ_nowhere() {
        Policies policies = PoliciesTest.valid(List.of(
                policy("a", "*", SAY, Map.of("emit_event", "b")), policy("c", "b", Map.of("hand_off", Map.of()))));

        DryRunReport report =
                DryRun.of(policies).against(policies).over(Stream.of(original("1", "x"), original("2", "y")));

        assertThat(report.differing()).isZero();
        assertThat(report.policies().get("c").fired()).isEqualTo(2);
    }

    @Test
    void more_may_be_known_of_each_event() {
        Policies policies = PoliciesTest.valid(List.of(policy("a", "*", Map.of("contact_attributes", Map.of("x", 1)))));

        DryRunReport report = DryRun.of(policies)
                .knowing(event -> new PolicyContext(Map.of(), 7L, false, NOW))
                .over(Stream.of(original("1", "x")));

        assertThat(report.policies().get("a").actions()).containsExactly(Map.entry("contact_attributes", 1L));
    }

    @Test
    void what_leaves_the_shadow_is_a_difference_and_what_stays_in_it_is_none() {
        Policies present = PoliciesTest.valid(List.of(inShadow("stays"), inShadow("comes")));
        Policies proposed = PoliciesTest.valid(List.of(inShadow("stays"), policy("comes", "comes", SAY)));

        DryRunReport report =
                DryRun.of(proposed).against(present).over(Stream.of(original("1", "stays"), original("2", "comes")));

        assertThat(report.policies().get("stays").fired()).isEqualTo(1);
        assertThat(report.differences())
                .containsExactly(new DryRunReport.Difference("2", "comes", List.of(), List.of("comes: send_message")));
    }

    private static Map<String, Object> inShadow(String id) {
        return Map.of("id", id, "event", id, "enabled", "shadow", "then", List.of(SAY));
    }

    @Test
    void a_long_history_leaves_only_samples_and_is_closed() {
        var closed = new AtomicBoolean();
        var events = new ArrayList<Event>();
        for (int i = 0; i < 1000; i++) {
            events.add(original("e" + i, "x"));
        }

        DryRunReport report = DryRun.of(PoliciesTest.valid(List.of(policy("a", "*", SAY))))
                .against(Policies.NONE)
                .over(events.stream().onClose(() -> closed.set(true)));

        assertThat(report.policies().get("a").fired()).isEqualTo(1000);
        assertThat(report.policies().get("a").sampleEvents()).hasSize(20);
        assertThat(report.differing()).isEqualTo(1000);
        assertThat(report.differences()).hasSize(200);
        assertThat(closed).isTrue();
    }

    private static Event original(String id, String type) {
        return event(id, type, Map.of(), Event.Source.CUSTOMER, null, 0);
    }

    @SafeVarargs
    private static Map<String, Object> policy(String id, String event, Map<String, Object>... actions) {
        return Map.of("id", id, "event", event, "then", List.of(actions));
    }
}
