package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept when something arrives, who owns a conversation then, and when its turn is due. */
abstract class FlowStoreAcceptRules extends FlowStoreFixture {

    private static final TurnTiming CALM = new TurnTiming(Duration.ofSeconds(4), Duration.ofSeconds(10), 4);

    @Test
    void an_empty_store_has_nothing_to_do() {
        assertThat(turns(0)).isEmpty();
        assertThat(commands(0)).isEmpty();
        assertThat(store.nextTurnDue()).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
        assertThat(store.stats(T0)).isEqualTo(waits(0, 0, 0, null));
        assertThat(store.ownerOf(CONVERSATION, T0)).isEqualTo(Owner.BOT);
        assertThat(store.stateOf(CONVERSATION).waitingMessages()).isEmpty();
    }

    @Test
    void a_message_waits_for_its_turn_and_comes_back_as_it_was() {
        InboundEvent event = arrival(CONVERSATION, 11, at(0), false);

        assertThat(store.accept(event, AT_ONCE, at(0))).isEqualTo(Acceptance.STORED);

        assertThat(store.stats(at(1))).isEqualTo(waits(1, 0, 0, at(0)));
        assertThat(turn(0).messages()).containsExactly(event.message());
    }

    @Test
    void one_known_key_makes_a_duplicate() {
        store.accept(arrival(CONVERSATION, 11, at(0), false, "a", "b"), AT_ONCE, at(0));

        assertThat(store.accept(arrival(CONVERSATION, 12, at(1), false, "c", "b"), AT_ONCE, at(1)))
                .isEqualTo(Acceptance.DUPLICATE);
        assertThat(ids(turn(1))).containsExactly(11L);
    }

    @Test
    void the_other_keys_of_a_duplicate_are_known_from_then_on() {
        store.accept(arrival(CONVERSATION, 11, at(0), false, "a"), AT_ONCE, at(0));
        store.accept(arrival(CONVERSATION, 12, at(1), false, "a", "b"), AT_ONCE, at(1));

        assertThat(store.accept(arrival(CONVERSATION, 12, at(2), false, "b"), AT_ONCE, at(2)))
                .isEqualTo(Acceptance.DUPLICATE);
    }

    @Test
    void a_duplicate_is_known_after_its_turn_and_after_a_restart() {
        answered(11, 0);
        restart();

        assertThat(write(11, 5)).isEqualTo(Acceptance.DUPLICATE);
        assertThat(turns(60)).isEmpty();
    }

    @Test
    void a_duplicate_changes_nothing_else() {
        store.accept(arrival(CONVERSATION, 11, at(0), false, "a"), CALM, at(0));
        var again = new InboundEvent(
                CONVERSATION,
                "message_created",
                List.of("a"),
                message(CONVERSATION, 11, at(3)),
                spoke(at(3)),
                true,
                "person-2",
                List.of(note(CONVERSATION, "message.received", at(3))),
                new byte[0]);

        store.accept(again, CALM, at(3));

        assertThat(log(TENANT)).isEmpty();
        assertThat(store.ownerOf(CONVERSATION, at(3))).isEqualTo(Owner.BOT);
        assertThat(store.nextTurnDue()).contains(at(4));
    }

    @Test
    void the_same_key_of_another_tenant_is_another_key() {
        write(11, 0);

        assertThat(write(new ConversationId(OTHER, 7, 1), 11, 0)).isEqualTo(Acceptance.STORED);
        assertThat(turns(0)).hasSize(2);
    }

    @Test
    void conversation_numbers_are_of_one_account() {
        write(CONVERSATION, 11, 0);
        write(new ConversationId(TENANT, 8, 1), 12, 0);

        assertThat(turns(0)).hasSize(2);
    }

    @Test
    void the_events_given_are_written_in_their_order_before_the_store_s_own() {
        Event first = note(CONVERSATION, "message.observed", at(0));
        Event second = note(CONVERSATION, "something.else", at(0));

        store.accept(signal(CONVERSATION, spoke(at(0)), first, second), AT_ONCE, at(0));

        assertThat(log(TENANT)).startsWith(first, second);
        assertThat(logTypes()).containsExactly("message.observed", "something.else", "ownership.changed");
        Event changed = log("ownership.changed").get(0);
        assertThat(changed.causeId()).isEqualTo(first.id());
        assertThat(changed.payload()).containsEntry("owner", "human").containsEntry("reason", "human_agent_message");
        assertThat(changed.conversation()).isEqualTo(CONVERSATION);
        assertThat(changed.at()).isEqualTo(at(0));
    }

    @Test
    void an_event_with_only_a_signal_may_be_applied_again_and_makes_no_turn() {
        assertThat(signal(owns(Owner.HUMAN, at(0)), 0)).isEqualTo(Acceptance.STORED);
        assertThat(signal(owns(Owner.HUMAN, at(0)), 1)).isEqualTo(Acceptance.STORED);

        assertThat(store.nextTurnDue()).isEmpty();
        assertThat(log("ownership.changed")).hasSize(1);
        assertThat(store.stateOf(CONVERSATION).ownership().fence()).isEqualTo(1);
    }

    @Test
    void a_message_to_a_person_is_history_with_a_reason() {
        signal(spoke(at(0)), 0);

        assertThat(write(11, 1)).isEqualTo(Acceptance.HUMAN_OWNED);

        assertThat(turns(60)).isEmpty();
        assertThat(store.stats(at(60)).waitingMessages()).isZero();
        Event silenced = only(log("turn.silenced"));
        assertThat(silenced.payload())
                .containsEntry("reason", "human_agent_message")
                .containsEntry("owner", "human");
        assertThat(numbers(silenced.payload().get("message_ids"))).containsExactly(11L);
        assertThat(silenced.causeId()).isEqualTo("11");
        assertThat(silenced.personKey()).isEqualTo(PERSON);
    }

    @Test
    void a_signal_counts_before_the_message_it_comes_with() {
        var both = new InboundEvent(
                CONVERSATION,
                "message_created",
                List.of("a"),
                message(CONVERSATION, 11, at(0)),
                owns(Owner.HUMAN, at(0)),
                false,
                PERSON,
                List.of(),
                new byte[0]);

        assertThat(store.accept(both, AT_ONCE, at(0))).isEqualTo(Acceptance.HUMAN_OWNED);
    }

    @Test
    void a_pause_ends_by_itself() {
        signal(new OwnershipSignal(Owner.PAUSED, at(0), at(10), "pause", false), 0);

        assertThat(store.ownerOf(CONVERSATION, at(9.999))).isEqualTo(Owner.PAUSED);
        assertThat(write(11, 9.999)).isEqualTo(Acceptance.HUMAN_OWNED);
        assertThat(store.ownerOf(CONVERSATION, at(10))).isEqualTo(Owner.BOT);
        assertThat(write(12, 10)).isEqualTo(Acceptance.STORED);
        assertThat(ids(turn(10))).containsExactly(12L);
    }

    @Test
    void a_closed_conversation_is_the_bot_s_again_when_the_customer_writes() {
        signal(owns(Owner.CLOSED, at(0)), 0);

        assertThat(write(11, 5)).isEqualTo(Acceptance.STORED);

        assertThat(store.ownerOf(CONVERSATION, at(5))).isEqualTo(Owner.BOT);
        assertThat(log("ownership.changed"))
                .extracting(event -> event.payload().get("owner"))
                .containsExactly("closed", "bot");
        signal(owns(Owner.CLOSED, at(2)), 6);
        assertThat(store.ownerOf(CONVERSATION, at(6))).isEqualTo(Owner.BOT);
    }

    @Test
    void a_signal_older_than_the_one_in_force_does_not_change_the_owner() {
        signal(owns(Owner.HUMAN, at(10)), 10);
        signal(owns(Owner.BOT, at(9)), 11);

        assertThat(store.ownerOf(CONVERSATION, at(11))).isEqualTo(Owner.HUMAN);

        signal(owns(Owner.BOT, at(12)), 12);
        signal(spoke(at(11)), 13);

        assertThat(store.ownerOf(CONVERSATION, at(13))).isEqualTo(Owner.BOT);
    }

    @Test
    void ownership_survives_a_restart() {
        signal(new OwnershipSignal(Owner.HUMAN, at(0), at(100), "human_agent_message", true), 0);
        var before = store.stateOf(CONVERSATION).ownership();
        restart();

        assertThat(store.stateOf(CONVERSATION).ownership()).isEqualTo(before);
        assertThat(store.ownerOf(CONVERSATION, at(99))).isEqualTo(Owner.HUMAN);
        assertThat(store.ownerOf(CONVERSATION, at(100))).isEqualTo(Owner.BOT);
    }

    @Test
    void a_turn_is_due_after_a_quiet_time() {
        calm(11, 0, false);
        assertThat(store.nextTurnDue()).contains(at(4));
        calm(12, 3, false);

        assertThat(store.nextTurnDue()).contains(at(7));
        assertThat(turns(6.999)).isEmpty();
        assertThat(ids(turn(7))).containsExactly(11L, 12L);
    }

    @Test
    void an_endless_burst_is_answered_at_the_cap() {
        calm(11, 0, false);
        calm(12, 3.5, false);
        calm(13, 7, false);

        assertThat(store.nextTurnDue()).contains(at(10));
        assertThat(ids(turn(10))).containsExactly(11L, 12L, 13L);
    }

    @Test
    void many_messages_are_answered_at_once() {
        for (int i = 0; i < 4; i++) {
            calm(11 + i, i * 0.1, false);
        }

        assertThat(ids(turn(0.3))).containsExactly(11L, 12L, 13L, 14L);
    }

    @Test
    void an_urgent_message_is_answered_at_once_also_when_more_follow() {
        calm(11, 0, false);
        calm(12, 1, true);
        assertThat(store.nextTurnDue()).contains(at(1));
        calm(13, 2, false);

        assertThat(ids(turn(2))).containsExactly(11L, 12L, 13L);
    }

    @Test
    void the_timing_of_the_latest_message_counts() {
        store.accept(arrival(CONVERSATION, 11, at(0), false), CALM, at(0));
        store.accept(arrival(CONVERSATION, 12, at(1), false), AT_ONCE, at(1));

        assertThat(turns(1)).hasSize(1);
    }

    @Test
    void what_waits_survives_a_restart_with_its_due_time() {
        calm(11, 0, false);
        restart();

        assertThat(store.nextTurnDue()).contains(at(4));
        assertThat(turns(3.999)).isEmpty();
        assertThat(turn(4).messages()).containsExactly(message(CONVERSATION, 11, at(0)));
    }

    private void calm(long id, double seconds, boolean urgent) {
        store.accept(arrival(CONVERSATION, id, at(seconds), urgent), CALM, at(seconds));
    }

    static List<Long> numbers(@Nullable Object list) {
        return ((List<?>) java.util.Objects.requireNonNull(list))
                .stream().map(each -> ((Number) each).longValue()).toList();
    }
}
