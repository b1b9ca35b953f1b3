package io.github.almeidatech.wppflow.eventlog;

import static io.github.almeidatech.wppflow.eventlog.Events.ANA;
import static io.github.almeidatech.wppflow.eventlog.Events.CONVERSATION;
import static io.github.almeidatech.wppflow.eventlog.Events.NOW;
import static io.github.almeidatech.wppflow.eventlog.Events.TENANT;
import static io.github.almeidatech.wppflow.eventlog.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.Firing.Outcome;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetContactAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetConversationAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the actions of policies come to. */
class PolicyActionsTest {

    private static final PolicyContext CONTEXT = new PolicyContext(
            Map.of("contact", Map.of("name", "Ana", "phone", "+5561900010001", "custom_fields", Map.of("pet", "Rex"))),
            7L,
            false,
            NOW);

    @Test
    void every_action_becomes_its_command() {
        PolicyPlan plan = decide(
                event("turn.completed", Map.of("intent", "price", "count", 2)),
                policy(
                        "a",
                        "*",
                        say("Oi"),
                        Map.of("assign", Map.of("team_id", 3)),
                        Map.of("labels", Map.of("add", List.of("i-{{intent}}", "{{missing}}", "i-price"))),
                        Map.of("conversation_attributes", Map.of("n", "{{count}}")),
                        Map.of("contact_attributes", Map.of("pet", "{{contact.custom_fields.pet}}")),
                        Map.of(
                                "update_contact",
                                Map.of("name", "{{contact.name}}", "custom_fields", Map.of("n", "{{count}}"))),
                        Map.of(
                                "write_row",
                                Map.of(
                                        "table",
                                        "leads",
                                        "match",
                                        Map.of("p", "{{contact.phone}}"),
                                        "fields",
                                        Map.of("n", 1))),
                        Map.of("call_webhook", Map.of("target", "crm", "payload", Map.of("n", "{{count}}"))),
                        Map.of("follow_up", Map.of("after", "2h", "text", "E aí, {{contact.name}}?"))));

        assertThat(plan.commands())
                .containsExactly(
                        new SendMessage("Oi", null, Purpose.ANSWER),
                        new Assign(null, 3L),
                        new ChangeLabels(List.of("i-price"), List.of()),
                        new SetConversationAttributes(Map.of("n", 2)),
                        new SetContactAttributes(7, Map.of("pet", "Rex")),
                        new UpdateContact(ANA, "Ana", null, Map.of("n", "2"), null),
                        new WriteRow("leads", Map.of("p", "+5561900010001"), Map.of("n", 1)),
                        new CallWebhook(
                                "crm",
                                Map.of(
                                        "policy",
                                        "a",
                                        "event_type",
                                        "turn.completed",
                                        "cause_id",
                                        plan.planned().get(0).firingId(),
                                        "depth",
                                        1,
                                        "data",
                                        Map.of("n", 2))),
                        new FollowUp(NOW.plus(Duration.ofHours(2)), "E aí, Ana?", null, true));
        assertThat(plan.ownership()).isNull();
        assertThat(plan.firings()).singleElement().satisfies(firing -> {
            assertThat(firing.outcome()).isEqualTo(Outcome.FIRED);
            assertThat(firing.skipped()).isEmpty();
            assertThat(firing.actions()).hasSize(9);
        });
    }

    @Test
    void a_follow_up_brings_its_template_along() {
        Map<String, Object> template = Map.of(
                "name",
                "retorno",
                "language",
                "pt_BR",
                "category",
                "MARKETING",
                "text",
                "Oi {{contact.name}}",
                "params",
                Map.of("body", Map.of("1", "{{contact.name}}")));

        PolicyPlan plan = decide(
                event("x", Map.of()),
                policy("a", "*", Map.of("follow_up", Map.of("after", "1d", "text", "Oi", "template", template))));

        assertThat(plan.commands())
                .containsExactly(new FollowUp(
                        NOW.plus(Duration.ofDays(1)),
                        "Oi",
                        new OutboundCommand.SendTemplate(
                                "retorno",
                                "pt_BR",
                                "MARKETING",
                                Map.of("body", Map.of("1", "Ana")),
                                "Oi Ana",
                                Purpose.ANSWER),
                        true));
    }

    @Test
    void handing_off_is_one_operation_in_order() {
        PolicyPlan plan = decide(
                event("x", Map.of()),
                policy(
                        "a",
                        "*",
                        Map.of(
                                "hand_off",
                                Map.of(
                                        "label",
                                        "humano",
                                        "note",
                                        "Olhar {{contact.name}}",
                                        "text",
                                        "Já vem alguém",
                                        "team_id",
                                        3))));

        assertThat(plan.commands())
                .containsExactly(
                        new ChangeLabels(List.of("humano"), List.of()),
                        new AddPrivateNote("Olhar Ana"),
                        new Assign(null, 3L),
                        new SetStatus(ConversationStatus.OPEN),
                        new SendMessage("Já vem alguém", null, Purpose.HANDOFF));
        assertThat(plan.ownership()).isEqualTo(new OwnershipSignal(Owner.HUMAN, NOW, null, "policy_handoff", false));
    }

    @Test
    void a_bare_handoff_names_its_policy() {
        Map<String, Object> described =
                new LinkedHashMap<>(policy("a", "*", Map.of("hand_off", Map.of("agent_id", 5))));
        described.put("description", "Clientes antigos");

        assertThat(decide(event("x", Map.of()), described).commands())
                .containsExactly(
                        new AddPrivateNote("🤖 Clientes antigos"),
                        new Assign(5L, null),
                        new SetStatus(ConversationStatus.OPEN));
        assertThat(decide(event("x", Map.of()), policy("a", "*", Map.of("hand_off", Map.of())))
                        .commands())
                .containsExactly(new AddPrivateNote("🤖 a"), new SetStatus(ConversationStatus.OPEN));
    }

    @Test
    void what_was_said_before_a_change_of_owner_still_goes_out() {
        PolicyPlan plan = decide(
                event("x", Map.of()), policy("a", "*", say("Um momento"), Map.of("pause_bot", Map.of("for", "2h"))));

        assertThat(plan.ownership())
                .isEqualTo(
                        new OwnershipSignal(Owner.PAUSED, NOW, NOW.plus(Duration.ofHours(2)), "policy_pause", false));
        assertThat(plan.commands()).containsExactly(new SendMessage("Um momento", null, Purpose.HANDOFF));
        List<OutboundCommand> answer = List.of(
                new SendMessage("A diária custa R$ 80", 4L, Purpose.ANSWER),
                new SendAttachment("https://example.org/a.pdf", "tabela", Purpose.ANSWER),
                new ChangeLabels(List.of("preco"), List.of()));
        assertThat(plan.answer(answer))
                .containsExactly(
                        new SendMessage("A diária custa R$ 80", 4L, Purpose.HANDOFF),
                        new SendAttachment("https://example.org/a.pdf", "tabela", Purpose.HANDOFF),
                        new ChangeLabels(List.of("preco"), List.of()));
    }

    @Test
    void without_a_change_of_owner_the_answer_stays_an_answer() {
        PolicyPlan plan = decide(event("x", Map.of()), policy("a", "*", say("Oi")));
        List<OutboundCommand> answer = List.of(new SendMessage("80", null, Purpose.ANSWER));

        assertThat(plan.answer(answer)).isEqualTo(answer);
        assertThat(plan.commands()).containsExactly(new SendMessage("Oi", null, Purpose.ANSWER));
    }

    @Test
    void what_policies_say_about_a_turn_that_hands_over_belongs_to_the_handover() {
        PolicyPlan plan = decide(
                event("x", Map.of()), policy("a", "*", say("Desculpe"), Map.of("pause_bot", Map.of("for", "2h"))));
        var handoff = new OwnershipSignal(Owner.HUMAN, NOW, null, "handoff", false);
        var back = new OwnershipSignal(Owner.PAUSED, NOW, null, "other_pause", false);

        PolicyPlan merged = plan.with(handoff);

        assertThat(merged.ownership()).isEqualTo(handoff);
        assertThat(merged.commands()).containsExactly(new SendMessage("Desculpe", null, Purpose.HANDOFF));
        assertThat(plan.with(back).ownership()).isEqualTo(plan.ownership());
        assertThat(plan.with(null)).isEqualTo(plan);
        assertThat(PolicyPlan.NOTHING.with(back).ownership()).isEqualTo(back);
    }

    @Test
    void the_cause_of_another_owner_is_the_policy_that_acted_and_whose_owner_it_is() {
        Map<String, Object> watched = new LinkedHashMap<>(policy("a", "x", Map.of("hand_off", Map.of())));
        watched.put("enabled", "shadow");
        Map<String, Object> pauses = policy("b", "x", Map.of("pause_bot", "1h"));
        Map<String, Object> calls = policy("c", "x", Map.of("hand_off", Map.of()));

        assertThat(policyBehind(decide(event("x", Map.of()), watched, pauses, calls)))
                .isEqualTo("c");
        assertThat(policyBehind(decide(event("x", Map.of()), watched, pauses))).isEqualTo("b");
        assertThat(decide(event("x", Map.of()), watched).ownershipCause()).isNull();
    }

    @Test
    void no_policy_is_the_cause_of_a_turns_own_handoff() {
        PolicyPlan plan = decide(event("x", Map.of()), policy("a", "x", Map.of("hand_off", Map.of())));
        var ofTurn = new OwnershipSignal(Owner.HUMAN, NOW, null, "handoff", false);

        assertThat(plan.with(ofTurn).ownershipCause()).isNull();
        assertThat(plan.with(plan.ownership()).ownershipCause()).isEqualTo(plan.ownershipCause());
    }

    private static Object policyBehind(PolicyPlan plan) {
        return plan.events().stream()
                .filter(event -> event.id().equals(plan.ownershipCause()))
                .map(event -> event.payload().get("policy"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_handoff_is_stronger_than_a_pause_and_the_first_pause_than_the_second() {
        Map<String, Object> pause = policy("a", "*", Map.of("pause_bot", "1h"));
        Map<String, Object> longer = policy("b", "*", Map.of("pause_bot", "5h"));
        Map<String, Object> handOff = policy("c", "*", Map.of("hand_off", Map.of()));

        assertThat(decide(event("x", Map.of()), pause, longer).ownership().until())
                .isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(decide(event("x", Map.of()), pause, longer, handOff)
                        .ownership()
                        .owner())
                .isEqualTo(Owner.HUMAN);
    }

    @Test
    void who_opted_out_hears_nothing() {
        var optedOut = new PolicyContext(Map.of(), null, true, NOW);
        var engine = new PolicyEngine(PoliciesTest.valid(List.of(policy(
                "a",
                "*",
                say("Oi"),
                Map.of("follow_up", Map.of("after", "1h", "text", "Oi")),
                Map.of("hand_off", Map.of("text", "Oi"))))));

        PolicyPlan plan = engine.decide(List.of(event("x", Map.of())), optedOut);

        assertThat(plan.commands()).noneMatch(OutboundCommand::speaksToCustomer);
        assertThat(plan.firings().get(0).skipped()).containsExactly("send_message: opted_out", "follow_up: opted_out");
        assertThat(plan.firings().get(0).actions()).containsExactly("hand_off");
    }

    @Test
    void what_cannot_be_planned_is_skipped_with_its_reason() {
        var nobody =
                new Event("e", TENANT, CONVERSATION, null, "x", 1, Map.of(), Event.Source.SYSTEM, null, null, 0, NOW);
        var engine = new PolicyEngine(PoliciesTest.valid(List.of(policy(
                "a",
                "*",
                say("{{missing}}"),
                Map.of("labels", Map.of("add", "{{missing}}")),
                Map.of("conversation_attributes", Map.of("a", "{{missing}}")),
                Map.of("contact_attributes", Map.of("a", 1)),
                Map.of("update_contact", Map.of("name", "x")),
                Map.of(
                        "write_row",
                        Map.of("table", "t", "match", Map.of("p", "{{missing}}"), "fields", Map.of("a", 1))),
                Map.of(
                        "write_row",
                        Map.of("table", "t", "match", Map.of("p", "{{missing | }}"), "fields", Map.of("a", 1))),
                Map.of("write_row", Map.of("table", "t", "fields", Map.of("a", "{{missing}}"))),
                Map.of("follow_up", Map.of("after", "1h", "text", "{{missing}}"))))));

        PolicyPlan plan = engine.decide(List.of(nobody), PolicyContext.at(NOW));

        assertThat(plan.commands()).isEmpty();
        assertThat(plan.firings().get(0).skipped())
                .containsExactly(
                        "send_message: empty",
                        "labels: empty",
                        "conversation_attributes: empty",
                        "contact_attributes: no_contact",
                        "update_contact: no_contact",
                        "write_row: match_missing",
                        "write_row: match_missing",
                        "write_row: empty",
                        "follow_up: empty");
        PolicyPlan known = engine.decide(List.of(event("x", Map.of())), new PolicyContext(Map.of(), 7L, false, NOW));
        assertThat(known.commands())
                .containsExactly(
                        new SetContactAttributes(7, Map.of("a", 1)), new UpdateContact(ANA, "x", null, Map.of(), null));
    }

    @Test
    void an_event_outside_of_conversations_can_only_emit() {
        var event = new Event("e", TENANT, null, null, "x", 1, Map.of(), Event.Source.SYSTEM, null, null, 0, NOW);

        PolicyPlan plan = new PolicyEngine(PoliciesTest.valid(
                        List.of(policy("a", "x", say("Oi"), Map.of("emit_event", "y"), Map.of("hand_off", Map.of())))))
                .decide(List.of(event), CONTEXT);

        assertThat(plan.commands()).isEmpty();
        assertThat(plan.ownership()).isNull();
        assertThat(plan.firings().get(0).actions()).containsExactly("emit_event");
        assertThat(plan.firings().get(0).skipped())
                .containsExactly("send_message: no_conversation", "hand_off: no_conversation");
    }

    @SafeVarargs
    private static PolicyPlan decide(Event event, Map<String, Object>... documents) {
        return new PolicyEngine(PoliciesTest.valid(List.of(documents))).decide(List.of(event), CONTEXT);
    }

    @SafeVarargs
    private static Map<String, Object> policy(String id, String event, Map<String, Object>... actions) {
        return Map.of("id", id, "event", event, "then", List.of(actions));
    }

    private static Map<String, Object> say(String text) {
        return Map.of("send_message", Map.of("text", text));
    }
}
