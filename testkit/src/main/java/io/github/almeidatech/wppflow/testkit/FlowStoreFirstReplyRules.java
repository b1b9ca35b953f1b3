package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.NextClaim;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnCompletion;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How the first reply of a turn is claimed with its end. */
abstract class FlowStoreFirstReplyRules extends FlowStoreGoingOnRules {

    private static final String TOKEN = "token";

    private TurnCompletion goOn(Turn turn, double seconds, TurnResult result) {
        return store.completeTurn(turn, result, 2, at(seconds), new NextClaim(TOKEN, LEASE));
    }

    private TurnCompletion goOn(Turn turn, double seconds, OutboundCommand... commands) {
        return goOn(turn, seconds, result(commands));
    }

    private Turn asked(long id, double seconds) {
        write(id, seconds);
        return turn(seconds);
    }

    private static CommandAttempt reply(TurnCompletion completion) {
        assertThat(completion.outcome()).isEqualTo(TurnOutcome.COMPLETED);
        return Objects.requireNonNull(completion.next());
    }

    @Test
    void a_turn_is_completed_and_its_first_reply_claimed() {
        Turn turn = asked(11, 0);

        CommandAttempt first = reply(goOn(turn, 3, say("a"), say("b")));

        assertThat(first.command()).isEqualTo(say("a"));
        assertThat(first.conversation()).isEqualTo(CONVERSATION);
        assertThat(first.turnId()).isEqualTo(turn.id());
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(first.unclearSince()).isNull();
        assertThat(first.leaseUntil()).isEqualTo(at(63));
        assertThat(first.token()).isEqualTo(TOKEN);
        assertThat(commands(62)).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(63));
        assertThat(done(first, 62)).isTrue();
        CommandAttempt second = command(62);
        assertThat(second.command()).isEqualTo(say("b"));
        assertThat(second.commandId()).isGreaterThan(first.commandId());
    }

    @Test
    void a_turn_without_a_reply_leaves_its_records_to_others() {
        assertThat(goOn(asked(11, 0), 0, webhook("crm"))).isEqualTo(new TurnCompletion(TurnOutcome.COMPLETED, null));

        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
        assertThat(record(0).command()).isEqualTo(webhook("crm"));
    }

    @Test
    void what_is_planned_for_later_is_not_claimed() {
        var later = new FollowUp(at(30), "still there?", null, false);

        assertThat(goOn(asked(11, 0), 0, later).next()).isNull();

        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(30));
        assertThat(command(30).command()).isEqualTo(later);
    }

    @Test
    void what_an_earlier_turn_has_left_comes_first() {
        answered(11, 0, say("a"), say("b"));

        CommandAttempt first = reply(goOn(asked(12, 1), 1, say("c")));

        assertThat(first.command()).isEqualTo(say("a"));
        done(first, 2);
        CommandAttempt second = command(2);
        assertThat(second.command()).isEqualTo(say("b"));
        done(second, 3);
        assertThat(command(3).command()).isEqualTo(say("c"));
    }

    @Test
    void nothing_is_claimed_while_another_carries_out_an_earlier_reply() {
        answered(11, 0, say("a"));
        CommandAttempt earlier = command(0);

        assertThat(goOn(asked(12, 1), 1, say("b"))).isEqualTo(new TurnCompletion(TurnOutcome.COMPLETED, null));

        assertThat(done(earlier, 2)).isTrue();
        assertThat(command(2).command()).isEqualTo(say("b"));
    }

    @Test
    void what_another_has_let_go_of_is_unclear() {
        answered(11, 0, say("a"));
        CommandAttempt lost = command(0);

        CommandAttempt again = reply(goOn(asked(12, 60), 60, say("b")));

        assertThat(again.command()).isEqualTo(say("a"));
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.unclearSince()).isEqualTo(at(60));
        assertThat(done(lost, 61)).isFalse();
    }

    @Test
    void a_turn_that_is_completed_again_changes_nothing_and_gives_the_same_reply() {
        Turn turn = asked(11, 0);

        TurnCompletion stored = goOn(turn, 3, new TurnResult(List.of(say("a")), List.of(note(3)), null));
        TurnCompletion again = goOn(turn, 5, new TurnResult(List.of(say("a")), List.of(note(3)), null));

        assertThat(again).isEqualTo(stored);
        assertThat(reply(again).leaseUntil()).isEqualTo(at(63));
        assertThat(log("turn.completed")).hasSize(1);
        assertThat(commands(62)).isEmpty();
        assertThat(done(reply(again), 62)).isTrue();
        assertThat(commands(62)).isEmpty();
    }

    private static Event note(double seconds) {
        return note(CONVERSATION, "turn.completed", at(seconds));
    }

    @Test
    void once_another_has_claimed_the_reply_the_turn_is_a_late_one() {
        Turn turn = asked(11, 0);
        goOn(turn, 0, say("a"));
        CommandAttempt others = command(60);

        assertThat(goOn(turn, 61, say("a"))).isEqualTo(new TurnCompletion(TurnOutcome.LEASE_LOST, null));
        assertThat(others.attempt()).isEqualTo(2);
        assertThat(others.unclearSince()).isEqualTo(at(60));
        assertThat(done(others, 62)).isTrue();
    }

    @Test
    void nothing_is_claimed_with_an_answer_that_is_dropped() {
        Turn turn = asked(11, 0);
        write(12, 1);

        assertThat(goOn(turn, 1, say("a"))).isEqualTo(new TurnCompletion(TurnOutcome.SUPERSEDED, null));
        Turn both = turn(1);
        signal(spoke(at(2)), 2);
        assertThat(goOn(both, 2, say("a"))).isEqualTo(new TurnCompletion(TurnOutcome.TAKEN_OVER, null));
        assertThat(commands(3)).isEmpty();
    }

    @Test
    void nothing_is_claimed_with_a_turn_that_waits() {
        answered(11, 0, say("a"));

        TurnCompletion waits = goOn(asked(12, 1), 1, TurnResult.waiting(at(30), List.of()));

        assertThat(waits).isEqualTo(new TurnCompletion(TurnOutcome.WAITING, null));
        assertThat(command(1).command()).isEqualTo(say("a"));
    }

    @Test
    void who_has_lost_the_turn_gets_no_reply() {
        Turn lost = asked(11, 0);
        Turn again = turn(75);

        assertThat(goOn(lost, 76, say("a"))).isEqualTo(new TurnCompletion(TurnOutcome.LEASE_LOST, null));
        assertThat(reply(goOn(again, 77, say("b"))).command()).isEqualTo(say("b"));
    }

    @Test
    void an_answer_of_a_turn_that_hands_over_is_held_back_and_the_next_claimed() {
        var handsOver =
                new TurnResult(List.of(say("a"), sayHandoff("a person comes")), List.of(), owns(Owner.HUMAN, at(0)));

        CommandAttempt first = reply(goOn(asked(11, 0), 0, handsOver));

        assertThat(first.command()).isEqualTo(sayHandoff("a person comes"));
        assertThat(only(log("command.held_back")).payload()).containsEntry("reason", "human_sign");
    }

    @Test
    void a_crash_before_it_begins_leaves_the_reply_unclear() {
        CommandAttempt first = reply(goOn(asked(11, 0), 0, say("a"), say("b")));

        restart();
        CommandAttempt again = command(75);

        assertThat(again.command()).isEqualTo(say("a"));
        assertThat(again.unclearSince()).isEqualTo(first.leaseUntil());
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void a_long_answer_keeps_its_order() {
        List<OutboundCommand> answer = IntStream.rangeClosed(1, 40)
                .mapToObj(number -> (OutboundCommand) say("bubble " + number))
                .toList();
        var said = new ArrayList<OutboundCommand>();

        CommandAttempt next =
                goOn(asked(11, 0), 0, answer.toArray(OutboundCommand[]::new)).next();
        while (next != null) {
            said.add(next.command());
            next = store.completeCommand(
                            next, new Done(null), at(0), 5, at(0), new NextClaim("token " + said.size(), LEASE))
                    .next();
        }

        assertThat(said).isEqualTo(answer);
    }

    @Test
    void replies_of_several_turns_keep_apart() {
        write(conversation(1), 11, 0);
        write(conversation(2), 12, 0);
        List<Turn> both = turns(0);

        for (Turn turn : both) {
            String text = "for " + turn.conversation();
            TurnCompletion completion = store.completeTurn(
                    turn, result(say(text), label("x")), 2, at(1), new NextClaim("token of " + turn.id(), LEASE));
            assertThat(reply(completion).command()).isEqualTo(say(text));
        }
    }
}
