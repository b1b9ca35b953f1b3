package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.flow.DeadLetter;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How commands are claimed, carried out, held back, given up and retried. */
abstract class FlowStoreCommandRules extends FlowStoreTakeoverRules {

    @Test
    void commands_go_in_order_one_at_a_time_each_with_its_own_key() {
        answered(11, 0, say("a"), label("b"));
        answered(12, 1, say("c"));

        CommandAttempt first = command(1);
        assertThat(commands(2)).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(61));
        assertThat(done(first, 3)).isTrue();
        CommandAttempt second = command(3);
        done(second, 3);
        CommandAttempt third = command(3);
        done(third, 3);

        assertThat(List.of(first.command(), second.command(), third.command()))
                .containsExactly(say("a"), label("b"), say("c"));
        assertThat(List.of(first.commandId(), second.commandId(), third.commandId()))
                .isSorted();
        assertThat(Set.of(first.key(), second.key(), third.key())).hasSize(3);
        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
        assertThat(log("command.done"))
                .extracting(event -> event.payload().get("key"))
                .containsExactly(first.key(), second.key(), third.key());
    }

    @Test
    void a_done_command_leaves_an_event() {
        answered(11, 0, say("a"));
        CommandAttempt attempt = command(0);

        done(attempt, 1);

        Event event = only(log("command.done"));
        assertThat(event.payload())
                .containsEntry("key", attempt.key())
                .containsEntry("command", "send_message")
                .containsEntry("external_id", "x" + attempt.commandId());
        assertThat(event.causeId()).isEqualTo(attempt.turnId());
        assertThat(event.personKey()).isEqualTo(PERSON);
        assertThat(event.conversation()).isEqualTo(CONVERSATION);
    }

    @Test
    void a_failing_command_holds_back_only_its_own_conversation() {
        answered(11, 0, say("a"), say("b"));
        write(conversation(2), 12, 0);
        complete(turn(0), 0, say("c"));
        CommandAttempt failing = commands(0).stream()
                .filter(each -> each.conversation().equals(CONVERSATION))
                .findFirst()
                .orElseThrow();

        store.completeCommand(failing, new NotDone("down", null), at(100), 5, at(1));

        assertThat(commands(59)).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(60));
        assertThat(command(60).command()).isEqualTo(say("c"));
        CommandAttempt again = command(100);
        assertThat(again.command()).isEqualTo(say("a"));
        assertThat(again.key()).isEqualTo(failing.key());
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.unclearSince()).isNull();
    }

    @Test
    void commands_are_shared_out_between_tenants_like_turns() {
        answered(11, 0, say("a"));

        assertThat(store.claimCommands(Line.REPLIES, new FreeWorkers(1, Map.of(TENANT, 3), 3), at(1), LEASE))
                .isEmpty();
        assertThat(store.claimCommands(Line.REPLIES, new FreeWorkers(1, Map.of(OTHER, 3), 3), at(1), LEASE))
                .hasSize(1);
    }

    @Test
    void a_try_that_ends_without_a_result_is_unclear_since_its_lease_ended() {
        answered(11, 0, say("a"));
        CommandAttempt lost = command(0);

        CommandAttempt next = command(75);

        assertThat(next.unclearSince()).isEqualTo(lost.leaseUntil());
        assertThat(next.attempt()).isEqualTo(2);
        assertThat(next.key()).isEqualTo(lost.key());
        assertThat(done(lost, 76)).isFalse();
        assertThat(log("command.done")).isEmpty();
        assertThat(done(next, 77)).isTrue();
    }

    @Test
    void a_try_cut_off_by_a_restart_is_unclear_since_the_restart() {
        answered(11, 0, say("a"));
        CommandAttempt lost = command(0);
        restart();
        store.recover(at(20));

        assertThat(done(lost, 20)).isFalse();
        assertThat(command(20).unclearSince()).isEqualTo(at(20));
    }

    @Test
    void recovering_long_after_the_lease_does_not_make_it_look_younger() {
        answered(11, 0, say("a"));
        CommandAttempt lost = command(0);

        store.recover(at(500));

        assertThat(command(500).unclearSince()).isEqualTo(lost.leaseUntil());
    }

    @Test
    void an_unclear_result_is_unclear_since_it_was_known_to_be() {
        answered(11, 0, say("a"));
        store.completeCommand(command(0), new Unclear("timeout", null), at(10), 5, at(5));

        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(10));
        CommandAttempt second = command(10);
        assertThat(second.unclearSince()).isEqualTo(at(5));
        store.completeCommand(second, new NotDone("looked", null), at(20), 5, at(11));
        CommandAttempt third = command(20);
        assertThat(third.unclearSince()).isEqualTo(at(5));
        store.completeCommand(third, new Unclear("timeout", null), at(30), 5, at(21));
        assertThat(command(30).unclearSince()).isEqualTo(at(21));
    }

    @Test
    void a_refused_command_is_a_dead_letter_and_the_next_one_goes_on() {
        answered(11, 0, say("a"), say("b"));
        CommandAttempt refused = command(0);

        assertThat(finish(refused, new Refused("not_found"), 1)).isTrue();

        assertThat(command(1).command()).isEqualTo(say("b"));
        assertThat(store.stats(at(1))).isEqualTo(waits(0, 1, 1, at(0)));
        Event event = only(log("command.dead_lettered"));
        assertThat(event.payload())
                .containsEntry("key", refused.key())
                .containsEntry("command", "send_message")
                .containsEntry("reason", "not_found");
        assertThat(event.causeId()).isEqualTo(refused.turnId());
        assertThat(only(store.deadLetters(TENANT, 0, 10)))
                .isEqualTo(new DeadLetter(
                        refused.commandId(),
                        CONVERSATION,
                        refused.turnId(),
                        refused.key(),
                        say("a"),
                        1,
                        "not_found",
                        at(1)));
    }

    @Test
    void the_last_attempt_s_failure_is_a_dead_letter() {
        answered(11, 0, say("a"), say("b"));
        store.completeCommand(command(0), new NotDone("down", null), at(1), 2, at(0));
        assertThat(store.deadLetters(TENANT, 0, 10)).isEmpty();

        store.completeCommand(command(1), new Unclear("timeout", null), at(2), 2, at(1));

        assertThat(only(store.deadLetters(TENANT, 0, 10)).reason()).isEqualTo("timeout");
        store.completeCommand(command(2), new NotDone("down", null), at(3), 1, at(2));
        assertThat(store.deadLetters(TENANT, 0, 10))
                .extracting(DeadLetter::reason)
                .containsExactly("timeout", "down");
        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
    }

    @Test
    void dead_letters_are_paged_by_id_and_seen_by_their_tenant_only() {
        answered(11, 0, say("a"), say("b"), say("c"));
        for (int i = 0; i < 3; i++) {
            finish(command(1), new Refused("no"), 1);
        }

        List<DeadLetter> first = store.deadLetters(TENANT, 0, 2);

        assertThat(first).extracting(DeadLetter::command).containsExactly(say("a"), say("b"));
        DeadLetter third = only(store.deadLetters(TENANT, first.get(1).commandId(), 2));
        assertThat(third.command()).isEqualTo(say("c"));
        assertThat(store.deadLetters(OTHER, 0, 10)).isEmpty();
        assertThat(store.retryDeadLetter(OTHER, third.commandId(), at(2))).isFalse();
        assertThat(store.discardDeadLetter(OTHER, third.commandId(), at(2))).isFalse();
        assertThat(store.deadLetters(TENANT, 0, 10)).hasSize(3);
    }

    @Test
    void a_retried_dead_letter_goes_first_and_looks_first() {
        answered(11, 0, say("a"), say("b"), say("c"));
        finish(command(0), new Refused("no"), 1);
        CommandAttempt second = command(1);
        long dead = only(store.deadLetters(TENANT, 0, 10)).commandId();

        assertThat(store.retryDeadLetter(TENANT, dead, at(2))).isTrue();

        assertThat(commands(3)).as("another command is claimed").isEmpty();
        done(second, 4);
        restart();
        CommandAttempt retried = command(4);
        assertThat(retried.commandId()).isEqualTo(dead);
        assertThat(retried.command()).isEqualTo(say("a"));
        assertThat(retried.attempt()).isEqualTo(1);
        assertThat(retried.unclearSince()).isEqualTo(at(1));
        assertThat(only(log("command.retried")).payload()).containsEntry("key", retried.key());
        assertThat(store.deadLetters(TENANT, 0, 10)).isEmpty();
        assertThat(store.retryDeadLetter(TENANT, dead, at(5))).isFalse();
        done(retried, 5);
        assertThat(command(5).command()).isEqualTo(say("c"));
    }

    @Test
    void a_discarded_dead_letter_is_gone() {
        answered(11, 0, say("a"));
        CommandAttempt attempt = command(0);
        finish(attempt, new Refused("no"), 1);

        assertThat(store.discardDeadLetter(TENANT, attempt.commandId(), at(2))).isTrue();

        assertThat(store.discardDeadLetter(TENANT, attempt.commandId(), at(3))).isFalse();
        assertThat(store.deadLetters(TENANT, 0, 10)).isEmpty();
        assertThat(store.stats(at(3)).deadLetters()).isZero();
        assertThat(commands(100)).isEmpty();
        assertThat(only(log("command.discarded")).payload()).containsEntry("key", attempt.key());
    }

    @Test
    void a_bubble_after_a_takeover_is_held_back_and_the_rest_goes_on() {
        answered(11, 0, say("a"), say("b"), label("c"), sayHandoff("d"), say("e"));
        CommandAttempt first = command(0);
        signal(spoke(at(1)), 1);
        done(first, 2);

        CommandAttempt next = command(2);

        assertThat(next.command()).isEqualTo(label("c"));
        Event held = log("command.held_back").get(0);
        assertThat(held.payload())
                .containsEntry("command", "send_message")
                .containsEntry("reason", "human_agent_message")
                .containsKey("key");
        assertThat(held.causeId()).isEqualTo(first.turnId());
        done(next, 3);
        assertThat(commands(3)).isEmpty();
        assertThat(log("command.held_back")).hasSize(3);
        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
        assertThat(store.stats(at(3)).waitingCommands()).isZero();
    }

    @Test
    void a_bubble_stays_held_back_when_the_bot_gets_the_conversation_again() {
        answered(11, 0, say("a"));
        signal(spoke(at(1)), 1);
        signal(owns(Owner.BOT, at(2)), 2);

        assertThat(commands(3)).isEmpty();
        assertThat(only(log("command.held_back")).payload()).containsEntry("reason", "human_agent_message");
    }

    @Test
    void the_word_that_a_person_was_called_still_goes_out_until_the_person_speaks() {
        write(11, 0);
        store.completeTurn(
                turn(0),
                new TurnResult(
                        List.of(sayHandoff("one moment"), sayHandoff("here they come")),
                        List.of(),
                        owns(Owner.HUMAN, at(0.5))),
                2,
                at(0.5));
        signal(owns(Owner.HUMAN, at(1)), 1);

        CommandAttempt first = command(1);
        assertThat(first.command()).isEqualTo(sayHandoff("one moment"));
        done(first, 2);
        signal(spoke(at(0)), 3);

        assertThat(commands(3))
                .as("whole seconds make the person's word look older")
                .isEmpty();
        assertThat(log("command.held_back")).hasSize(1);
    }

    @Test
    void an_answer_of_an_earlier_turn_is_held_back_by_our_own_handoff() {
        answered(11, 0, say("a"));
        write(12, 1);
        store.completeTurn(
                turn(1), new TurnResult(List.of(sayHandoff("b")), List.of(), owns(Owner.HUMAN, at(1))), 2, at(1));

        assertThat(command(1).command()).isEqualTo(sayHandoff("b"));
        assertThat(only(log("command.held_back")).payload()).containsEntry("reason", "human_sign");
    }

    @Test
    void the_sender_s_discovery_of_a_person_holds_back_every_answer_of_the_conversation() {
        answered(11, 0, say("a"), say("b"), label("c"), sayHandoff("d"));
        answered(12, 0, say("e"));
        write(conversation(2), 13, 0);
        complete(turn(0), 0, say("other"));
        CommandAttempt found = commands(0).stream()
                .filter(each -> each.conversation().equals(CONVERSATION))
                .findFirst()
                .orElseThrow();

        assertThat(finish(found, new HeldBack(owns(Owner.HUMAN, at(1))), 1)).isTrue();

        assertThat(log("command.held_back"))
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.payload()).containsEntry("reason", "human_sign"));
        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.HUMAN);
        assertThat(store.stateOf(CONVERSATION).ownership().fence()).isEqualTo(1);
        assertThat(store.stateOf(CONVERSATION).commands())
                .extracting(WaitingCommand::command)
                .containsExactly(label("c"), sayHandoff("d"));
        assertThat(done(found, 2)).isFalse();
    }

    @Test
    void a_message_for_later_is_in_nobody_s_way_until_its_time() {
        answered(11, 0, later(100, false), say("now"));

        CommandAttempt now = command(0);
        assertThat(now.command()).isEqualTo(say("now"));
        done(now, 1);
        assertThat(commands(99)).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(100));
        assertThat(store.stats(at(99))).isEqualTo(waits(0, 1, 0, null));
        assertThat(store.stats(at(101)).oldestWaiting()).isEqualTo(at(100));
        assertThat(command(100).command()).isEqualTo(later(100, false));
    }

    @Test
    void a_message_for_later_is_dropped_when_a_person_took_over_or_the_customer_wrote() {
        answered(11, 0, later(100, true), later(100, false));
        answered(12, 50);

        CommandAttempt kept = command(100);

        assertThat(kept.command()).isEqualTo(later(100, false));
        assertThat(only(log("command.held_back")).payload())
                .containsEntry("command", "follow_up")
                .containsEntry("reason", "customer_replied");
        finish(kept, new NotDone("down", null), 101);
        signal(spoke(at(102)), 102);
        assertThat(commands(103)).isEmpty();
        assertThat(log("command.held_back")).hasSize(2);
    }

    @Test
    void what_waits_is_shown() {
        answered(11, 0, say("a"), label("b"));
        CommandAttempt attempt = command(0);
        store.completeCommand(attempt, new Unclear("timeout", null), at(10), 5, at(5));
        write(13, 6);
        write(12, 7);

        var state = store.stateOf(CONVERSATION);

        assertThat(state.waitingMessages()).containsExactly(12L, 13L);
        assertThat(state.turnDue()).isEqualTo(at(7));
        assertThat(state.turnClaimedUntil()).isNull();
        assertThat(state.commandClaimedUntil()).isNull();
        assertThat(state.commands().get(0))
                .isEqualTo(new WaitingCommand(
                        attempt.commandId(), attempt.turnId(), attempt.key(), say("a"), 1, at(10), at(5)));
        assertThat(state.commands().get(1).attempts()).isZero();
        assertThat(store.stats(at(8))).isEqualTo(waits(2, 2, 0, at(0)));
    }

    @Test
    void turns_and_commands_of_a_conversation_do_not_wait_for_each_other() {
        answered(11, 0, say("a"));
        command(0);
        write(12, 1);

        var turn = turn(1);

        assertThat(complete(turn, 2, say("b"))).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(commands(3)).isEmpty();
    }

    @Test
    void the_same_conversation_number_of_another_tenant_is_another_conversation() {
        answered(11, 0, say("a"));
        var other = new ConversationId(OTHER, 7, 1);
        write(other, 12, 0);
        complete(turn(0), 0, say("b"));
        store.accept(signal(other, spoke(at(1))), AT_ONCE, at(1));

        assertThat(command(2).command()).isEqualTo(say("a"));
        assertThat(log("command.held_back")).isEmpty();
        assertThat(log(OTHER)).extracting(Event::type).contains("command.held_back");
    }

    private static FollowUp later(double seconds, boolean unlessReply) {
        return new FollowUp(at(seconds), "are you still there?", null, unlessReply);
    }
}
