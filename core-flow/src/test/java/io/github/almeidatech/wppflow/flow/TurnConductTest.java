package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.message;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static io.github.almeidatech.wppflow.flow.Given.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a burst is answered, and which messages together: the engine's steps on a virtual clock. */
class TurnConductTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final ConversationId HERE = conversation(1);
    private static final TurnTiming TIMING = TurnTiming.DEFAULT;
    private static final Duration LEASE = Duration.ofMinutes(2);

    private final List<Event> events = new ArrayList<>();
    private final FlowStore store = new InMemoryFlowStore(new WatchedLog(events::add));
    /** What was sent: the second, and the messages that were answered. */
    private final List<String> answered = new ArrayList<>();

    private Instant now = START;
    private int maxSupersedes = 2;
    private ToIntFunction<Turn> bound = turn -> maxSupersedes;
    private Consumer<Turn> whileThinking = turn -> {};

    @Test
    void a_burst_is_answered_together_after_a_quiet_time() {
        writes(0, 1);
        writes(3, 2);
        writes(6, 3);

        pass(60);

        assertThat(answered).containsExactly("10: 1 2 3");
    }

    @Test
    void an_endless_burst_is_answered_after_the_hard_cap_and_goes_on() {
        for (int i = 0; i <= 20; i++) {
            writes(2 * i, i + 1);
        }

        pass(120);

        assertThat(answered).containsExactly("30: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "44: 16 17 18 19 20 21");
    }

    @Test
    void many_messages_are_answered_at_once() {
        for (int i = 1; i <= 20; i++) {
            writes(0, i);
        }

        pass(0);

        assertThat(answered).hasSize(1);
    }

    @Test
    void an_urgent_word_is_answered_at_once_with_what_came_before_it() {
        writes(0, 1);
        at(2);
        accept(HERE, 2, TIMING, true);

        pass(0);

        assertThat(answered).containsExactly("2: 1 2");
    }

    @Test
    void a_voice_note_keeps_the_window_open_longer() {
        writes(0, 1);
        at(2);
        accept(HERE, 2, new TurnTiming(Duration.ofSeconds(8), TIMING.maxWait(), TIMING.maxMessages()), false);
        writes(9, 3);

        pass(60);

        assertThat(answered)
                .as("nine seconds after the note, and four of quiet")
                .containsExactly("13: 1 2 3");
    }

    @Test
    void a_voice_note_that_is_still_being_heard_is_answered_with_what_is_written_meanwhile() {
        writes(0, 1);
        whileThinking = turn -> {
            now = now.plusSeconds(10); // transcribing
            if (answered.isEmpty() && now.equals(START.plusSeconds(14))) {
                accept(HERE, 2, TIMING, false);
            }
        };

        pass(60);

        assertThat(answered).containsExactly("28: 1 2");
        assertThat(types()).containsExactly("turn.superseded");
    }

    @Test
    void each_conversation_has_times_of_its_own() {
        accept(HERE, 1, TIMING, false);
        accept(conversation(2), 2, new TurnTiming(Duration.ofSeconds(1), Duration.ofSeconds(5), 2), false);
        accept(conversation(3), 3, new TurnTiming(Duration.ZERO, Duration.ofSeconds(5), 2), false);

        pass(60);

        assertThat(answered).containsExactly("0: 3", "1: 2", "4: 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void as_many_answers_are_dropped_as_is_set_then_one_goes_out_and_the_rest_is_the_next_turn(int most) {
        maxSupersedes = most;
        var id = new int[] {1};
        writes(0, 1);
        whileThinking = turn -> {
            if (id[0] < 8) {
                accept(HERE, ++id[0], TIMING, false); // a word into every answer
            }
        };

        pass(600);

        assertThat(answered.get(0)).as("with all that was there when it began").endsWith(": " + upTo(most + 1));
        assertThat(String.join(" ", answered).replaceAll("\\d+: ", ""))
                .as("each message in one answer")
                .isEqualTo(upTo(8));
        int drafts = types().size();
        assertThat(drafts).as("what was dropped").isEqualTo(most == 0 ? 0 : 8 - answered.size());
    }

    @Test
    void the_bound_is_that_of_the_turns_own_tenant_inbox_or_intent() {
        bound = turn -> turn.conversation().equals(HERE) ? 0 : 1;
        writes(0, 1);
        accept(conversation(2), 11, TIMING, false);
        whileThinking = turn -> {
            if (turn.messages().size() == 1
                    && turn.supersedes() == 0
                    && turn.messages().get(0).messageId() % 10 == 1) {
                accept(turn.conversation(), turn.messages().get(0).messageId() + 1, TIMING, false);
            }
        };

        pass(60);

        assertThat(answered).containsExactlyInAnyOrder("4: 1", "8: 2", "8: 11 12");
    }

    @Test
    void an_older_message_that_comes_late_joins_the_next_turn_in_its_place() {
        writes(0, 7);
        pass(60);
        writes(61, 9);
        writes(62, 5);

        pass(60);

        assertThat(answered).containsExactly("4: 7", "66: 5 9");
    }

    @Test
    void an_older_message_that_comes_while_the_answer_is_written_supersedes_it() {
        writes(0, 7);
        whileThinking = turn -> {
            if (types().isEmpty()) {
                store.accept(arrival(HERE, 5), TIMING, now);
            }
        };

        pass(60);

        assertThat(answered).containsExactly("8: 5 7");
    }

    /** How far a turn has come when the process dies. */
    private enum State {
        WAITING,
        CLAIMED,
        THOUGHT_ABOUT,
        ANSWERED,
        BEING_SENT
    }

    @ParameterizedTest
    @EnumSource
    void a_restart_in_any_state_goes_on_and_each_message_is_answered_once(State reached) {
        writes(0, 1);
        writes(1, 2);
        TurnStep dying = turns();
        now = START.plusSeconds(5);
        if (reached != State.WAITING) {
            Turn turn = dying.claim(FreeWorkers.of(1)).get(0);
            if (reached != State.CLAIMED) {
                TurnStep.Answered thought = dying.answer(turn);
                if (reached != State.THOUGHT_ABOUT) {
                    dying.finish(thought);
                }
                if (reached == State.BEING_SENT) {
                    assertThat(replies().claim(FreeWorkers.of(1))).hasSize(1); // and never sent
                }
            }
        }

        store.recover(now);
        pass(60);

        assertThat(answered).hasSize(1).allSatisfy(each -> assertThat(each).endsWith(": 1 2"));
        assertThat(store.stateOf(HERE).waitingMessages()).isEmpty();
    }

    private void writes(int second, long id) {
        at(second);
        accept(HERE, id, TIMING, false);
    }

    private void accept(ConversationId conversation, long id, TurnTiming timing, boolean urgent) {
        InboundEvent event = arrival(conversation, id);
        InboundMessage message = message(conversation, id);
        store.accept(
                new InboundEvent(
                        conversation, event.event(), event.keys(), message, null, urgent, null, List.of(), new byte[0]),
                timing,
                now);
    }

    private void at(int second) {
        pass((int) Duration.between(now, START.plusSeconds(second)).toSeconds());
    }

    /** Lets time pass, and everything that is due on the way happen at its time. */
    private void pass(int seconds) {
        Instant end = now.plusSeconds(seconds);
        TurnStep turns = turns();
        CommandStep replies = replies();
        while (true) {
            for (Turn turn = claimed(turns); turn != null; turn = claimed(turns)) {
                turns.run(turn, () -> false);
            }
            for (var tries = replies.claim(FreeWorkers.of(1));
                    !tries.isEmpty();
                    tries = replies.claim(FreeWorkers.of(1))) {
                CommandAttempt next = tries.get(0);
                while (next != null) {
                    next = replies.run(next, () -> true);
                }
            }
            Optional<Instant> next = store.nextTurnDue().filter(due -> !due.isAfter(end));
            if (next.isEmpty()) {
                now = now.isAfter(end) ? now : end;
                return;
            }
            now = next.get().isAfter(now) ? next.get() : now;
        }
    }

    private static Turn claimed(TurnStep turns) {
        List<Turn> claimed = turns.claim(FreeWorkers.of(1));
        return claimed.isEmpty() ? null : claimed.get(0);
    }

    private TurnStep turns() {
        var handler = new TurnHandler() {
            @Override
            public TurnResult answer(Turn turn) {
                whileThinking.accept(turn);
                return saying(String.join(
                        " ",
                        turn.messages().stream()
                                .map(each -> String.valueOf(each.messageId()))
                                .toList()));
            }

            @Override
            public TurnResult giveUp(Turn turn, RuntimeException failure) {
                throw failure;
            }
        };
        return new TurnStep(
                store,
                handler,
                () -> now,
                settings(),
                backoff(),
                access(),
                FlowListener.NONE,
                Given.NOBODY_SPARE,
                line -> {});
    }

    private CommandStep replies() {
        CommandSender sender = attempt -> {
            answered.add(Duration.between(START, now).toSeconds() + ": " + text(attempt.command()));
            return new CommandResult.Done("sent");
        };
        return new CommandStep(
                Line.REPLIES, store, sender, () -> now, settings(), backoff(), access(), FlowListener.NONE);
    }

    private EngineSettings settings() {
        return new EngineSettings(LEASE, LEASE, turn -> bound.applyAsInt(turn), 3, 5, 5);
    }

    private static Backoff backoff() {
        return new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), () -> 0.5);
    }

    private static StoreAccess access() {
        return new StoreAccess(FlowListener.NONE, time -> {});
    }

    private List<String> types() {
        return events.stream()
                .map(Event::type)
                .filter(type -> type.equals("turn.superseded"))
                .toList();
    }

    private static String upTo(int last) {
        var text = new StringBuilder("1");
        for (int i = 2; i <= last; i++) {
            text.append(' ').append(i);
        }
        return text.toString();
    }
}
