package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores with one mistake each, of the kind one really makes. The simulation must notice every one of them. */
final class PlantedFaults {

    private PlantedFaults() {}

    /** A late worker completes under the present claim. */
    static final class CompletesWithoutToken extends ForwardingStore {
        private final Map<ConversationId, Turn> latest = new HashMap<>();

        CompletesWithoutToken(FlowStore inner) {
            super(inner);
        }

        @Override
        public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
            List<Turn> turns = super.claimTurns(free, now, lease);
            turns.forEach(turn -> latest.put(turn.conversation(), turn));
            return turns;
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            Turn present = latest.getOrDefault(turn.conversation(), turn);
            return super.completeTurn(present, result, maxSupersedes, now, next);
        }
    }

    /** An answer begun before a person spoke goes out when the bot has the conversation again. */
    static final class ForgetsTheFence extends ForwardingStore {
        ForgetsTheFence(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            long present = stateOf(turn.conversation()).ownership().fence();
            var renewed = new Turn(
                    turn.conversation(),
                    turn.id(),
                    turn.messages(),
                    turn.attempt(),
                    turn.supersedes(),
                    present,
                    turn.leaseUntil(),
                    turn.token(),
                    turn.lastInboxId());
            return super.completeTurn(renewed, result, maxSupersedes, now, next);
        }
    }

    /** Messages in the order in which their webhooks came. */
    static final class OrdersByArrival extends ForwardingStore {
        private final List<Long> arrivals = new ArrayList<>();

        OrdersByArrival(FlowStore inner) {
            super(inner);
        }

        @Override
        public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
            InboundMessage message = event.message();
            if (message != null) {
                arrivals.add(message.messageId());
            }
            return super.accept(event, timing, now);
        }

        @Override
        public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
            return super.claimTurns(free, now, lease).stream()
                    .map(this::byArrival)
                    .toList();
        }

        private Turn byArrival(Turn turn) {
            var messages = new ArrayList<>(turn.messages());
            messages.sort(Comparator.comparingInt(message -> arrivals.indexOf(message.messageId())));
            return new Turn(
                    turn.conversation(),
                    turn.id(),
                    messages,
                    turn.attempt(),
                    turn.supersedes(),
                    turn.fence(),
                    turn.leaseUntil(),
                    turn.token(),
                    turn.lastInboxId());
        }
    }

    /** Looks for the keys first and writes them afterwards, in a transaction of its own that a crash prevents. */
    static final class LooksThenInserts extends ForwardingStore {
        private final Set<String> known = new HashSet<>();
        private int events;

        LooksThenInserts(FlowStore inner) {
            super(inner);
        }

        @Override
        public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
            String tenant = event.conversation().tenant().value();
            if (event.keys().stream().anyMatch(key -> known.contains(tenant + key))) {
                return Acceptance.DUPLICATE;
            }
            events++;
            var unseen = new InboundEvent(
                    event.conversation(),
                    event.event(),
                    List.of("row:" + events),
                    event.message(),
                    event.signal(),
                    event.urgent(),
                    event.personKey(),
                    event.events(),
                    event.raw());
            Acceptance acceptance = super.accept(unseen, timing, now);
            if (events % 10 == 0) {
                throw new IllegalStateException("crashed between the two");
            }
            event.keys().forEach(key -> known.add(tenant + key));
            return acceptance;
        }
    }

    /** Knows a message by its id only, so that one that became two is answered twice. */
    static final class KnowsOneKeyOnly extends ForwardingStore {
        KnowsOneKeyOnly(FlowStore inner) {
            super(inner);
        }

        @Override
        public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
            return super.accept(
                    new InboundEvent(
                            event.conversation(),
                            event.event(),
                            event.keys().subList(0, 1),
                            event.message(),
                            event.signal(),
                            event.urgent(),
                            event.personKey(),
                            event.events(),
                            event.raw()),
                    timing,
                    now);
        }
    }

    /** Says yes before it has stored; every twentieth time it then dies. */
    static final class AnswersBeforeCommit extends ForwardingStore {
        private int events;

        AnswersBeforeCommit(FlowStore inner) {
            super(inner);
        }

        @Override
        public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
            return ++events % 20 == 0 ? Acceptance.STORED : super.accept(event, timing, now);
        }
    }

    /** Stores the commands after the turn, in a transaction of their own that a crash prevents. */
    static final class StoresCommandsApart extends ForwardingStore {
        private int turns;

        StoresCommandsApart(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            boolean crashes = ++turns % 10 == 0;
            var stored = crashes ? new TurnResult(List.of(), result.events(), result.ownership()) : result;
            return super.completeTurn(turn, stored, maxSupersedes, now, next);
        }
    }

    /** Lets the customer postpone the answer for ever. */
    static final class SupersedesForEver extends ForwardingStore {
        SupersedesForEver(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            return super.completeTurn(turn, result, Integer.MAX_VALUE, now, next);
        }
    }

    /** Asks who owns the conversation when the turn is completed, but not before each bubble. */
    static final class IgnoresTakeoverBetweenBubbles extends ForwardingStore {
        private static final String SECRET = "bubble:";

        IgnoresTakeoverBetweenBubbles(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            List<OutboundCommand> commands = result.commands().stream()
                    .map(IgnoresTakeoverBetweenBubbles::hidden)
                    .toList();
            var stored = new TurnResult(commands, result.events(), result.ownership());
            TurnCompletion completion = super.completeTurn(turn, stored, maxSupersedes, now, next);
            return new TurnCompletion(completion.outcome(), shown(completion.next()));
        }

        @Override
        public CommandCompletion completeCommand(
                CommandAttempt attempt,
                CommandResult result,
                Instant retryAt,
                int maxAttempts,
                Instant now,
                @Nullable NextClaim next) {
            CommandCompletion completion = super.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
            return new CommandCompletion(completion.stored(), shown(completion.next()));
        }

        private static @Nullable CommandAttempt shown(@Nullable CommandAttempt attempt) {
            return attempt == null ? null : with(attempt, shown(attempt.command()), attempt.unclearSince());
        }

        private static OutboundCommand hidden(OutboundCommand command) {
            return command instanceof SendMessage message && message.purpose() == Purpose.ANSWER
                    ? new AddPrivateNote(SECRET + message.text())
                    : command;
        }

        private static OutboundCommand shown(OutboundCommand command) {
            return command instanceof AddPrivateNote note && note.text().startsWith(SECRET)
                    ? new SendMessage(note.text().substring(SECRET.length()), null, Purpose.ANSWER)
                    : command;
        }

        @Override
        public ConversationState stateOf(ConversationId conversation) {
            ConversationState state = super.stateOf(conversation);
            List<WaitingCommand> commands = state.commands().stream()
                    .map(each -> new WaitingCommand(
                            each.commandId(),
                            each.turnId(),
                            each.key(),
                            shown(each.command()),
                            each.attempts(),
                            each.due(),
                            each.unclearSince()))
                    .toList();
            return new ConversationState(
                    state.ownership(),
                    state.waitingMessages(),
                    state.turnDue(),
                    state.turnClaimedUntil(),
                    state.turnAttempts(),
                    state.supersedes(),
                    commands,
                    state.commandClaimedUntil(),
                    state.recordClaimedUntil());
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            return super.claimCommands(line, free, now, lease).stream()
                    .map(each -> with(each, shown(each.command()), each.unclearSince()))
                    .toList();
        }
    }

    /** A worker that died keeps its conversation for ever. */
    static final class NeverEndsAClaim extends ForwardingStore {
        NeverEndsAClaim(FlowStore inner) {
            super(inner);
        }

        @Override
        public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
            return leased(super.claimTurns(free, now, Duration.ofDays(3650)), now.plus(lease));
        }

        @Override
        public void recover(Instant now) {}
    }

    /** Two workers of one conversation at the same time: the second claim does not wait for the lease. */
    static final class ClaimsTwice extends ForwardingStore {
        ClaimsTwice(FlowStore inner) {
            super(inner);
        }

        @Override
        public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
            return leased(super.claimTurns(free, now, Duration.ofMillis(1)), now.plus(lease));
        }
    }

    private static List<Turn> leased(List<Turn> turns, Instant leaseUntil) {
        return turns.stream()
                .map(turn -> new Turn(
                        turn.conversation(),
                        turn.id(),
                        turn.messages(),
                        turn.attempt(),
                        turn.supersedes(),
                        turn.fence(),
                        leaseUntil,
                        turn.token(),
                        turn.lastInboxId()))
                .toList();
    }

    static CommandAttempt with(CommandAttempt attempt, OutboundCommand command, @Nullable Instant unclearSince) {
        return new CommandAttempt(
                attempt.commandId(),
                attempt.conversation(),
                attempt.turnId(),
                attempt.key(),
                command,
                attempt.attempt(),
                unclearSince,
                attempt.leaseUntil(),
                attempt.token());
    }
}
