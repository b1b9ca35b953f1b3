package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a turn when a person takes the conversation meanwhile. */
abstract class FlowStoreTakeoverRules extends FlowStoreTurnRules {

    @Test
    void a_person_who_takes_over_while_the_answer_is_written_stops_it() {
        write(11, 0);
        Turn turn = turn(0);
        signal(spoke(at(1)), 1);
        Event event = done(2);

        assertThat(store.completeTurn(
                        turn,
                        new TurnResult(List.of(say("over")), List.of(event), owns(Owner.PAUSED, at(2))),
                        2,
                        at(2)))
                .isEqualTo(TurnOutcome.TAKEN_OVER);

        assertThat(logTypes()).containsExactly("ownership.changed", event.type(), "turn.silenced");
        Event silenced = only(log("turn.silenced"));
        assertThat(silenced.payload())
                .containsEntry("reason", "human_agent_message")
                .containsEntry("owner", "human");
        assertThat(numbers(silenced.payload().get("message_ids"))).containsExactly(11L);
        assertThat(silenced.causeId()).isEqualTo(turn.id());
        assertThat(commands(60)).isEmpty();
        assertThat(turns(120)).isEmpty();
        assertThat(store.ownerOf(CONVERSATION, at(3))).isEqualTo(Owner.HUMAN);
    }

    @Test
    void a_person_who_spoke_and_gave_it_back_has_answered() {
        write(11, 0);
        Turn turn = turn(0);
        signal(spoke(at(1)), 1);
        signal(owns(Owner.BOT, at(2)), 2);

        assertThat(complete(turn, 3, say("stale"))).isEqualTo(TurnOutcome.TAKEN_OVER);
        assertThat(only(log("turn.silenced")).payload())
                .containsEntry("reason", "human_agent_message")
                .containsEntry("owner", "bot");
    }

    @Test
    void what_came_after_a_taken_over_turn_was_claimed_is_judged_by_itself() {
        write(11, 0);
        Turn turn = turn(0);
        write(12, 1);
        signal(spoke(at(2)), 2);
        signal(owns(Owner.BOT, at(3)), 3);

        assertThat(complete(turn, 4, say("stale"))).isEqualTo(TurnOutcome.TAKEN_OVER);
        assertThat(ids(turn(5))).containsExactly(12L);
    }

    @Test
    void waiting_messages_of_a_conversation_taken_over_become_history_when_due() {
        write(11, 0);
        write(12, 0.5);
        signal(spoke(at(1)), 1);

        assertThat(turns(2)).isEmpty();

        Event silenced = only(log("turn.silenced"));
        assertThat(silenced.payload()).containsEntry("reason", "human_agent_message");
        assertThat(numbers(silenced.payload().get("message_ids"))).containsExactly(11L, 12L);
        assertThat(store.nextTurnDue()).isEmpty();
        signal(owns(Owner.BOT, at(3)), 3);
        assertThat(turns(120)).isEmpty();
    }

    @Test
    void a_takeover_that_ends_before_the_turn_is_due_leaves_it_to_the_bot() {
        write(11, 0);
        signal(owns(Owner.HUMAN, at(1)), 1);
        signal(owns(Owner.BOT, at(2)), 2);

        Turn turn = turn(3);

        assertThat(turn.fence()).isEqualTo(1);
        assertThat(complete(turn, 4, say("hello"))).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(command(4).command()).isEqualTo(say("hello"));
    }

    @Test
    void a_pause_without_end_outlasts_what_the_person_who_asked_for_it_says() {
        signal(owns(Owner.PAUSED, at(1)), 1);
        signal(new OwnershipSignal(Owner.HUMAN, at(2), at(10), "human_agent_message", true), 2);

        write(11, 20);

        assertThat(store.ownerOf(CONVERSATION, at(20))).isEqualTo(Owner.PAUSED);
        assertThat(turns(60)).isEmpty();
        signal(owns(Owner.BOT, at(61)), 61);
        assertThat(store.ownerOf(CONVERSATION, at(61))).isEqualTo(Owner.BOT);
    }

    @Test
    void a_pause_for_a_time_lasts_that_long_whatever_the_person_who_asked_for_it_says() {
        signal(new OwnershipSignal(Owner.PAUSED, at(1), at(30), "bot_off_command", false), 1);
        signal(new OwnershipSignal(Owner.HUMAN, at(2), at(10), "human_agent_message", true), 2);

        write(11, 20);
        write(12, 40);

        assertThat(store.ownerOf(CONVERSATION, at(20))).isEqualTo(Owner.PAUSED);
        assertThat(turn(60).messages()).extracting(each -> each.messageId()).containsExactly(12L);
    }

    @Test
    void our_own_decision_moves_the_owner_but_not_the_fence() {
        signal(new OwnershipSignal(Owner.BOT, at(100), null, "clock_ahead", false), 0);
        write(11, 0);

        store.completeTurn(turn(0), new TurnResult(List.of(), List.of(), owns(Owner.HUMAN, at(1))), 2, at(1));

        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.HUMAN);
        assertThat(store.stateOf(CONVERSATION).ownership().fence()).isZero();
        assertThat(only(log("ownership.changed")).payload()).containsEntry("owner", "human");
    }

    @Test
    void a_person_who_takes_over_ends_the_waiting() {
        write(11, 0);
        Turn first = turn(0);
        await(first, 30, 1);
        signal(spoke(at(5)), 5);

        assertThat(turns(30)).isEmpty();

        assertThat(only(log("turn.silenced")).causeId()).isEqualTo(first.id());
        assertThat(store.wakeTurn(CONVERSATION, first.id(), List.of(), at(31))).isFalse();
    }

    @Test
    void what_writes_the_events_down_is_carried_out_although_a_person_took_over() {
        write(11, 0);
        Turn turn = turn(0);
        signal(spoke(at(1)), 1);
        Event event = done(2);
        OutboundCommand row = new OutboundCommand.WriteRow("events", Map.of("id", event.id()), Map.of("text", "a"));
        TurnResult result = new TurnResult(List.of(label("x"), say("over")), List.of(event), null);

        assertThat(store.completeTurn(turn, result.recorded(List.of(row)), 2, at(2)))
                .isEqualTo(TurnOutcome.TAKEN_OVER);

        assertThat(commands(60)).isEmpty();
        CommandAttempt written =
                only(store.claimCommands(OutboundCommand.Line.RECORDS, FreeWorkers.of(5), at(60), LEASE));
        assertThat(written.command()).isEqualTo(row);
        assertThat(written.turnId()).isEqualTo(turn.id());
    }

    @Test
    void what_writes_the_events_down_follows_what_else_a_completed_turn_writes() {
        write(11, 0);
        OutboundCommand visit = new OutboundCommand.WriteRow("visits", Map.of(), Map.of("n", 1));
        OutboundCommand row = new OutboundCommand.WriteRow("events", Map.of("id", "e"), Map.of("text", "a"));
        TurnResult result = new TurnResult(List.of(say("hello"), visit), List.of(), null);

        assertThat(store.completeTurn(turn(0), result.recorded(List.of(row)), 2, at(1)))
                .isEqualTo(TurnOutcome.COMPLETED);

        assertThat(store.stateOf(CONVERSATION).commands())
                .extracting(WaitingCommand::command)
                .containsExactlyInAnyOrder(say("hello"), visit, row);
        assertThat(only(store.claimCommands(OutboundCommand.Line.RECORDS, FreeWorkers.of(5), at(60), LEASE))
                        .command())
                .isEqualTo(visit);
    }
}
