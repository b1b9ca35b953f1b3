package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PlannedCommand;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores that deal wrongly with what policies want. */
final class PlantedPolicyFaults {

    private PlantedPolicyFaults() {}

    /** Moves the cursor first, and then crashes. */
    static final class ForgetsPlans extends ForwardingStore {
        ForgetsPlans(FlowStore inner) {
            super(inner);
        }

        @Override
        public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
            return inner.decide(
                    batch, plans.stream().map(plan -> PolicyPlan.NOTHING).toList(), now);
        }
    }

    /** A late process counts, too. */
    static final class IgnoresTheCursor extends ForwardingStore {
        IgnoresTheCursor(FlowStore inner) {
            super(inner);
        }

        @Override
        public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
            return inner.decide(batch, plans, now) || !batch.events().isEmpty();
        }
    }

    /** A turn's events come to the line although its policies have spoken. */
    static final class DecidesAgain extends ForwardingStore {

        private final Map<TenantId, List<Event>> again = new HashMap<>();

        DecidesAgain(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            TurnCompletion completion = inner.completeTurn(turn, result, maxSupersedes, now, next);
            if (completion.outcome() == TurnOutcome.COMPLETED && result.plan() != null) {
                again.computeIfAbsent(turn.conversation().tenant(), key -> new ArrayList<>())
                        .addAll(result.events());
            }
            return completion;
        }

        @Override
        public List<Undecided> undecided(int max) {
            return inner.undecided(max).stream().map(this::withTurns).toList();
        }

        private Undecided withTurns(Undecided batch) {
            var events = new ArrayList<>(batch.events());
            events.addAll(again.getOrDefault(batch.tenant(), List.of()));
            return new Undecided(batch.tenant(), batch.after(), batch.upTo(), events);
        }

        @Override
        public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
            boolean stored = inner.decide(batch, plans, now);
            if (stored) {
                again.remove(batch.tenant());
            }
            return stored;
        }
    }

    /** What policies say goes out as a handover, whoever has the conversation. */
    static final class TakesFromPeople extends ForwardingStore {
        TakesFromPeople(FlowStore inner) {
            super(inner);
        }

        @Override
        public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
            var changed = new ArrayList<PolicyPlan>();
            for (int i = 0; i < plans.size(); i++) {
                ConversationId conversation = batch.events().get(i).conversation();
                boolean aPersons = conversation != null && inner.ownerOf(conversation, now) == Owner.HUMAN;
                changed.add(aPersons ? freed(plans.get(i), conversation, now) : plans.get(i));
            }
            return inner.decide(batch, changed, now);
        }

        private PolicyPlan freed(PolicyPlan plan, ConversationId conversation, Instant now) {
            if (plan.commands().stream().anyMatch(SendMessage.class::isInstance)) {
                var back = new OwnershipSignal(Owner.BOT, now, null, "policy", false);
                inner.accept(
                        new InboundEvent(conversation, "x", List.of(), null, back, false, null, List.of(), new byte[0]),
                        TurnTiming.DEFAULT,
                        now);
            }
            return new PolicyPlan(
                    plan.planned().stream()
                            .map(each -> new PlannedCommand(each.firingId(), handedOver(each)))
                            .toList(),
                    plan.events(),
                    plan.ownership(),
                    plan.firings());
        }

        private static io.github.almeidatech.wppflow.model.OutboundCommand handedOver(PlannedCommand planned) {
            return planned.command() instanceof SendMessage message
                    ? new SendMessage(message.text(), null, Purpose.HANDOFF)
                    : planned.command();
        }
    }
}
