package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.eventlog.PlannedCommand;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.Undecided;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** That policies are asked about every event once, and what they want is stored with it or not at all. */
abstract class FlowStorePolicyRules extends FlowStoreLineRules {

    @Test
    void what_happens_is_undecided_in_the_order_of_the_log_until_it_is_decided() {
        Event first = note(CONVERSATION, "first", at(0));
        Event second = note(CONVERSATION, "second", at(0));
        store.accept(signal(CONVERSATION, owns(Owner.BOT, at(0)), first, second), AT_ONCE, at(0));

        Undecided batch = only(store.undecided(10));

        assertThat(batch.tenant()).isEqualTo(TENANT);
        assertThat(batch.events()).containsExactly(first, second);
        assertThat(only(store.undecided(10))).as("looking decides nothing").isEqualTo(batch);
        assertThat(only(store.undecided(1)).events()).containsExactly(first);
        assertThat(decideNothing(batch)).isTrue();
        assertThat(store.undecided(10)).isEmpty();
    }

    @Test
    void events_are_decided_once() {
        store.accept(signal(CONVERSATION, owns(Owner.BOT, at(0)), note(CONVERSATION, "x", at(0))), AT_ONCE, at(0));
        Undecided batch = only(store.undecided(10));
        PolicyPlan plan = plan(batch.events().get(0), null, say("once"));
        assertThat(store.decide(batch, List.of(plan), at(1))).isTrue();

        boolean again = store.decide(batch, List.of(plan), at(2));

        assertThat(again).isFalse();
        assertThat(log("policy.fired")).hasSize(1);
        assertThat(store.stateOf(CONVERSATION).commands()).hasSize(1);
    }

    @Test
    void what_is_decided_in_part_goes_on_behind_it_after_a_restart() {
        Event first = note(CONVERSATION, "first", at(0));
        Event second = note(CONVERSATION, "second", at(0));
        store.accept(signal(CONVERSATION, owns(Owner.BOT, at(0)), first, second), AT_ONCE, at(0));
        decideNothing(only(store.undecided(1)));

        restart();

        assertThat(only(store.undecided(10)).events()).containsExactly(second);
    }

    @Test
    void tenants_are_decided_apart() {
        var other = new ConversationId(OTHER, 7, 1);
        store.accept(signal(CONVERSATION, owns(Owner.BOT, at(0)), note(CONVERSATION, "x", at(0))), AT_ONCE, at(0));
        store.accept(signal(other, owns(Owner.BOT, at(0)), note(other, "y", at(0))), AT_ONCE, at(0));

        List<Undecided> both = store.undecided(10);
        assertThat(both).extracting(Undecided::tenant).containsExactlyInAnyOrder(TENANT, OTHER);
        decideNothing(both.stream()
                .filter(each -> each.tenant().equals(TENANT))
                .findFirst()
                .orElseThrow());

        assertThat(only(store.undecided(10)).tenant()).isEqualTo(OTHER);
    }

    @Test
    void what_policies_want_waits_behind_all_other_commands_with_the_firing_as_its_cause() {
        answered(11, 0, say("answer"));
        Undecided batch = write("x");
        PolicyPlan plan = plan(batch.events().get(0), null, label("vip"), say("bye"));

        store.decide(batch, List.of(plan), at(1));

        assertThat(store.stateOf(CONVERSATION).commands())
                .extracting(each -> each.command())
                .containsExactly(say("answer"), label("vip"), say("bye"));
        done(command(1), 1);
        CommandAttempt labels = command(1);
        assertThat(labels.turnId()).isEqualTo(plan.events().get(0).id());
        assertThat(labels.key()).isEqualTo(labels.turnId() + "-1");
        done(labels, 1);
        CommandAttempt bye = command(2);
        assertThat(bye.key()).isEqualTo(bye.turnId() + "-2");
        done(bye, 2);
        assertThat(log("command.done").get(2).causeId())
                .isEqualTo(plan.events().get(0).id());
    }

    @Test
    void what_policies_write_is_not_shown_to_them_again_but_what_comes_of_it_is() {
        Undecided batch = write("x");
        PolicyPlan plan = plan(batch.events().get(0), callsAPerson(), label("vip"));

        store.decide(batch, List.of(plan), at(1));

        assertThat(only(store.undecided(10)).events()).extracting(Event::type).containsExactly("ownership.changed");
        assertThat(logTypes()).containsExactly("x", "policy.fired", "ownership.changed");
        assertThat(log("ownership.changed").get(0).causeId())
                .isEqualTo(plan.events().get(0).id());
        done(command(2), 2);
        assertThat(only(store.undecided(10)).events())
                .extracting(Event::type)
                .containsExactly("ownership.changed", "command.done");
    }

    @Test
    void policies_do_not_take_a_conversation_from_a_person() {
        signal(spoke(at(0)), 0);
        Undecided batch = write("x");

        store.decide(batch, List.of(plan(batch.events().get(0), pauses(59), say("hello"))), at(1));

        assertThat(store.ownerOf(CONVERSATION, at(100))).isEqualTo(Owner.HUMAN);
        assertThat(commands(2)).isEmpty();
        assertThat(log("command.held_back")).hasSize(1);
    }

    @Test
    void policies_say_nothing_where_a_person_has_told_the_bot_to_be_silent() {
        silencedPoliciesKeepSilent(null);
    }

    @Test
    void policies_say_nothing_either_where_a_person_has_told_the_bot_to_be_silent_for_a_time() {
        silencedPoliciesKeepSilent(at(7200));
    }

    private void silencedPoliciesKeepSilent(@Nullable Instant end) {
        signal(new OwnershipSignal(Owner.PAUSED, at(0), end, "bot_off_command", false), 0);
        Undecided batch = write("x");

        store.decide(
                batch, List.of(plan(batch.events().get(0), callsAPerson(), label("vip"), sayHandoff("bye"))), at(1));

        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.PAUSED);
        done(command(2), 2);
        assertThat(commands(3)).isEmpty();
        assertThat(log("command.done")).as("the label").hasSize(1);
        assertThat(only(log("command.held_back")).payload())
                .containsEntry("command", "send_message")
                .containsEntry("reason", "bot_off_command");
    }

    @Test
    void a_pause_that_cannot_be_lets_policies_say_nothing_in_a_resolved_conversation() {
        signal(owns(Owner.CLOSED, at(0)), 0);
        Undecided batch = write("x");

        store.decide(batch, List.of(plan(batch.events().get(0), pauses(3600), say("how was it?"))), at(1));

        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.CLOSED);
        assertThat(commands(2)).isEmpty();
        assertThat(only(log("command.held_back")).payload()).containsEntry("reason", "closed_sign");
    }

    @Test
    void a_policy_that_calls_a_person_into_a_resolved_conversation_says_so() {
        signal(owns(Owner.CLOSED, at(0)), 0);
        Undecided batch = write("x");

        store.decide(batch, List.of(plan(batch.events().get(0), callsAPerson(), sayHandoff("hello"))), at(1));

        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.HUMAN);
        assertThat(command(2).command()).isEqualTo(sayHandoff("hello"));
    }

    @Test
    void a_policy_that_calls_a_person_in_a_pause_of_another_one_says_so() {
        Undecided first = write("x");
        store.decide(first, List.of(plan(first.events().get(0), pauses(3600))), at(1));
        Undecided second = write("y");

        store.decide(second, List.of(plan(second.events().get(0), callsAPerson(), sayHandoff("hello"))), at(2));

        assertThat(store.ownerOf(CONVERSATION, at(2))).isEqualTo(Owner.HUMAN);
        assertThat(command(3).command()).isEqualTo(sayHandoff("hello"));
    }

    @Test
    void what_policies_say_is_stale_once_a_person_has_spoken() {
        Undecided batch = write("x");
        store.decide(batch, List.of(plan(batch.events().get(0), owns(Owner.HUMAN, at(1)), sayHandoff("bye"))), at(1));

        signal(spoke(at(2)), 2);

        assertThat(commands(3)).isEmpty();
        assertThat(log("command.held_back")).hasSize(1);
    }

    @Test
    void a_turn_and_what_policies_want_about_it_are_stored_together() {
        write(11, 0);
        decideEverything();
        Turn turn = turn(0);
        Event completed = note(CONVERSATION, "turn.completed", at(1));
        PolicyPlan plan = plan(completed, callsAPerson(), label("vip"));

        TurnOutcome outcome = store.completeTurn(
                turn, new TurnResult(List.of(say("answer")), List.of(completed), null).with(plan), 2, at(1));

        assertThat(outcome).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.HUMAN);
        assertThat(store.stateOf(CONVERSATION).commands())
                .extracting(each -> each.command())
                .containsExactly(new SendMessage("answer", null, Purpose.HANDOFF), label("vip"));
        assertThat(store.stateOf(CONVERSATION).commands())
                .extracting(each -> each.turnId())
                .containsExactly(turn.id(), plan.events().get(0).id());
        assertThat(logTypes()).containsExactly("turn.completed", "policy.fired", "ownership.changed");
        assertThat(only(store.undecided(10)).events())
                .extracting(Event::type)
                .as("the turn is decided, its consequence is not")
                .containsExactly("ownership.changed");
    }

    @Test
    void who_calls_a_person_about_a_turn_is_the_cause_of_the_new_owner() {
        write(11, 0);
        Turn answered = turn(0);
        Event completed = note(CONVERSATION, "turn.completed", at(1));
        PolicyPlan plan = plan(completed, callsAPerson());
        var result = new TurnResult(List.of(), List.of(completed), null).with(plan);

        store.completeTurn(answered, result.recorded(List.of()), 2, at(1));

        assertThat(only(log("ownership.changed")).causeId())
                .as("the policy, of which the turn knew nothing")
                .isEqualTo(plan.events().get(0).id());
        signal(owns(Owner.BOT, at(2)), 2);
        write(12, 3);
        Turn handedOff = turn(3);
        Event again = note(CONVERSATION, "turn.completed", at(4));
        var handoff = new OwnershipSignal(Owner.HUMAN, at(4), null, "handoff", false);

        store.completeTurn(
                handedOff,
                new TurnResult(List.of(), List.of(again), handoff).with(plan(again, callsAPerson())),
                2,
                at(4));

        assertThat(log("ownership.changed").get(2).causeId())
                .as("the turn, whatever policies wanted")
                .isEqualTo(handedOff.id());
    }

    @Test
    void a_turn_without_a_plan_is_shown_to_policies_later() {
        write(11, 0);
        decideEverything();
        Event completed = note(CONVERSATION, "turn.completed", at(1));

        store.completeTurn(turn(0), new TurnResult(List.of(), List.of(completed), null), 2, at(1));

        assertThat(only(store.undecided(10)).events()).containsExactly(completed);
    }

    @Test
    void a_plan_for_an_answer_that_came_too_late_is_dropped_and_decided_anew() {
        write(11, 0);
        Turn turn = turn(0);
        signal(spoke(at(1)), 1);
        decideEverything();
        Event completed = note(CONVERSATION, "turn.completed", at(1));

        TurnOutcome outcome = store.completeTurn(
                turn,
                new TurnResult(List.of(), List.of(completed), null).with(plan(completed, null, label("vip"))),
                2,
                at(2));

        assertThat(outcome).isEqualTo(TurnOutcome.TAKEN_OVER);
        assertThat(log("policy.fired")).isEmpty();
        assertThat(store.stateOf(CONVERSATION).commands()).isEmpty();
        assertThat(only(store.undecided(10)).events())
                .extracting(Event::type)
                .containsExactly("turn.completed", "turn.silenced");
    }

    @Test
    void a_superseded_turn_takes_its_plan_with_it() {
        write(11, 0);
        Turn turn = turn(0);
        write(12, 1);
        Event completed = note(CONVERSATION, "turn.completed", at(1));

        store.completeTurn(
                turn,
                new TurnResult(List.of(), List.of(completed), null).with(plan(completed, null, label("vip"))),
                2,
                at(2));

        assertThat(logTypes()).containsExactly("turn.superseded");
        assertThat(store.stateOf(CONVERSATION).commands()).isEmpty();
    }

    private Undecided write(String type) {
        decideEverything();
        store.accept(signal(CONVERSATION, owns(Owner.BOT, at(-1)), note(CONVERSATION, type, at(0))), AT_ONCE, at(0));
        return only(store.undecided(10));
    }

    private void decideEverything() {
        store.undecided(100).forEach(this::decideNothing);
    }

    private boolean decideNothing(Undecided batch) {
        return store.decide(
                batch, batch.events().stream().map(event -> PolicyPlan.NOTHING).toList(), at(0));
    }

    private static OwnershipSignal callsAPerson() {
        return new OwnershipSignal(Owner.HUMAN, at(1), null, "policy_handoff", false);
    }

    private static OwnershipSignal pauses(int seconds) {
        return new OwnershipSignal(Owner.PAUSED, at(1), at(1 + seconds), "policy_pause", false);
    }

    private static String actionOf(OwnershipSignal ownership) {
        return ownership.owner() == Owner.HUMAN ? "hand_off" : "pause_bot";
    }

    /** One firing with these commands. */
    private static PolicyPlan plan(Event about, @Nullable OwnershipSignal ownership, OutboundCommand... commands) {
        var fired = new Event(
                Uuid7.at(at(1)),
                about.tenant(),
                about.conversation(),
                null,
                "policy.fired",
                1,
                Map.of("policy", "p", "actions", ownership == null ? List.of() : List.of(actionOf(ownership))),
                Event.Source.RULE,
                null,
                about.id(),
                1,
                at(1));
        var planned = new ArrayList<PlannedCommand>();
        Arrays.stream(commands).forEach(command -> planned.add(new PlannedCommand(fired.id(), command)));
        var firing = new Firing("p", 1, about.id(), Firing.Outcome.FIRED, List.of(), List.of());
        return new PolicyPlan(planned, List.of(fired), ownership, List.of(firing));
    }
}
