package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers in bubbles no two of which are alike, labels, plans for later, hands over, stays silent, and breaks. */
final class SimulatedBot implements TurnHandler {

    private final Random random;
    private final Supplier<Instant> clock;
    private final Map<String, Integer> hits;
    double trouble;
    private int texts;

    /** Whose answer was last left to somebody else. */
    @Nullable
    Turn asked;

    SimulatedBot(Random random, Supplier<Instant> clock, Map<String, Integer> hits) {
        this.random = random;
        this.clock = clock;
        this.hits = hits;
    }

    @Override
    public TurnResult answer(Turn turn) {
        breakSometimes(trouble);
        return switch (random.nextInt(11)) {
            case 10 -> waiting(turn);
            case 0 -> result("silent", turn, List.of(), null);
            case 1 -> handoff(turn);
            case 2 ->
                result(
                        "pause",
                        turn,
                        List.of(new ChangeLabels(List.of("label " + ++texts), List.of())),
                        new OwnershipSignal(
                                Owner.PAUSED, clock.get(), clock.get().plusSeconds(20), "own_pause", false));
            default -> result("answer", turn, bubbles(), null);
        };
    }

    @Override
    public TurnResult giveUp(Turn turn, RuntimeException failure) {
        breakSometimes(trouble);
        hits.merge("given up", 1, Integer::sum);
        return handoff(turn);
    }

    private void breakSometimes(double probability) {
        if (random.nextDouble() < probability) {
            if (random.nextBoolean()) {
                throw new IllegalStateException("the model is down");
            }
            throw new StackOverflowError("simulated");
        }
    }

    private List<OutboundCommand> bubbles() {
        var commands = new ArrayList<OutboundCommand>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String text = "bubble " + ++texts;
            switch (random.nextInt(11)) {
                case 0 -> commands.add(new ChangeLabels(List.of("label " + text), List.of()));
                case 1 ->
                    commands.add(new FollowUp(
                            clock.get().plusSeconds(random.nextInt(60)), text, null, random.nextBoolean()));
                case 2 -> commands.add(new CallWebhook("hook", Map.of("text", text)));
                case 3, 4 ->
                    commands.add(new UpdateContact("person", text, null, Map.of(text, "x"), random.nextBoolean()));
                default -> commands.add(new SendMessage(text, null, Purpose.ANSWER));
            }
        }
        return commands;
    }

    private TurnResult handoff(Turn turn) {
        var label = new ChangeLabels(List.of("handoff " + ++texts), List.of());
        var word = new SendMessage("handoff " + texts, null, Purpose.HANDOFF);
        return result(
                "handoff",
                turn,
                List.of(label, word),
                new OwnershipSignal(Owner.HUMAN, clock.get(), null, "handoff", false));
    }

    /** Somebody else answers later. */
    private TurnResult waiting(Turn turn) {
        hits.merge("bot: waiting", 1, Integer::sum);
        asked = turn;
        return TurnResult.waiting(clock.get().plusSeconds(1 + random.nextInt(60)), List.of());
    }

    private TurnResult result(
            String outcome, Turn turn, List<OutboundCommand> commands, @Nullable OwnershipSignal ownership) {
        hits.merge("bot: " + outcome, 1, Integer::sum);
        Instant now = clock.get();
        var event = new Event(
                Uuid7.at(now),
                turn.conversation().tenant(),
                turn.conversation(),
                null,
                "turn.completed",
                1,
                Map.of("outcome", outcome, "reason", "simulated_" + outcome),
                Event.Source.BOT,
                null,
                turn.id(),
                0,
                now);
        return new TurnResult(commands, List.of(event), ownership);
    }
}
