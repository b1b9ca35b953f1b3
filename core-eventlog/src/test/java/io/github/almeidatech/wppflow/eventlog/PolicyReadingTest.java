package io.github.almeidatech.wppflow.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.PolicyProblem.Kind;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReadingTest {

    @Test
    void a_full_policy_is_read() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", "vip-price");
        document.put("version", 3);
        document.put("description", "Calls somebody for good customers");
        document.put("enabled", "shadow");
        document.put("event", "turn.*");
        document.put("entity", "turn");
        document.put("source", List.of("customer", "bot"));
        document.put("min_confidence", 0.6);
        document.put("priority", 10);
        document.put("when", Map.of("==", List.of(Map.of("var", "intent"), "price")));
        document.put(
                "then",
                List.of(
                        Map.of("send_message", Map.of("text", "Olá {{contact.name | cliente}}")),
                        Map.of("assign", Map.of("team_id", 3, "agent", 4)),
                        Map.of("labels", Map.of("add", List.of("vip"), "remove", "novo")),
                        Map.of("conversation_attributes", Map.of("stage", "price")),
                        Map.of("contact_attributes", Map.of("vip", true)),
                        Map.of("update_contact", Map.of("custom_fields", Map.of("pet", "{{pet}}"), "opted_out", false)),
                        Map.of("write_row", Map.of("table", "leads", "match", Map.of("phone", "{{contact.phone}}"))),
                        Map.of("call_webhook", Map.of("target", "crm", "payload", Map.of("a", List.of(1, "{{b}}")))),
                        Map.of("emit_event", Map.of("type", "lead.qualified", "payload", Map.of("x", 1))),
                        Map.of("hand_off", Map.of("label", "humano", "note", "n", "text", "t", "team", 9)),
                        Map.of("pause_bot", Map.of("for", "2h")),
                        Map.of(
                                "follow_up",
                                Map.of(
                                        "after",
                                        "1d",
                                        "text",
                                        "Tudo bem?",
                                        "unless_reply",
                                        false,
                                        "template",
                                        Map.of(
                                                "name",
                                                "retorno",
                                                "language",
                                                "pt_BR",
                                                "text",
                                                "Tudo bem?",
                                                "params",
                                                Map.of("body", Map.of("1", "{{contact.name}}")))))));

        Policy policy =
                PoliciesTest.valid(Map.of("policies", List.of(document))).all().get(0);

        assertThat(policy.id()).isEqualTo("vip-price");
        assertThat(policy.version()).isEqualTo(3);
        assertThat(policy.mode()).isEqualTo(PolicyMode.SHADOW);
        assertThat(policy.entity()).isEqualTo("turn");
        assertThat(policy.sources()).containsExactlyInAnyOrder(Event.Source.CUSTOMER, Event.Source.BOT);
        assertThat(policy.minConfidence()).isEqualTo(0.6);
        assertThat(policy.priority()).isEqualTo(10);
        assertThat(policy.actions())
                .extracting(PolicyAction::kind)
                .containsExactly(
                        "send_message",
                        "assign",
                        "labels",
                        "conversation_attributes",
                        "contact_attributes",
                        "update_contact",
                        "write_row",
                        "call_webhook",
                        "emit_event",
                        "hand_off",
                        "pause_bot",
                        "follow_up");
        assertThat(policy.actions())
                .contains(
                        new PolicyAction.Assign(4L, 3L),
                        new PolicyAction.ChangeLabels(List.of("vip"), List.of("novo")),
                        new PolicyAction.HandOff("humano", "n", "t", null, 9L),
                        new PolicyAction.PauseBot(Duration.ofHours(2)));
        var followUp = (PolicyAction.FollowUp) policy.actions().get(11);
        assertThat(followUp.after()).isEqualTo(Duration.ofDays(1));
        assertThat(followUp.unlessReply()).isFalse();
        assertThat(followUp.template()).isNotNull();
        assertThat(followUp.template().category()).isEqualTo("UTILITY");
    }

    @Test
    void the_first_systems_policy_and_execution_plan_are_read() {
        Map<String, Object> document = Map.of(
                "id",
                "lead",
                "event_type",
                "message.received",
                "enabled",
                true,
                "condition",
                Map.of(
                        "and",
                        List.of(
                                Map.of("==", List.of(Map.of("var", "intent"), "booking")),
                                Map.of(
                                        "or",
                                        List.of(
                                                Map.of(">=", List.of(Map.of("var", "confidence"), 0.8)),
                                                Map.of("<=", List.of(Map.of("var", "depth"), 1)))))),
                "execution_plan",
                Map.of(
                        "persist",
                        List.of(Map.of("table", "leads", "data", Map.of("phone", "{{contact.phone}}"))),
                        "labels",
                        Map.of("add", List.of("lead"), "remove", List.of("novo")),
                        "contact_attributes",
                        Map.of("lead", true),
                        "emit_events",
                        List.of("lead.created", Map.of("event_type", "lead.scored", "payload", Map.of("score", 1)))));

        Policy policy = PoliciesTest.valid(List.of(document)).all().get(0);

        assertThat(policy.actions())
                .containsExactly(
                        new PolicyAction.WriteRow("leads", Map.of(), Map.of("phone", "{{contact.phone}}")),
                        new PolicyAction.ChangeLabels(List.of("lead"), List.of("novo")),
                        new PolicyAction.SetContactAttributes(Map.of("lead", true)),
                        new PolicyAction.EmitEvent("lead.created", Map.of()),
                        new PolicyAction.EmitEvent("lead.scored", Map.of("score", 1)));
        assertThat(policy.condition().holds(Map.of("intent", "booking", "confidence", 0.8)))
                .isTrue();
        assertThat(policy.condition().holds(Map.of("intent", "booking", "confidence", 0.7, "depth", 2)))
                .isFalse();
    }

    @Test
    void an_execution_plan_may_say_messages_and_that_it_persists() {
        Map<String, Object> plan = Map.of("persist", true, "messages", List.of("Oi!", Map.of("content", "Tudo bem?")));

        Policy policy = PoliciesTest.valid(List.of(Map.of("id", "sync", "event", "*", "actions", plan)))
                .all()
                .get(0);

        assertThat(policy.actions())
                .containsExactly(new PolicyAction.SendMessage("Oi!"), new PolicyAction.SendMessage("Tudo bem?"));
    }

    @Test
    void a_row_of_a_table_may_give_everything_as_text() {
        Map<String, Object> row = Map.of(
                "id",
                17,
                "event",
                "*",
                "enabled",
                "true",
                "priority",
                "5",
                "min_confidence",
                "0.80",
                "version",
                "2",
                "then",
                List.of(Map.of("assign", Map.of("team_id", "3"))));

        Policy policy = PoliciesTest.valid(List.of(row)).all().get(0);

        assertThat(policy.id()).isEqualTo("17");
        assertThat(policy.mode()).isEqualTo(PolicyMode.ON);
        assertThat(policy.priority()).isEqualTo(5);
        assertThat(policy.version()).isEqualTo(2);
        assertThat(policy.minConfidence()).isEqualTo(0.8);
        assertThat(policy.actions()).containsExactly(new PolicyAction.Assign(null, 3L));
    }

    @Test
    void short_forms_are_read() {
        List<Map<String, Object>> then = new ArrayList<>(List.of(
                Map.of("send_message", "Oi"),
                Map.of("emit_event", "lead.new"),
                Map.of("call_webhook", "crm"),
                Map.of("pause_bot", "PT30M"),
                Map.of("hand_off", "Já chamo alguém")));
        then.add(Collections.singletonMap("hand_off", null));

        Policy policy = PoliciesTest.valid(List.of(Map.of("id", "a", "event", "*", "then", then)))
                .all()
                .get(0);

        assertThat(policy.actions())
                .containsExactly(
                        new PolicyAction.SendMessage("Oi"),
                        new PolicyAction.EmitEvent("lead.new", Map.of()),
                        new PolicyAction.CallWebhook("crm", Map.of()),
                        new PolicyAction.PauseBot(Duration.ofMinutes(30)),
                        new PolicyAction.HandOff(null, null, "Já chamo alguém", null, null),
                        new PolicyAction.HandOff(null, null, null, null, null));
    }

    @Test
    void every_mistake_is_named_at_once_with_its_place() {
        List<Object> then = List.of(
                Map.of("send_mesage", Map.of("text", "x")),
                Map.of("send_message", Map.of("text", "{{broken", "colour", "red")),
                Map.of("labels", Map.of()),
                Map.of("labels", Map.of("add", List.of("ok", 7))),
                Map.of("assign", Map.of("team_id", 0)),
                Map.of("write_row", Map.of("match", Map.of())),
                Map.of("emit_event", Map.of("type", "{{type}}")),
                Map.of("emit_event", Map.of("type", "policy.fired")),
                Map.of("pause_bot", Map.of("for", "soon")),
                Map.of("pause_bot", Map.of("for", "100d")),
                Map.of("follow_up", Map.of("after", "1h", "template", "x")),
                Map.of("conversation_attributes", Map.of()),
                Map.of("contact_attributes", "x"),
                "hand_off",
                Map.of("assign", List.of()));
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("id", "bad id!");
        first.put("version", 0);
        first.put("enabled", "maybe");
        first.put("event", "Turn..x");
        first.put("source", List.of("alien"));
        first.put("min_confidence", 1.5);
        first.put("priority", "high");
        first.put("colour", "red");
        first.put("when", Map.of("and", List.of(Map.of("matches", List.of(1)), Map.of("==", List.of(1)))));
        first.put("then", then);

        assertThat(problems(Arrays.asList(
                        first, "x", Map.of("id", "b"), Map.of("id", "b", "event", "*", "then", List.of()))))
                .containsExactlyInAnyOrder(
                        "policies[0].id syntax",
                        "policies[0].version out_of_range",
                        "policies[0].enabled out_of_range",
                        "policies[0].event syntax",
                        "policies[0].source out_of_range",
                        "policies[0].min_confidence out_of_range",
                        "policies[0].priority wrong_type",
                        "policies[0].colour unknown_key",
                        "policies[0].when.and[0].matches unknown_operator",
                        "policies[0].when.and[1].== syntax",
                        "policies[0].then[0].send_mesage unknown_action",
                        "policies[0].then[1].send_message.text syntax",
                        "policies[0].then[1].send_message.colour unknown_key",
                        "policies[0].then[2].labels.add missing",
                        "policies[0].then[3].labels.add[1] wrong_type",
                        "policies[0].then[4].assign.team_id wrong_type",
                        "policies[0].then[4].assign.team_id missing",
                        "policies[0].then[5].write_row.table missing",
                        "policies[0].then[5].write_row.fields missing",
                        "policies[0].then[6].emit_event.type syntax",
                        "policies[0].then[7].emit_event.type out_of_range",
                        "policies[0].then[8].pause_bot.for syntax",
                        "policies[0].then[9].pause_bot.for out_of_range",
                        "policies[0].then[10].follow_up.template wrong_type",
                        "policies[0].then[10].follow_up.text missing",
                        "policies[0].then[11].conversation_attributes missing",
                        "policies[0].then[12].contact_attributes wrong_type",
                        "policies[0].then[13] syntax",
                        "policies[0].then[14].assign wrong_type",
                        "policies[1] wrong_type",
                        "policies[2].event missing",
                        "policies[2].then missing",
                        "policies[3].then missing",
                        "policies[3].id duplicate");
    }

    @Test
    void no_policy_writes_what_operators_did() {
        var forged = Map.of("id", "a", "event", "*", "then", List.of(Map.of("emit_event", "operator.token_created")));

        assertThat(problems(List.of(forged))).containsExactly("policies[0].then[0].emit_event.type out_of_range");
    }

    @Test
    void problems_read_well() {
        PolicyReading reading =
                Policies.parse(List.of(Map.of("id", "a", "event", "*", "then", List.of(Map.of("x", 1)))));

        List<PolicyProblem> problems = reading.match(policies -> List.of(), found -> found);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.UNKNOWN_ACTION);
            assertThat(problem.toString())
                    .startsWith("policies[0].then[0].x: unknown action; known are assign, call_webhook,");
        });
    }

    @Test
    void what_is_no_list_of_policies_is_refused() {
        assertThat(problems("x")).containsExactly("policies wrong_type");
        assertThat(problems(Map.of())).containsExactly("policies missing");
        assertThat(problems(Map.of("policies", List.of(), "x", 1))).containsExactly("x unknown_key");
        assertThat(PoliciesTest.valid(null).all()).isEmpty();
        assertThat(PoliciesTest.valid(List.of()).all()).isEmpty();
    }

    @Test
    void two_spellings_of_one_key_are_one_too_many() {
        Map<String, Object> document = Map.of(
                "id",
                "a",
                "event",
                "*",
                "when",
                true,
                "condition",
                Map.of(),
                "then",
                List.of(Map.of("send_message", "x")));

        assertThat(problems(List.of(document))).containsExactly("policies[0].condition duplicate");
    }

    @Test
    void documents_have_bounds() {
        Map<String, Object> policy =
                Map.of("id", "a", "event", "*", "then", List.of(Map.of("send_message", "x".repeat(5000))));
        assertThat(problems(List.of(policy))).containsExactly("policies[0].then[0].send_message.text too_large");

        Object deep = Map.of("var", "x");
        for (int i = 0; i < 30; i++) {
            deep = Map.of("!", List.of(deep));
        }
        assertThat(problems(List.of(withCondition(deep))))
                .singleElement()
                .asString()
                .endsWith("too_large");

        Object wide = Map.of("or", Collections.nCopies(1000, true));
        assertThat(problems(List.of(withCondition(wide))))
                .singleElement()
                .asString()
                .endsWith("too_large");

        var many = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < 501; i++) {
            many.add(Map.of("id", "p" + i, "event", "*", "then", List.of(Map.of("send_message", "x"))));
        }
        assertThat(problems(many)).containsExactly("policies too_large");

        Map<String, Object> busy =
                Map.of("id", "a", "event", "*", "then", Collections.nCopies(31, Map.of("send_message", "x")));
        assertThat(problems(List.of(busy))).containsExactly("policies[0].then too_large");

        Object nested = "x";
        for (int i = 0; i < 10; i++) {
            nested = Map.of("k", nested);
        }
        Map<String, Object> payload = Map.of("emit_event", Map.of("type", "x", "payload", nested));
        assertThat(problems(List.of(Map.of("id", "a", "event", "*", "then", List.of(payload)))))
                .singleElement()
                .asString()
                .endsWith("too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"b\":2}", "var[]", "var{}", "var3"})
    void conditions_that_are_not_well_formed_are_refused(String which) {
        Object condition = switch (which) {
            case "var[]" -> Map.of("var", List.of());
            case "var{}" -> Map.of("var", Map.of("var", "x"));
            case "var3" -> Map.of("var", List.of("a", "b", "c"));
            default -> Map.of("a", 1, "b", 2);
        };

        assertThat(problems(List.of(withCondition(condition))))
                .singleElement()
                .asString()
                .endsWith("syntax");
    }

    private static List<String> problems(Object data) {
        return Policies.parse(data)
                .match(
                        policies -> List.of(),
                        problems -> problems.stream()
                                .map(problem ->
                                        problem.path() + " " + problem.kind().word())
                                .toList());
    }

    private static Map<String, Object> withCondition(Object condition) {
        return Map.of("id", "a", "event", "*", "when", condition, "then", List.of(Map.of("send_message", "x")));
    }

    private static Map<String, Object> policy(String id, String event, int priority) {
        return Map.of("id", id, "event", event, "priority", priority, "then", List.of(Map.of("send_message", "x")));
    }

    @Test
    void sources_are_written_in_any_case() {
        Map<String, Object> document = new LinkedHashMap<>(policy("a", "*", 0));
        document.put("sources", List.of("Rule", "SYSTEM"));

        assertThat(PoliciesTest.valid(List.of(document)).all().get(0).sources())
                .isEqualTo(Set.of(Event.Source.RULE, Event.Source.SYSTEM));
    }
}
