package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InMemoryFlowStore;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 4 with the real store: commands of many turns are claimed, tried against a Chatwoot that fails in every way it
 * knows, and completed; and again and again the process dies between a try and the storing of its result, or before the
 * try. In the end the customer has seen every bubble once and in order.
 */
class SeenOnceTest {

    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final int MAX_ATTEMPTS = 1_000;
    private static final List<Fault> FAULTS = List.of(
            Fault.status(500),
            Fault.status(500).afterDoing(),
            Fault.status(503).afterDoing(),
            Fault.drop(),
            Fault.drop().afterDoing(),
            Fault.drop().afterDoing().hiding(Duration.ofSeconds(25)),
            Fault.garbage(),
            Fault.garbage().afterDoing(),
            Fault.cut(),
            Fault.rateLimited("5"));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_fails_and_whenever_we_die_each_bubble_is_seen_once_and_in_order(long seed) {
        var random = new Random(seed);
        try (var with = new SenderFixture();
                var store = new InMemoryFlowStore(new InMemoryEventLog())) {
            var id = new ConversationId(SenderFixture.TENANT, with.chatwoot.accountId(), with.conversation);
            var bubbles = new ArrayList<String>();
            var notes = new ArrayList<String>();
            for (int turn = 0; turn < 20; turn++) {
                plan(store, id, turn, commands(random, turn, bubbles, notes), with.clock.instant());
                deliver(store, with, random);
            }

            assertThat(with.chatwoot.messagesIn(with.conversation))
                    .as("seed %d", seed)
                    .isEqualTo(bubbles);
            assertThat(with.chatwoot.notesIn(with.conversation))
                    .as("seed %d", seed)
                    .isEqualTo(notes);
            assertThat(with.chatwoot.createdThroughApi()).as("seed %d", seed).isEqualTo(bubbles.size() + notes.size());
            assertThat(with.chatwoot.faults().struck()).as("faults shown").isGreaterThan(10);
        }
    }

    private static List<OutboundCommand> commands(Random random, int turn, List<String> bubbles, List<String> notes) {
        var commands = new ArrayList<OutboundCommand>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            bubbles.add("turn " + turn + " bubble " + i);
            commands.add(SenderFixture.answer("turn " + turn + " bubble " + i));
        }
        if (random.nextBoolean()) {
            notes.add("note of turn " + turn);
            commands.add(random.nextInt(commands.size() + 1), new AddPrivateNote("note of turn " + turn));
        }
        commands.add(new ChangeLabels(List.of("t" + turn), List.of()));
        return commands;
    }

    private static void plan(
            InMemoryFlowStore store, ConversationId id, int number, List<OutboundCommand> commands, Instant now) {
        var message = new InboundMessage(
                id, 1_000_000 + number, null, now, ContentType.TEXT, "oi", List.of(), Sender.UNKNOWN, null);
        var event = new InboundEvent(
                id, "message_created", List.of("m" + number), message, null, true, null, List.of(), new byte[0]);
        store.accept(event, TurnTiming.DEFAULT, now);
        Turn turn = store.claimTurns(FreeWorkers.of(1), now, LEASE).get(0);
        assertThat(store.completeTurn(turn, new TurnResult(commands, List.of(), null), 2, now))
                .isEqualTo(TurnOutcome.COMPLETED);
    }

    private static void deliver(InMemoryFlowStore store, SenderFixture with, Random random) {
        for (int step = 0; store.nextCommandDue(Line.REPLIES).isPresent(); step++) {
            assertThat(step).as("steps").isLessThan(2_000);
            Instant due = store.nextCommandDue(Line.REPLIES).orElseThrow();
            if (due.isAfter(with.clock.instant())) {
                with.clock.set(due);
            }
            for (CommandAttempt attempt :
                    store.claimCommands(Line.REPLIES, FreeWorkers.of(1), with.clock.instant(), LEASE)) {
                attempt(store, with, random, attempt);
            }
        }
    }

    private static void attempt(InMemoryFlowStore store, SenderFixture with, Random random, CommandAttempt attempt) {
        if (random.nextInt(8) == 0) {
            return; // killed before anything was sent
        }
        with.chatwoot.faults().clear();
        if (random.nextBoolean()) {
            var where = List.of(
                    SenderFixture.CREATING, SenderFixture.CREATING, SenderFixture.LISTING, SenderFixture.SHOWING);
            with.chatwoot.faults().next(1, where.get(random.nextInt(4)), FAULTS.get(random.nextInt(FAULTS.size())));
        }
        CommandResult result = with.sender.send(attempt);
        if (random.nextInt(8) == 0) {
            return; // killed before the result was stored
        }
        with.clock.advance(Duration.ofMillis(random.nextInt(2_000)));
        Instant now = with.clock.instant();
        store.completeCommand(attempt, result, now.plus(asked(result)), MAX_ATTEMPTS, now);
    }

    private static Duration asked(CommandResult result) {
        Duration least = Duration.ofSeconds(1);
        Duration after = result instanceof CommandResult.NotDone notDone
                ? notDone.after()
                : result instanceof CommandResult.Unclear unclear ? unclear.after() : null;
        return after == null || after.compareTo(least) < 0 ? least : after;
    }
}
