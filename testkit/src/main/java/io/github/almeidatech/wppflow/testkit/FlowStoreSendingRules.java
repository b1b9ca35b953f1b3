package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.flow.Ownership;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a command that was claimed a while ago may still be carried out. */
abstract class FlowStoreSendingRules extends FlowStoreCommandRules {

    @Test
    void a_command_under_way_may_be_sent_while_nobody_has_taken_over() {
        answered(11, 0, say("a"));
        CommandAttempt attempt = command(0);
        write(12, 1);

        assertThat(store.holdsBack(attempt, at(2))).isEmpty();
    }

    @Test
    void a_command_under_way_is_held_back_once_a_person_has_spoken() {
        answered(11, 0, say("a"), sayHandoff("b"));
        CommandAttempt attempt = command(0);
        signal(spoke(at(1)), 1);

        OwnershipSignal why = store.holdsBack(attempt, at(2)).orElseThrow();

        assertThat(why).isEqualTo(new OwnershipSignal(Owner.HUMAN, at(1), null, "human_agent_message", false));
        Ownership before = store.stateOf(CONVERSATION).ownership();
        finish(attempt, new HeldBack(why, true), 2);
        assertThat(store.stateOf(CONVERSATION).ownership()).isEqualTo(before);
        assertThat(only(log("command.held_back")).payload()).containsEntry("reason", "human_agent_message");
    }

    @Test
    void it_stays_held_back_when_the_bot_gets_the_conversation_again() {
        answered(11, 0, say("a"));
        CommandAttempt attempt = command(0);
        signal(spoke(at(1)), 1);
        signal(owns(Owner.BOT, at(2)), 2);

        OwnershipSignal why = store.holdsBack(attempt, at(3)).orElseThrow();

        assertThat(why).isEqualTo(new OwnershipSignal(Owner.BOT, at(2), null, "human_agent_message", false));
        finish(attempt, new HeldBack(why), 3);
        assertThat(store.ownerOf(CONVERSATION, at(3))).isEqualTo(Owner.BOT);
    }

    @Test
    void what_was_asked_after_the_bot_got_it_again_is_answered_though_an_older_answer_is_held_back() {
        answered(11, 0, say("a"), say("b"));
        CommandAttempt attempt = command(0);
        signal(spoke(at(1)), 1);
        signal(owns(Owner.BOT, at(2)), 2);
        answered(12, 3, say("c"));
        OwnershipSignal why = store.holdsBack(attempt, at(4)).orElseThrow();

        finish(attempt, new HeldBack(why, true), 4);

        assertThat(log("command.held_back")).hasSize(2);
        assertThat(command(4).command()).isEqualTo(say("c"));
    }

    @Test
    void what_was_stored_since_the_store_was_asked_stays() {
        answered(11, 0, say("a"));
        CommandAttempt attempt = command(0);
        signal(spoke(at(1)), 1);
        signal(owns(Owner.BOT, at(2)), 2);
        OwnershipSignal why = store.holdsBack(attempt, at(2)).orElseThrow();
        signal(owns(Owner.HUMAN, at(2)), 2);

        finish(attempt, new HeldBack(why, true), 3);

        assertThat(store.ownerOf(CONVERSATION, at(3))).isEqualTo(Owner.HUMAN);
        assertThat(only(log("command.held_back")).payload()).containsEntry("reason", "human_agent_message");
    }

    @Test
    void it_stays_held_back_when_a_persons_pause_is_over() {
        answered(11, 0, say("a"));
        CommandAttempt attempt = command(0);
        signal(new OwnershipSignal(Owner.HUMAN, at(1), at(5), "human_agent_message", true), 1);

        assertThat(store.holdsBack(attempt, at(4)))
                .contains(new OwnershipSignal(Owner.HUMAN, at(1), at(5), "human_agent_message", false));
        assertThat(store.holdsBack(attempt, at(6)))
                .contains(new OwnershipSignal(Owner.BOT, at(1), null, "human_agent_message", false));
    }

    @Test
    void our_own_handoff_holds_back_answers_and_not_its_own_word() {
        answered(11, 0, say("a"));
        CommandAttempt answer = command(0);
        write(12, 1);
        store.completeTurn(
                turn(1), new TurnResult(List.of(sayHandoff("b")), List.of(), owns(Owner.HUMAN, at(1))), 2, at(1));

        assertThat(store.holdsBack(answer, at(2)))
                .contains(new OwnershipSignal(Owner.HUMAN, at(1), null, "human_sign", false));
        done(answer, 2);
        CommandAttempt word = command(2);
        assertThat(store.holdsBack(word, at(2))).isEmpty();
        signal(spoke(at(3)), 3);
        assertThat(store.holdsBack(word, at(3))).isPresent();
    }

    @Test
    void somebody_elses_command_is_judged_by_the_owner_alone() {
        answered(11, 0, say("a"));
        CommandAttempt ours = command(0);
        var theirs =
                new CommandAttempt(0, CONVERSATION, "plan", "plan-1", say("b"), 1, null, ours.leaseUntil(), "plan");
        var nobodys =
                new CommandAttempt(0, conversation(9), "plan", "plan-1", say("b"), 1, null, ours.leaseUntil(), "plan");

        assertThat(store.holdsBack(theirs, at(1))).isEmpty();
        assertThat(store.holdsBack(nobodys, at(1))).isEmpty();
        signal(spoke(at(1)), 1);
        assertThat(store.holdsBack(theirs, at(2))).isPresent();
        signal(owns(Owner.BOT, at(3)), 3);
        assertThat(store.holdsBack(theirs, at(3))).isEmpty();
    }

    @Test
    void what_the_customer_does_not_see_is_not_held_back() {
        answered(11, 0, label("a"));
        CommandAttempt attempt = command(0);
        signal(spoke(at(1)), 1);

        assertThat(store.holdsBack(attempt, at(2))).isEmpty();
    }
}
