package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The simulation's own idea of which events policies were asked about, and what they wanted. */
final class WitnessedPolicies {

    private final Map<String, String> happened = new LinkedHashMap<>();
    private final Set<String> decided = new HashSet<>();

    /** Everything that is written, but for what comes from policies themselves. */
    void logged(Event event) {
        boolean theirOwn = event.type().startsWith("policy.") || event.source() == Event.Source.RULE;
        if (!theirOwn) {
            happened.put(event.id(), event.type());
        }
    }

    /** With the turn that they are about. */
    void decided(TurnResult result, WitnessedConversation story, int claimStep, Instant now) {
        PolicyPlan plan = result.plan();
        if (plan != null) {
            result.events().forEach(this::decided);
            plan(plan, story, claimStep, now);
        }
    }

    /** Outside of turns. */
    void decided(Event event, PolicyPlan wanted, WitnessedConversation story, int step, Instant now) {
        decided(event);
        OwnershipSignal ownership = wanted.ownership();
        boolean changes = ownership != null && story.person.heeds(ownership, now);
        plan(changes ? wanted : wanted.withoutHandover(), story, step, now);
        if (changes) {
            story.person.own(ownership);
        }
    }

    private void decided(Event event) {
        Witness.demand(decided.add(event.id()), "an event decided twice", event);
    }

    private static void plan(PolicyPlan plan, WitnessedConversation story, int step, Instant now) {
        plan.byFiring().forEach((firing, commands) -> {
            for (int i = 0; i < commands.size(); i++) {
                story.plan(firing + "-" + (i + 1), commands.get(i), step, now);
            }
        });
    }

    static ConversationId conversationOf(Event event) {
        ConversationId conversation = event.conversation();
        if (conversation == null) {
            throw new Witness.Violation("an event of no conversation");
        }
        return conversation;
    }

    /** When all is quiet. */
    void judge() {
        List<Map.Entry<String, String>> forgotten = happened.entrySet().stream()
                .filter(each -> !decided.contains(each.getKey()))
                .toList();
        Witness.demand(forgotten.isEmpty(), "policies were never asked about", forgotten);
    }
}
