package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The same for what is claimed with a result. */
final class PlantedGoingOnFaults {

    private PlantedGoingOnFaults() {}

    /** The next answer is claimed without looking at who has the conversation. */
    static final class OverAPerson extends ForwardingStore {
        OverAPerson(FlowStore inner) {
            super(inner);
        }

        @Override
        public CommandCompletion completeCommand(
                CommandAttempt attempt,
                CommandResult result,
                Instant retryAt,
                int maxAttempts,
                Instant now,
                @Nullable NextClaim next) {
            if (next == null || inner.ownerOf(attempt.conversation(), now) == Owner.BOT) {
                return inner.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
            }
            boolean stored = inner.completeCommand(attempt, result, retryAt, maxAttempts, now);
            Optional<CommandAttempt> overAPerson = stored
                    ? behind(inner, attempt, now)
                            .filter(each -> each.command().isAnswer())
                            .map(each -> claimed(each, attempt.conversation(), now.plus(next.lease()), next.token()))
                            .findFirst()
                    : Optional.empty();
            return new CommandCompletion(stored, overAPerson.orElse(null));
        }
    }

    /** What has to be tried again lets the next one pass. */
    static final class PastTheLine extends ForwardingStore {
        PastTheLine(FlowStore inner) {
            super(inner);
        }

        @Override
        public CommandCompletion completeCommand(
                CommandAttempt attempt,
                CommandResult result,
                Instant retryAt,
                int maxAttempts,
                Instant now,
                @Nullable NextClaim next) {
            CommandCompletion right = inner.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
            boolean waits = next != null && right.stored() && right.next() == null;
            Optional<CommandAttempt> past = waits
                    ? behind(inner, attempt, now)
                            .filter(each -> each.commandId() != attempt.commandId())
                            .map(each -> claimed(each, attempt.conversation(), now.plus(next.lease()), next.token()))
                            .findFirst()
                    : Optional.empty();
            return past.map(each -> new CommandCompletion(true, each)).orElse(right);
        }
    }

    /** A result that is stored again is a late one, whatever was claimed with it. */
    static final class ForgetsTheClaim extends ForwardingStore {
        private final Set<String> stored = new HashSet<>();

        ForgetsTheClaim(FlowStore inner) {
            super(inner);
        }

        @Override
        public CommandCompletion completeCommand(
                CommandAttempt attempt,
                CommandResult result,
                Instant retryAt,
                int maxAttempts,
                Instant now,
                @Nullable NextClaim next) {
            return next == null || stored.add(next.token())
                    ? inner.completeCommand(attempt, result, retryAt, maxAttempts, now, next)
                    : new CommandCompletion(false, null);
        }
    }

    /** The turn's first reply is claimed whoever is carrying out an earlier one. */
    static final class BesideAnother extends ForwardingStore {
        BesideAnother(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            TurnCompletion right = inner.completeTurn(turn, result, maxSupersedes, now, next);
            boolean waits = next != null && right.outcome() == TurnOutcome.COMPLETED && right.next() == null;
            Optional<CommandAttempt> beside = waits
                    ? inner.stateOf(turn.conversation()).commands().stream()
                            .filter(each -> each.turnId().equals(turn.id()))
                            .filter(each -> each.command().line() == Line.REPLIES)
                            .map(each -> claimed(each, turn.conversation(), now.plus(next.lease()), next.token()))
                            .findFirst()
                    : Optional.empty();
            return beside.map(each -> new TurnCompletion(right.outcome(), each)).orElse(right);
        }
    }

    /** A turn that is completed again is a late one, whatever was claimed with it. */
    static final class ForgetsTheReply extends ForwardingStore {
        private final Set<String> completed = new HashSet<>();

        ForgetsTheReply(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            return next == null || completed.add(next.token())
                    ? inner.completeTurn(turn, result, maxSupersedes, now, next)
                    : new TurnCompletion(TurnOutcome.LEASE_LOST, null);
        }
    }

    /** What waits in the line of a command and is due. */
    private static Stream<WaitingCommand> behind(FlowStore store, CommandAttempt attempt, Instant now) {
        return store.stateOf(attempt.conversation()).commands().stream()
                .filter(each -> each.command().line() == attempt.command().line())
                .filter(each -> !each.due().isAfter(now));
    }

    private static CommandAttempt claimed(
            WaitingCommand command, ConversationId conversation, Instant leaseUntil, String token) {
        return new CommandAttempt(
                command.commandId(),
                conversation,
                command.turnId(),
                command.key(),
                command.command(),
                command.attempts() + 1,
                command.unclearSince(),
                leaseUntil,
                token);
    }
}
