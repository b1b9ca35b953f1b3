package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How turns are claimed, completed, superseded, left waiting and lost. */
abstract class FlowStoreTurnRules extends FlowStoreAcceptRules {

    @Test
    void a_turn_is_ordered_by_message_id_not_by_arrival() {
        write(13, 0);
        write(11, 0.1);
        write(12, 0.2);

        assertThat(ids(turn(1))).containsExactly(11L, 12L, 13L);
    }

    @Test
    void a_conversation_has_one_live_claim() {
        write(11, 0);
        Turn first = turn(0);
        write(12, 1);

        assertThat(first.attempt()).isEqualTo(1);
        assertThat(first.leaseUntil()).isEqualTo(at(60));
        assertThat(turns(59.999)).isEmpty();
        assertThat(store.nextTurnDue()).contains(at(60));
        assertThat(store.stateOf(CONVERSATION).turnClaimedUntil()).isEqualTo(at(60));
    }

    @Test
    void conversations_do_not_wait_for_each_other() {
        write(conversation(1), 11, 0);
        turn(0);
        write(conversation(2), 12, 1);

        assertThat(turn(1).conversation()).isEqualTo(conversation(2));
    }

    @Test
    void the_longest_due_turns_are_claimed_first() {
        write(conversation(3), 13, 2);
        write(conversation(1), 11, 0);
        write(conversation(2), 12, 1);

        assertThat(store.claimTurns(FreeWorkers.of(2), at(5), LEASE))
                .extracting(Turn::conversation)
                .containsExactlyInAnyOrder(conversation(1), conversation(2));
        assertThat(turn(5).conversation()).isEqualTo(conversation(3));
    }

    @Test
    void a_tenant_that_keeps_as_many_workers_busy_as_it_may_is_left_out() {
        write(new ConversationId(OTHER, 7, 1), 11, 0);
        write(12, 1);
        var full = new FreeWorkers(1, Map.of(OTHER, 3), 3);

        assertThat(store.claimTurns(full, at(5), LEASE))
                .extracting(Turn::conversation)
                .containsExactly(CONVERSATION);
        assertThat(store.claimTurns(full, at(5), LEASE)).isEmpty();
        assertThat(store.claimTurns(FreeWorkers.of(1), at(5), LEASE)).hasSize(1);
    }

    @Test
    void however_much_of_one_tenant_is_due_another_one_gets_as_many_workers() {
        for (int number = 1; number <= 9; number++) {
            write(conversation(number), 10 + number, 0);
        }
        write(new ConversationId(OTHER, 7, 1), 31, 3);
        write(new ConversationId(OTHER, 7, 2), 32, 4);

        assertThat(store.claimTurns(FreeWorkers.of(4), at(5), LEASE))
                .extracting(turn -> turn.conversation().tenant())
                .containsExactlyInAnyOrder(TENANT, TENANT, OTHER, OTHER);
    }

    @Test
    void a_free_worker_goes_to_the_tenant_that_keeps_the_fewest_busy() {
        write(conversation(1), 11, 0);
        write(new ConversationId(OTHER, 7, 1), 12, 4);

        assertThat(store.claimTurns(new FreeWorkers(1, Map.of(TENANT, 3, OTHER, 2), 6), at(5), LEASE))
                .extracting(Turn::conversation)
                .containsExactly(new ConversationId(OTHER, 7, 1));
    }

    @Test
    void a_lost_lease_is_claimed_again_under_the_same_id_and_what_arrived_meanwhile_joins() {
        write(12, 0);
        Turn first = turn(0);
        write(11, 1);

        Turn second = turn(60);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.token()).isNotEqualTo(first.token());
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(ids(second)).containsExactly(11L, 12L);
    }

    @Test
    void a_late_worker_changes_nothing() {
        write(11, 0);
        Turn late = turn(0);
        Turn present = turn(60);

        assertThat(store.completeTurn(late, new TurnResult(List.of(say("late")), List.of(done(61)), null), 2, at(61)))
                .isEqualTo(TurnOutcome.LEASE_LOST);
        assertThat(store.releaseTurn(late, at(61), at(61))).isFalse();
        assertThat(log(TENANT)).isEmpty();
        assertThat(commands(61)).isEmpty();
        assertThat(complete(present, 62, say("in time"))).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(complete(present, 63, say("again"))).isEqualTo(TurnOutcome.LEASE_LOST);
        assertThat(command(63).command()).isEqualTo(say("in time"));
    }

    @Test
    void a_slow_worker_completes_when_nobody_else_has_claimed() {
        write(11, 0);
        Turn slow = turn(0);

        assertThat(complete(slow, 500, say("slow"))).isEqualTo(TurnOutcome.COMPLETED);
    }

    @Test
    void a_completed_turn_is_stored_as_a_whole() {
        write(11, 0);
        Turn turn = turn(0);
        Event event = done(1);

        assertThat(store.completeTurn(
                        turn,
                        new TurnResult(List.of(label("x"), say("hello")), List.of(event), owns(Owner.HUMAN, at(1))),
                        2,
                        at(1)))
                .isEqualTo(TurnOutcome.COMPLETED);
        restart();

        assertThat(log(TENANT)).startsWith(event);
        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.HUMAN);
        assertThat(store.nextTurnDue()).isEmpty();
        assertThat(store.stats(at(2))).isEqualTo(waits(0, 2, 0, at(1)));
        CommandAttempt attempt = command(1);
        assertThat(attempt.command()).isEqualTo(label("x"));
        assertThat(attempt.turnId()).isEqualTo(turn.id());
        assertThat(attempt.attempt()).isEqualTo(1);
        assertThat(attempt.unclearSince()).isNull();
    }

    @Test
    void a_turn_may_end_without_a_word() {
        write(11, 0);

        assertThat(complete(turn(0), 1)).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(store.stats(at(1))).isEqualTo(waits(0, 0, 0, null));
    }

    @Test
    void a_message_after_the_claim_supersedes_the_answer() {
        write(12, 0);
        Turn first = turn(0);
        write(11, 1);

        assertThat(store.completeTurn(first, new TurnResult(List.of(say("old")), List.of(done(2)), null), 2, at(2)))
                .isEqualTo(TurnOutcome.SUPERSEDED);

        assertThat(logTypes()).containsExactly("turn.superseded");
        assertThat(only(log("turn.superseded")).payload()).containsEntry("turn", first.id());
        assertThat(numbers(only(log("turn.superseded")).payload().get("message_ids")))
                .containsExactly(12L);
        assertThat(only(log("turn.superseded")).causeId()).isEqualTo(first.id());
        assertThat(commands(2)).isEmpty();
        Turn second = turn(2);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.supersedes()).isEqualTo(1);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(ids(second)).containsExactly(11L, 12L);
        assertThat(complete(second, 3, say("new"))).isEqualTo(TurnOutcome.COMPLETED);
    }

    @Test
    void a_superseded_turn_waits_for_quiet_again() {
        var calm = new TurnTiming(Duration.ofSeconds(4), Duration.ofSeconds(10), 20);
        store.accept(arrival(CONVERSATION, 11, at(0), false), calm, at(0));
        Turn first = turn(4);
        store.accept(arrival(CONVERSATION, 12, at(5), false), calm, at(5));

        complete(first, 6);

        assertThat(store.nextTurnDue()).contains(at(9));
    }

    @Test
    void superseding_is_bounded_and_the_rest_waits_for_its_own_turn() {
        var calm = new TurnTiming(Duration.ofSeconds(4), Duration.ofSeconds(10), 20);
        write(11, 0);
        Turn turn = turn(0);
        for (int i = 1; i <= 2; i++) {
            write(11 + i, i);
            assertThat(complete(turn, i)).isEqualTo(TurnOutcome.SUPERSEDED);
            turn = turn(i);
        }
        store.accept(arrival(CONVERSATION, 14, at(30), false), calm, at(30));

        assertThat(turn.supersedes()).isEqualTo(2);
        assertThat(complete(turn, 31, say("to three"))).isEqualTo(TurnOutcome.COMPLETED);

        assertThat(store.nextTurnDue()).contains(at(34));
        Turn rest = turn(34);
        assertThat(ids(rest)).containsExactly(14L);
        assertThat(rest.supersedes()).isZero();
        assertThat(command(34).command()).isEqualTo(say("to three"));
    }

    @Test
    void a_late_older_message_joins_the_next_turn() {
        answered(12, 0);
        write(11, 1);
        write(13, 1.5);

        assertThat(ids(turn(2))).containsExactly(11L, 13L);
    }

    @Test
    void a_released_turn_comes_back_when_asked_for_with_its_attempts_counted() {
        write(11, 0);
        Turn first = turn(0);

        assertThat(store.releaseTurn(first, at(30), at(1))).isTrue();

        assertThat(store.nextTurnDue()).contains(at(30));
        write(12, 5);
        assertThat(turns(29.999)).isEmpty();
        Turn second = turn(30);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(ids(second)).containsExactly(11L, 12L);
        assertThat(complete(first, 31)).isEqualTo(TurnOutcome.LEASE_LOST);
        assertThat(complete(second, 31)).isEqualTo(TurnOutcome.COMPLETED);
        write(13, 32);
        assertThat(turn(32).attempt()).isEqualTo(1);
    }

    @Test
    void a_turn_that_waits_is_asked_about_again_in_time_under_the_same_id_with_a_fresh_count() {
        write(11, 0);
        Turn first = turn(0);
        Event event = note(CONVERSATION, "workflow.waiting", at(1));

        assertThat(await(first, 30, 1, event)).isEqualTo(TurnOutcome.WAITING);
        restart();
        store.recover(at(2));

        assertThat(log(TENANT)).containsExactly(event);
        assertThat(turns(29.999)).isEmpty();
        assertThat(store.nextTurnDue()).contains(at(30));
        Turn again = turn(30);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.lastInboxId()).isEqualTo(first.lastInboxId());
        assertThat(await(first, 60, 31)).isEqualTo(TurnOutcome.LEASE_LOST);
        assertThat(complete(again, 31, say("late"))).isEqualTo(TurnOutcome.COMPLETED);
    }

    @Test
    void a_waiting_turn_is_due_at_once_when_it_is_woken() {
        write(11, 0);
        Turn first = turn(0);
        await(first, 30, 1);
        Event answer = note(CONVERSATION, "workflow.answered", at(5));

        assertThat(store.wakeTurn(CONVERSATION, first.id(), List.of(answer), at(5)))
                .isTrue();
        restart();

        assertThat(log(TENANT)).containsExactly(answer);
        assertThat(turn(5).id()).isEqualTo(first.id());
    }

    @Test
    void a_turn_that_waits_for_somebody_else_is_counted_apart_and_pending_again_only_since_the_wait_is_over() {
        write(11, 0);
        Turn first = turn(0);
        assertThat(store.stats(at(1))).isEqualTo(waits(1, 0, 0, at(0)));
        await(first, 30, 1);
        restart();

        assertThat(store.stats(at(29))).isEqualTo(waitsElsewhere(1));
        assertThat(store.stats(at(33))).isEqualTo(waits(1, 0, 0, at(30)));
        Turn again = turn(34);
        assertThat(store.stats(at(35))).isEqualTo(waits(1, 0, 0, at(30)));
        await(again, 90, 36);
        assertThat(store.stats(at(37)).turnsElsewhere()).isEqualTo(1);
        store.wakeTurn(CONVERSATION, first.id(), List.of(), at(40));
        assertThat(store.stats(at(41))).isEqualTo(waits(1, 0, 0, at(40)));
        complete(turn(41), 42);
        assertThat(store.stats(at(42))).isEqualTo(waits(0, 0, 0, null));
        write(12, 43);
        assertThat(store.stats(at(44))).isEqualTo(waits(1, 0, 0, at(43)));
    }

    @Test
    void what_comes_while_the_turn_is_still_claimed_wakes_it_too() {
        write(11, 0);
        Turn first = turn(0);

        assertThat(store.wakeTurn(CONVERSATION, first.id(), List.of(), at(0.5))).isTrue();
        assertThat(turns(0.5)).isEmpty();
        await(first, 30, 1);

        Turn second = turn(1);
        await(second, 30, 2);
        assertThat(turns(29)).isEmpty();
    }

    @Test
    void a_new_message_joins_a_waiting_turn_and_makes_it_due_by_its_timing() {
        write(11, 0);
        Turn first = turn(0);
        await(first, 30, 1);

        store.accept(
                arrival(CONVERSATION, 12, at(5), false),
                new TurnTiming(Duration.ofSeconds(4), Duration.ofSeconds(30), 20),
                at(5));

        assertThat(turns(8.999)).isEmpty();
        Turn second = turn(9);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(ids(second)).containsExactly(11L, 12L);
        assertThat(second.lastInboxId()).isGreaterThan(first.lastInboxId());
    }

    @Test
    void a_message_that_came_before_the_turn_could_wait_is_not_waited_with() {
        write(11, 0);
        Turn first = turn(0);
        write(12, 1);

        assertThat(await(first, 30, 2)).isEqualTo(TurnOutcome.WAITING);

        Turn second = turn(2);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(ids(second)).containsExactly(11L, 12L);
    }

    @Test
    void a_turn_that_has_ended_is_not_woken_and_nothing_is_written() {
        write(11, 0);
        Turn turn = turn(0);
        await(turn, 30, 1);
        Turn again = turn(30);
        complete(again, 31, say("hello"));
        Event answer = note(CONVERSATION, "workflow.answered", at(32));

        assertThat(store.wakeTurn(CONVERSATION, turn.id(), List.of(answer), at(32)))
                .isFalse();
        assertThat(store.wakeTurn(conversation(9), "never", List.of(answer), at(32)))
                .isFalse();

        assertThat(log(TENANT)).doesNotContain(answer);
    }

    @Test
    void a_restart_keeps_a_claim_until_its_lease_ends_or_it_is_recovered() {
        write(11, 0);
        Turn before = turn(0);
        restart();
        assertThat(turns(1)).isEmpty();

        store.recover(at(2));

        assertThat(complete(before, 2)).isEqualTo(TurnOutcome.LEASE_LOST);
        Turn after = turn(2);
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.attempt()).isEqualTo(2);
        assertThat(complete(after, 3)).isEqualTo(TurnOutcome.COMPLETED);
    }

    @Test
    void a_worker_survives_the_restart_of_the_store() {
        write(11, 0);
        Turn turn = turn(0);
        restart();

        assertThat(complete(turn, 1, say("hello"))).isEqualTo(TurnOutcome.COMPLETED);
    }

    TurnOutcome await(Turn turn, double until, double seconds, Event... events) {
        return store.completeTurn(turn, TurnResult.waiting(at(until), List.of(events)), 2, at(seconds));
    }

    static Event done(double seconds) {
        return note(CONVERSATION, "turn.completed", at(seconds));
    }
}
