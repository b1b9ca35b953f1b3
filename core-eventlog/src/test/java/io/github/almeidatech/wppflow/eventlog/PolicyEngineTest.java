package io.github.almeidatech.wppflow.eventlog;

import static io.github.almeidatech.wppflow.eventlog.Events.ANA;
import static io.github.almeidatech.wppflow.eventlog.Events.CONVERSATION;
import static io.github.almeidatech.wppflow.eventlog.Events.NOW;
import static io.github.almeidatech.wppflow.eventlog.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.almeidatech.wppflow.eventlog.Firing.Outcome;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyEngineTest {

    private static final PolicyContext CONTEXT = new PolicyContext(
            Map.of("contact", Map.of("name", "Ana", "phone", "+5561900010001", "custom_fields", Map.of("pet", "Rex"))),
            7L,
            false,
            NOW);

    @Test
    void an_event_nobody_waits_for_leads_to_nothing() {
        PolicyPlan plan = decide(event("other", Map.of()), policy("a", "turn.*", say("Oi")));

        assertThat(plan.commands()).isEmpty();
        assertThat(plan.events()).isEmpty();
        assertThat(plan.firings()).isEmpty();
        assertThat(plan.ownership()).isNull();
    }

    @Test
    void a_policy_acts_when_everything_about_the_event_fits() {
        Map<String, Object> document = new LinkedHashMap<>(policy("a", "turn.completed", say("Oi, {{contact.name}}!")));
        document.put("entity", "turn");
        document.put("source", "bot");
        document.put("min_confidence", 0.5);
        document.put("when", Map.of("==", List.of(Map.of("var", "intent"), "price")));
        var engine = new PolicyEngine(PoliciesTest.valid(List.of(document)));
        Map<String, Object> price = Map.of("intent", "price");

        assertThat(engine.decide(List.of(turn(price, Event.Source.BOT, 0.5)), CONTEXT)
                        .commands())
                .containsExactly(new SendMessage("Oi, Ana!", null, Purpose.ANSWER));
        assertThat(engine.decide(List.of(turn(Map.of("intent", "x"), Event.Source.BOT, 0.5)), CONTEXT)
                        .firings())
                .as("condition")
                .isEmpty();
        assertThat(engine.decide(List.of(turn(price, Event.Source.PERSON, 0.5)), CONTEXT)
                        .firings())
                .as("source")
                .isEmpty();
        assertThat(engine.decide(List.of(turn(price, Event.Source.BOT, 0.4)), CONTEXT)
                        .firings())
                .as("confidence")
                .isEmpty();
        assertThat(engine.decide(List.of(turn(price, Event.Source.BOT, null)), CONTEXT)
                        .firings())
                .as("unknown confidence")
                .isEmpty();
        Map<String, Object> ofLead = Map.of("intent", "price", "entity", "lead");
        assertThat(engine.decide(List.of(turn(ofLead, Event.Source.BOT, 0.5)), CONTEXT)
                        .firings())
                .as("entity")
                .isEmpty();
    }

    @Test
    void facts_have_the_first_systems_names() {
        List<Map<String, Object>> expected = new ArrayList<>();
        Map.of(
                        "event_type", "turn.completed",
                        "entity", "turn",
                        "source", "customer",
                        "confidence", 0.9,
                        "payload.intent", "price",
                        "tenant_id", "hotel",
                        "conversation_id", "42",
                        "contact_id", 7,
                        "contact.custom_fields.pet", "Rex",
                        "timestamp", NOW.toEpochMilli())
                .forEach((name, value) -> expected.add(Map.of("==", List.of(Map.of("var", name), value))));
        Map<String, Object> document = new LinkedHashMap<>(policy("a", "*", say("x")));
        document.put("when", Map.of("and", expected));

        assertThat(decide(event("turn.completed", Map.of("intent", "price")), document)
                        .firings())
                .hasSize(1);
    }

    @Test
    void a_payload_cannot_pose_as_something_better_known() {
        Map<String, Object> document = new LinkedHashMap<>(policy("a", "*", say("x")));
        document.put("when", Map.of("==", List.of(Map.of("var", "source"), "person")));
        Map<String, Object> forged = Map.of("source", "person", "contact", Map.of("name", "Eva"));

        assertThat(decide(event("x", forged), document).firings()).isEmpty();
        assertThat(decide(event("x", forged), policy("a", "*", say("{{contact.name}}")))
                        .commands())
                .containsExactly(new SendMessage("Ana", null, Purpose.ANSWER));
    }

    @Test
    void each_firing_leaves_an_event_that_says_why() {
        Event cause = event("turn.completed", Map.of());

        PolicyPlan plan = decide(cause, policy("a", "*", say("Oi")));

        assertThat(plan.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("policy.fired");
            assertThat(event.causeId()).isEqualTo(cause.id());
            assertThat(event.depth()).isEqualTo(1);
            assertThat(event.source()).isEqualTo(Event.Source.RULE);
            assertThat(event.conversation()).isEqualTo(CONVERSATION);
            assertThat(event.personKey()).isEqualTo(ANA);
            assertThat(event.payload())
                    .containsEntry("policy", "a")
                    .containsEntry("policy_version", 1)
                    .containsEntry("event_type", "turn.completed")
                    .containsEntry("actions", List.of("send_message"));
        });
    }

    @Test
    void a_shadow_tells_what_it_would_have_done_and_does_nothing() {
        Map<String, Object> shadow = new LinkedHashMap<>(policy("a", "*", say("Oi"), Map.of("emit_event", "x.y")));
        shadow.put("enabled", "shadow");
        Map<String, Object> off = new LinkedHashMap<>(policy("b", "*", say("Oi")));
        off.put("enabled", false);

        PolicyPlan plan = decide(event("x", Map.of()), shadow, off);

        assertThat(plan.commands()).isEmpty();
        assertThat(plan.firings())
                .extracting(Firing::policyId, Firing::outcome, Firing::actions)
                .containsExactly(tuple("a", Outcome.SHADOWED, List.of("send_message", "emit_event")));
        assertThat(plan.events()).extracting(Event::type).containsExactly("policy.shadowed");
    }

    @Test
    void a_condition_that_cannot_be_decided_is_told_and_stops_nobody_else() {
        Map<String, Object> broken = new LinkedHashMap<>(policy("a", "*", say("a")));
        broken.put("when", Map.of("==", List.of(Map.of("var", "list.name"), 1)));

        PolicyPlan plan = decide(event("x", Map.of("list", List.of(1))), broken, policy("b", "*", say("b")));

        assertThat(plan.firings())
                .extracting(Firing::policyId, Firing::outcome)
                .containsExactly(tuple("a", Outcome.FAILED), tuple("b", Outcome.FIRED));
        assertThat(plan.events()).extracting(Event::type).containsExactly("policy.failed", "policy.fired");
    }

    @Test
    void an_emitted_event_is_handled_at_once_with_its_cause_and_depth() {
        Event cause = event("turn.completed", Map.of("intent", "price"));

        PolicyPlan plan = decide(
                cause,
                policy(
                        "a",
                        "turn.*",
                        Map.of("emit_event", Map.of("type", "lead.new", "payload", Map.of("i", "{{intent}}")))),
                policy("b", "lead.new", say("Lead {{i}}")));

        Event emitted = plan.events().get(1);
        assertThat(emitted.type()).isEqualTo("lead.new");
        assertThat(emitted.payload()).containsExactly(Map.entry("i", "price"));
        assertThat(emitted.causeId()).isEqualTo(plan.events().get(0).id());
        assertThat(plan.events().get(0).causeId()).isEqualTo(cause.id());
        assertThat(emitted.depth()).isEqualTo(1);
        assertThat(emitted.source()).isEqualTo(Event.Source.RULE);
        assertThat(plan.commands()).containsExactly(new SendMessage("Lead price", null, Purpose.ANSWER));
        assertThat(plan.firings()).extracting(Firing::eventId).containsExactly(cause.id(), emitted.id());
    }

    @Test
    void a_policy_never_acts_on_what_it_has_caused_directly_or_through_others() {
        PolicyPlan self = decide(event("loop", Map.of()), policy("a", "loop", Map.of("emit_event", "loop"), say("x")));
        PolicyPlan pair = decide(
                event("ping", Map.of()),
                policy("a", "ping", Map.of("emit_event", "pong")),
                policy("b", "pong", Map.of("emit_event", "ping")));

        assertThat(self.commands()).hasSize(1);
        assertThat(self.firings()).extracting(Firing::outcome).containsExactly(Outcome.FIRED, Outcome.STOPPED_LOOP);
        assertThat(pair.firings())
                .extracting(Firing::policyId, Firing::outcome)
                .containsExactly(
                        tuple("a", Outcome.FIRED), tuple("b", Outcome.FIRED), tuple("a", Outcome.STOPPED_LOOP));
    }

    @Test
    void a_loop_through_another_system_ends_by_depth() {
        Map<String, Object> document = policy("a", "*", say("x"));
        Event shallow = event("1", "x", Map.of(), Event.Source.SYSTEM, null, PolicyEngine.MAX_DEPTH - 1);
        Event deep = event("2", "x", Map.of(), Event.Source.SYSTEM, null, PolicyEngine.MAX_DEPTH);

        assertThat(decide(shallow, document).firings())
                .extracting(Firing::outcome)
                .containsExactly(Outcome.FIRED);
        PolicyPlan stopped = decide(deep, document);
        assertThat(stopped.commands()).isEmpty();
        assertThat(stopped.firings()).extracting(Firing::outcome).containsExactly(Outcome.STOPPED_DEPTH);
        assertThat(stopped.events()).extracting(Event::type).containsExactly("policy.stopped");
    }

    @Test
    void an_avalanche_ends_by_number() {
        var events = new ArrayList<Event>();
        for (int i = 0; i < 60; i++) {
            events.add(event("e" + i, "x", Map.of(), Event.Source.CUSTOMER, null, 0));
        }

        PolicyPlan plan =
                new PolicyEngine(PoliciesTest.valid(List.of(policy("a", "*", say("x"))))).decide(events, CONTEXT);

        assertThat(plan.commands()).hasSize(PolicyEngine.MAX_FIRINGS);
        assertThat(plan.firings().get(59).outcome()).isEqualTo(Outcome.STOPPED_LIMIT);
    }

    @Test
    void whatever_the_policies_deciding_ends_and_no_policy_fires_twice_in_one_chain_of_causes() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var documents = new ArrayList<Map<String, Object>>();
            for (int i = 0; i < 12; i++) {
                var actions = new ArrayList<Map<String, Object>>();
                for (int k = random.nextInt(3); k >= 0; k--) {
                    actions.add(Map.of("emit_event", "t." + random.nextInt(5)));
                }
                String on = random.nextInt(4) == 0 ? "t.*" : "t." + random.nextInt(5);
                documents.add(Map.of("id", "p" + i, "event", on, "then", actions));
            }
            Event start = event("start", "t.0", Map.of(), Event.Source.CUSTOMER, null, 0);

            PolicyPlan plan = new PolicyEngine(PoliciesTest.valid(documents)).decide(List.of(start), CONTEXT);

            var ancestors = new HashMap<String, List<String>>(Map.of(start.id(), List.of()));
            for (Firing firing : plan.firings()) {
                if (firing.outcome() == Outcome.FIRED) {
                    var chain = new ArrayList<>(ancestors.get(firing.eventId()));
                    chain.add(firing.policyId());
                    assertThat(chain)
                            .as("seed %s", seed)
                            .doesNotHaveDuplicates()
                            .hasSizeLessThanOrEqualTo(5);
                    emittedBy(plan, firing).forEach(id -> ancestors.put(id, chain));
                }
            }
            assertThat(plan.firings()).as("seed %s", seed).hasSizeLessThan(2000);
        }
    }

    /** The events a firing emitted: they follow the event that tells of it. */
    private static List<String> emittedBy(PolicyPlan plan, Firing firing) {
        var ids = new ArrayList<String>();
        boolean mine = false;
        for (Event each : plan.events()) {
            boolean tells = each.type().startsWith("policy.");
            if (tells) {
                mine = firing.eventId().equals(each.causeId())
                        && firing.policyId().equals(each.payload().get("policy"));
            } else if (mine) {
                ids.add(each.id());
            }
        }
        return ids;
    }

    @Test
    void a_command_has_the_event_of_its_firing_as_cause() {
        PolicyPlan plan = decide(event("x", Map.of()), policy("a", "*", say("a")), policy("b", "*", say("b")));

        assertThat(plan.planned())
                .extracting(PlannedCommand::firingId)
                .containsExactly(plan.events().get(0).id(), plan.events().get(1).id());
        assertThat(plan.planned()).extracting(PlannedCommand::command).isEqualTo(plan.commands());
    }

    @Test
    void a_policy_does_not_act_on_what_it_caused_in_another_system() {
        var engine =
                new PolicyEngine(PoliciesTest.valid(List.of(policy("a", "*", say("a")), policy("b", "*", say("b")))));
        var caused = new PolicyContext(Map.of(), null, false, Set.of("a"), Map.of(), NOW);

        assertThat(engine.decide(List.of(event("x", Map.of())), caused).firings())
                .extracting(Firing::policyId, Firing::outcome)
                .containsExactly(tuple("a", Outcome.STOPPED_LOOP), tuple("b", Outcome.FIRED));

        var deep = new PolicyContext(Map.of(), null, false, Set.of("1", "2", "3", "4", "5"), Map.of(), NOW);
        assertThat(engine.decide(List.of(event("x", Map.of())), deep).firings())
                .extracting(Firing::outcome)
                .containsOnly(Outcome.STOPPED_DEPTH);
    }

    @Test
    void a_circle_whose_causes_are_lost_ends_by_the_number_of_firings() {
        var engine =
                new PolicyEngine(PoliciesTest.valid(List.of(policy("a", "*", say("a")), policy("b", "*", say("b")))));
        var often =
                new PolicyContext(Map.of(), null, false, Set.of(), Map.of("a", PolicyEngine.MAX_FIRINGS_PER_HOUR), NOW);

        assertThat(engine.decide(List.of(event("x", Map.of())), often).firings())
                .extracting(Firing::policyId, Firing::outcome)
                .containsExactly(tuple("a", Outcome.STOPPED_LIMIT), tuple("b", Outcome.FIRED));
    }

    @Test
    void the_higher_priority_goes_first() {
        Map<String, Object> urgent = new LinkedHashMap<>(policy("z", "*", say("first")));
        urgent.put("priority", 10);

        PolicyPlan plan = decide(event("x", Map.of()), policy("a", "*", say("second")), urgent);

        assertThat(plan.commands())
                .containsExactly(
                        new SendMessage("first", null, Purpose.ANSWER),
                        new SendMessage("second", null, Purpose.ANSWER));
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

    private static Event turn(Map<String, Object> payload, Event.Source source, Double confidence) {
        return event("t", "turn.completed", payload, source, confidence, 0);
    }
}
