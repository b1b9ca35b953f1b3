package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.eventlog.FiringHistory;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyContext;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Real policies, some of a list that has everything in it that could go wrong; asking about them fails now and then. */
final class SimulatedPolicies implements EventPolicies {

    private static final List<Map<String, Object>> ALL = List.of(
            policy(
                    "thanks",
                    "turn.completed",
                    Map.of("labels", add("answered {{event_id}}")),
                    say("thanks {{event_id}}")),
            policy("unhappy", "turn.completed", Map.of("hand_off", Map.of("text", "a person {{event_id}}"))),
            policy("pause", "turn.completed", Map.of("pause_bot", "30s"), say("a break {{event_id}}")),
            policy("owner", "ownership.changed", say("owner {{event_id}}"), Map.of("emit_event", "owner.noted")),
            policy("noted", "owner.noted", Map.of("labels", add("noted {{event_id}}"))),
            policy(
                    "missed",
                    "turn.silenced",
                    Map.of("follow_up", Map.of("after", "30s", "text", "later {{event_id}}"))),
            policy(
                    "written",
                    "customer.wrote",
                    Map.of("write_row", Map.of("table", "t", "fields", Map.of("e", "{{event_id}}")))),
            policy("called", "customer.wrote", Map.of("hand_off", Map.of("text", "called {{event_id}}"))),
            policy("echo", "command.done", Map.of("labels", add("echo {{event_id}}"))),
            policy("alarm", "command.dead_lettered", Map.of("call_webhook", Map.of("target", "alarm"))),
            policy("shout", "command.held_back", say("again {{event_id}}")));

    double trouble;
    private final Random random;
    private final Map<String, Integer> hits;
    private final PolicyEngine engine;
    private final FiringHistory history;
    private final boolean forgetsCauses;

    SimulatedPolicies(Random random, EventLog log, Map<String, Integer> hits, Fault fault) {
        this.random = random;
        this.hits = hits;
        history = new FiringHistory(log);
        forgetsCauses = fault == Fault.FORGETS_CAUSES;
        var chosen = new ArrayList<Map<String, Object>>();
        int share = random.nextInt(4);
        ALL.stream().filter(each -> random.nextInt(4) < share).forEach(chosen::add);
        engine = new PolicyEngine(Policies.parse(chosen).match(policies -> policies, problems -> {
            throw new IllegalStateException(problems.toString());
        }));
    }

    private static Map<String, Object> policy(String id, String event, Object... actions) {
        return Map.of("id", id, "event", event, "then", List.of(actions));
    }

    private static Map<String, Object> say(String text) {
        return Map.of("send_message", text);
    }

    private static Map<String, Object> add(String label) {
        return Map.of("add", List.of(label));
    }

    @Override
    public PolicyPlan decide(List<Event> events, Instant now) {
        if (random.nextDouble() < trouble) {
            throw new BrokenOffException("contacts cannot be read");
        }
        Set<String> causedBy = forgetsCauses ? Set.of() : history.behind(events.get(0));
        PolicyPlan plan = engine.decide(events, new PolicyContext(Map.of(), 5L, false, causedBy, Map.of(), now));
        for (Firing firing : plan.firings()) {
            hits.merge("policy: " + firing.outcome().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
        }
        return plan;
    }
}
