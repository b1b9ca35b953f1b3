package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnershipTest {

    private static final SendMessage ANSWER = new SendMessage("hello", null, Purpose.ANSWER);
    private static final SendMessage HANDOFF = new SendMessage("one moment", null, Purpose.HANDOFF);
    private static final ChangeLabels LABEL = new ChangeLabels(List.of("x"), List.of());

    @Test
    void nobody_has_taken_it_from_the_bot_at_first() {
        assertThat(Ownership.INITIAL.effective(at(0))).isEqualTo(Owner.BOT);
        assertThat(Ownership.INITIAL.silences(0, at(0))).isEmpty();
        assertThat(Ownership.INITIAL.holdsBack(ANSWER, 0, at(0))).isEmpty();
    }

    @Test
    void taking_it_from_the_bot_moves_the_fence_once() {
        Ownership assigned = Ownership.INITIAL.after(sign(Owner.HUMAN, 1, null, "assigned"), at(1));
        Ownership opened = assigned.after(sign(Owner.HUMAN, 2, null, "opened"), at(2));

        assertThat(assigned.fence()).isEqualTo(1);
        assertThat(opened.fence()).isEqualTo(1);
        assertThat(opened.reason()).isEqualTo("opened");
        assertThat(opened.fenceReason()).isEqualTo("assigned");
    }

    @Test
    void every_word_of_a_person_moves_the_fence() {
        Ownership spoken = Ownership.INITIAL.after(spoke(1), at(1)).after(spoke(2), at(2));

        assertThat(spoken.fence()).isEqualTo(2);
    }

    @Test
    void giving_it_back_does_not_move_the_fence_and_what_was_stale_stays_stale() {
        Ownership back = Ownership.INITIAL.after(spoke(1), at(1)).after(sign(Owner.BOT, 2, null, "back"), at(2));

        assertThat(back.effective(at(2))).isEqualTo(Owner.BOT);
        assertThat(back.fence()).isEqualTo(1);
        assertThat(back.silences(0, at(2))).contains("spoke");
        assertThat(back.holdsBack(ANSWER, 0, at(2))).contains("spoke");
        assertThat(back.silences(1, at(2))).isEmpty();
        assertThat(back.holdsBack(ANSWER, 1, at(2))).isEmpty();
    }

    @Test
    void taking_it_again_after_a_pause_has_run_out_moves_the_fence() {
        Ownership paused = Ownership.INITIAL.after(sign(Owner.PAUSED, 1, 5, "pause"), at(1));

        assertThat(paused.effective(at(4))).isEqualTo(Owner.PAUSED);
        assertThat(paused.effective(at(5))).isEqualTo(Owner.BOT);
        assertThat(paused.after(sign(Owner.HUMAN, 6, null, "assigned"), at(6)).fence())
                .isEqualTo(2);
        assertThat(paused.after(sign(Owner.HUMAN, 4, null, "assigned"), at(4)).fence())
                .isEqualTo(1);
    }

    @Test
    void an_older_sign_changes_nothing_and_one_of_the_same_time_counts() {
        Ownership taken = Ownership.INITIAL.after(sign(Owner.HUMAN, 5, null, "assigned"), at(5));

        assertThat(taken.after(sign(Owner.BOT, 4, null, "back"), at(6))).isEqualTo(taken);
        assertThat(taken.after(sign(Owner.BOT, 5, null, "back"), at(6)).effective(at(6)))
                .isEqualTo(Owner.BOT);
    }

    @Test
    void a_word_that_only_seems_older_than_our_own_handoff_makes_the_rest_of_it_stale() {
        Ownership handedOff = Ownership.INITIAL.afterOwn(sign(Owner.HUMAN, 5, null, "handoff"));

        assertThat(handedOff.fence()).isZero();
        assertThat(handedOff.holdsBack(HANDOFF, 0, at(5))).isEmpty();
        assertThat(handedOff.holdsBack(ANSWER, 0, at(5))).contains("handoff");
        Ownership spoken = handedOff.after(spoke(4), at(6));
        assertThat(spoken.holdsBack(HANDOFF, 0, at(6))).contains("spoke");
        assertThat(spoken.owner()).isEqualTo(Owner.HUMAN);
        assertThat(spoken.reason()).isEqualTo("handoff");
    }

    @Test
    void what_follows_when_we_have_called_a_person_is_not_the_reason_why_it_is_theirs() {
        for (String word : List.of("handoff", "policy_handoff", "bot_off")) {
            Ownership called = Ownership.INITIAL.afterOwn(sign(Owner.HUMAN, 5, null, word));

            Ownership opened = called.after(sign(Owner.HUMAN, 6, 50, "conversation_opened"), at(6));

            assertThat(opened.reason()).isEqualTo(word);
            assertThat(opened.until()).isEqualTo(at(50));
            assertThat(opened.after(spoke(7), at(7)).reason()).isEqualTo("spoke");
            assertThat(opened.after(sign(Owner.CLOSED, 7, null, "resolved"), at(7))
                            .reason())
                    .isEqualTo("resolved");
            assertThat(opened.after(sign(Owner.HUMAN, 51, null, "opened"), at(51))
                            .reason())
                    .as("the bot had it again")
                    .isEqualTo("opened");
        }
    }

    @Test
    void a_late_word_does_not_silence_the_bot_that_has_it_back() {
        Ownership back = Ownership.INITIAL.after(spoke(1), at(1)).after(sign(Owner.BOT, 5, null, "back"), at(5));

        assertThat(back.after(spoke(4), at(6))).isEqualTo(back);
    }

    @Test
    void a_pause_without_end_outlasts_what_people_do_meanwhile_and_their_words_still_move_the_fence() {
        Ownership off = Ownership.INITIAL.after(sign(Owner.PAUSED, 1, null, "off"), at(1));

        Ownership spoken = off.after(new OwnershipSignal(Owner.HUMAN, at(2), at(50), "spoke", true), at(2));
        Ownership opened = spoken.after(sign(Owner.HUMAN, 3, 50, "opened"), at(3));
        Ownership pausedByPolicy = opened.afterPolicy(sign(Owner.PAUSED, 4, 20, "pause"), at(4));

        for (Ownership each : List.of(spoken, opened, pausedByPolicy)) {
            assertThat(each.effective(at(60))).isEqualTo(Owner.PAUSED);
            assertThat(each.reason()).isEqualTo("off");
            assertThat(each.fence()).isEqualTo(2);
            assertThat(each.fenceReason()).isEqualTo("spoke");
        }
        assertThat(opened.after(sign(Owner.BOT, 2, null, "pending, late"), at(4)))
                .isEqualTo(opened);
        assertThat(opened.after(sign(Owner.BOT, 4, null, "on"), at(4)).effective(at(4)))
                .isEqualTo(Owner.BOT);
        assertThat(opened.after(sign(Owner.CLOSED, 4, null, "resolved"), at(4)).effective(at(4)))
                .isEqualTo(Owner.CLOSED);
    }

    @Test
    void a_pause_with_an_end_is_not_shortened_by_what_people_and_policies_do_meanwhile() {
        Ownership off = Ownership.INITIAL.after(sign(Owner.PAUSED, 1, 40, "off"), at(1));

        Ownership spoken = off.after(new OwnershipSignal(Owner.HUMAN, at(2), at(30), "spoke", true), at(2));
        Ownership pausedByPolicy = spoken.afterPolicy(sign(Owner.PAUSED, 3, 20, "pause"), at(3));

        assertThat(pausedByPolicy.effective(at(39))).isEqualTo(Owner.PAUSED);
        assertThat(pausedByPolicy.effective(at(40))).isEqualTo(Owner.BOT);
        assertThat(pausedByPolicy.fence()).isEqualTo(2);
        assertThat(off.after(sign(Owner.HUMAN, 2, 50, "spoke"), at(2)).effective(at(45)))
                .isEqualTo(Owner.HUMAN);
        assertThat(off.after(sign(Owner.HUMAN, 2, null, "assigned"), at(2)).effective(at(45)))
                .isEqualTo(Owner.HUMAN);
        assertThat(off.afterPolicy(sign(Owner.PAUSED, 2, 50, "pause"), at(2)).until())
                .isEqualTo(at(50));
    }

    @Test
    void a_policy_does_not_change_a_pause_that_a_person_has_asked_for() {
        Ownership off = Ownership.INITIAL.after(sign(Owner.PAUSED, 1, 40, "bot_off_command"), at(1));

        assertThat(off.afterPolicy(sign(Owner.HUMAN, 2, null, "policy_handoff"), at(2)))
                .isEqualTo(off);
        assertThat(off.afterPolicy(sign(Owner.PAUSED, 2, 50, "policy_pause"), at(2)))
                .isEqualTo(off);
        assertThat(off.afterPolicy(sign(Owner.HUMAN, 41, null, "policy_handoff"), at(41))
                        .owner())
                .as("it is over")
                .isEqualTo(Owner.HUMAN);
    }

    @Test
    void another_command_shortens_a_pause() {
        for (Integer end : new Integer[] {40, null}) {
            Ownership off = Ownership.INITIAL.after(sign(Owner.PAUSED, 1, end, "off"), at(1));

            assertThat(off.after(sign(Owner.PAUSED, 2, 10, "off for a while"), at(2))
                            .until())
                    .isEqualTo(at(10));
        }
    }

    @Test
    void our_own_decision_is_never_too_old() {
        Ownership ahead = Ownership.INITIAL.after(sign(Owner.BOT, 100, null, "clock_ahead"), at(0));

        Ownership own = ahead.afterOwn(sign(Owner.HUMAN, 1, null, "handoff"));

        assertThat(own.effective(at(1))).isEqualTo(Owner.HUMAN);
        assertThat(own.at()).isEqualTo(at(100));
    }

    @Test
    void only_what_is_closed_comes_back_with_a_customer_s_message() {
        Ownership closed = Ownership.INITIAL.after(sign(Owner.CLOSED, 5, null, "resolved"), at(5));
        Ownership human = Ownership.INITIAL.after(spoke(5), at(5));

        assertThat(closed.afterMessage(at(7), at(8)).effective(at(8))).isEqualTo(Owner.BOT);
        assertThat(closed.afterMessage(at(7), at(8)).at()).isEqualTo(at(7));
        assertThat(closed.afterMessage(at(3), at(8)).at()).isEqualTo(at(5));
        assertThat(human.afterMessage(at(7), at(8))).isEqualTo(human);
    }

    @Test
    void what_the_customer_does_not_see_is_never_held_back() {
        Ownership spoken = Ownership.INITIAL.after(spoke(1), at(1));

        assertThat(spoken.holdsBack(LABEL, 0, at(1))).isEmpty();
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(1_800_000_000L + second);
    }

    private static OwnershipSignal spoke(int second) {
        return new OwnershipSignal(Owner.HUMAN, at(second), null, "spoke", true);
    }

    private static OwnershipSignal sign(Owner owner, int second, @Nullable Integer until, String reason) {
        return new OwnershipSignal(owner, at(second), until == null ? null : at(until), reason, false);
    }
}
