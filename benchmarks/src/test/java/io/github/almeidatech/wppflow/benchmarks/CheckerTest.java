package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Violation;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: each way of breaking a promise is shown to it here. */
class CheckerTest {

    @Test
    void a_conversation_as_it_should_be_has_no_violation() {
        var story = new Story()
                .written(1)
                .written(2)
                .turn("a", "A diária custa R$ 85.\n\n_Fonte: Diárias_", 1L, 2L)
                .said(3, "a", 1, "A diária custa R$ 85.")
                .said(4, "a", 2, "_Fonte: Diárias_");

        Verdict verdict = Checker.check(story.evidence());

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.inTurns()).isEqualTo(2);
        assertThat(verdict.bubbles()).isEqualTo(2);
    }

    @Test
    void a_message_without_an_outcome_is_lost() {
        assertBroken(new Story().written(1), Promise.LOST);
        assertBroken(new Story().unheard(1), Promise.LOST);
    }

    @Test
    void what_was_acknowledged_and_had_to_be_found_again_was_lost() {
        assertBroken(new Story().unheard(1).acknowledged(1).accepted(1).turn("a", "", 1L), Promise.LOST);
    }

    @Test
    void a_reason_is_an_outcome() {
        assertKept(new Story().unheard(1).ignored(1));
        assertKept(new Story().written(1).silenced("1", 1L));
    }

    @Test
    void a_message_answered_in_two_turns_is_answered_twice() {
        assertBroken(new Story().written(1).turn("a", "", 1L).turn("b", "", 1L), Promise.TWICE);
    }

    @Test
    void a_turn_completed_twice_is_answered_twice() {
        assertBroken(new Story().written(1).turn("a", "", 1L).turn("a", "", 1L), Promise.TWICE);
    }

    @Test
    void a_message_both_ignored_and_answered_has_two_outcomes() {
        assertBroken(new Story().written(1).ignored(1).turn("a", "", 1L), Promise.TWICE);
    }

    @Test
    void a_turn_cut_off_by_a_person_has_one_outcome_and_no_reply() {
        assertKept(new Story().written(1).turn("a", "nunca dito", 1L).silenced("a", 1L));
    }

    @Test
    void the_same_command_shown_twice_is_said_twice() {
        assertBroken(
                new Story().written(1).turn("a", "oi", 1L).said(2, "a", 1, "oi").shown(3, "a-1", "oi"), Promise.TWICE);
    }

    @Test
    void a_reply_nobody_saw_is_lost() {
        assertBroken(new Story().written(1).turn("a", "oi", 1L), Promise.LOST);
        assertBroken(new Story().written(1).turn("a", "oi", 1L).done(2, "a", 1), Promise.LOST);
    }

    @Test
    void half_a_reply_is_lost_unless_a_person_came() {
        var half = new Story().written(1).turn("a", "um dois", 1L).said(2, "a", 1, "um");

        assertBroken(half, Promise.LOST);
        assertKept(half.heldBack("a", 2));
    }

    @Test
    void bubbles_in_the_wrong_order_are_out_of_order() {
        assertBroken(
                new Story()
                        .written(1)
                        .turn("a", "um dois", 1L)
                        .said(2, "a", 2, "dois")
                        .said(3, "a", 1, "um"),
                Promise.OUT_OF_ORDER);
    }

    @Test
    void commands_carried_out_in_another_order_than_they_are_shown_in_are_out_of_order() {
        assertBroken(
                new Story()
                        .written(1)
                        .turn("a", "um", 1L)
                        .written(2)
                        .turn("b", "dois", 2L)
                        .shown(3, "b-1", "dois")
                        .shown(4, "a-1", "um")
                        .done(4, "a", 1)
                        .done(3, "b", 1),
                Promise.OUT_OF_ORDER);
    }

    @Test
    void turns_against_the_order_of_what_waited_are_out_of_order() {
        assertBroken(new Story().written(1).written(2).turn("a", "", 2L).turn("b", "", 1L), Promise.OUT_OF_ORDER);
        assertBroken(new Story().written(1).written(2).turn("a", "", 2L, 1L), Promise.OUT_OF_ORDER);
    }

    @Test
    void what_arrives_after_a_younger_one_may_be_answered_after_it() {
        var story =
                new Story().unheard(1).written(2).turn("a", "", 2L).accepted(1).turn("b", "", 1L);

        assertThat(Checker.check(story.evidence()).late()).isEqualTo(1);
        assertKept(story);
    }

    @Test
    void what_the_bot_says_after_it_could_see_a_person_is_said_over_them() {
        var story = new Story().written(1).turn("a", "oi", 1L).said(9, "a", 1, "oi");

        assertKept(story.looked("a-1", 50));
        assertBroken(story.taken(true, 5, 40, Long.MAX_VALUE), Promise.OVER_A_PERSON);
    }

    @Test
    void what_was_on_its_way_when_a_person_came_has_crossed() {
        var story = new Story()
                .written(1)
                .turn("a", "oi", 1L)
                .said(9, "a", 1, "oi")
                .looked("a-1", 30)
                .taken(true, 5, 40, Long.MAX_VALUE);

        assertThat(Checker.check(story.evidence()).crossed()).isEqualTo(1);
        assertKept(story);
    }

    @Test
    void a_conversation_given_back_is_the_bots_again() {
        assertKept(new Story()
                .written(1)
                .turn("a", "oi", 1L)
                .said(9, "a", 1, "oi")
                .looked("a-1", 70)
                .taken(true, 5, 40, 60));
    }

    @Test
    void the_word_that_a_person_was_called_is_no_interruption_until_they_speak() {
        var story = new Story()
                .written(1)
                .turn("a", "handed_off", "já chamo", 1L)
                .said(9, "a", 1, "já chamo")
                .looked("a-1", 50);

        assertKept(story.taken(false, 5, 40, Long.MAX_VALUE));
        assertBroken(story.taken(true, 5, 40, Long.MAX_VALUE), Promise.OVER_A_PERSON);
    }

    @Test
    void a_message_of_the_bot_that_no_command_tells_of_is_unexplained() {
        assertBroken(
                new Story().written(1).turn("a", "", 1L).shown(2, "x-1", "de onde vem isto?"), Promise.UNEXPLAINED);
    }

    @Test
    void what_was_held_back_is_not_said_later_though_it_may_have_been_said_before() {
        var turn = new Story().written(1).turn("a", "oi", 1L);
        var same = new Story().written(1).turn("a", "oi", 1L);

        assertBroken(turn.heldBack("a", 1).shown(2, "a-1", "oi"), Promise.UNEXPLAINED);
        assertKept(same.shown(2, "a-1", "oi").heldBack("a", 1));
    }

    private static void assertKept(Story story) {
        assertThat(Checker.check(story.evidence()).violations()).isEmpty();
    }

    private static void assertBroken(Story story, Promise promise) {
        assertThat(Checker.check(story.evidence()).violations())
                .extracting(Violation::promise)
                .containsOnly(promise);
    }
}
