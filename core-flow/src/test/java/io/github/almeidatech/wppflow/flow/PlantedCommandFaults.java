package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The same for what becomes of commands. */
final class PlantedCommandFaults {

    private PlantedCommandFaults() {}

    /** What was given up stays at the head of its conversation. */
    static final class DeadLetterBlocks extends ForwardingStore {
        DeadLetterBlocks(FlowStore inner) {
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
            boolean dies = result instanceof CommandResult.Refused
                    || result instanceof CommandResult.NotDone && attempt.attempt() >= maxAttempts;
            return dies
                    ? super.completeCommand(
                            attempt,
                            new CommandResult.NotDone("dead", null),
                            now.plus(Duration.ofDays(3650)),
                            Integer.MAX_VALUE,
                            now,
                            next)
                    : super.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
        }
    }

    /** A command that has to wait lets the next one pass: it is done at once for the store, and really done later. */
    static final class LetsTheNextOneOvertake extends ForwardingStore {
        private final Map<CommandAttempt, Instant> postponed = new HashMap<>();

        LetsTheNextOneOvertake(FlowStore inner) {
            super(inner);
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            var claimed = new ArrayList<>(super.claimCommands(line, free, now, lease));
            postponed
                    .entrySet()
                    .removeIf(each ->
                            !each.getValue().isAfter(now) && claimed.add(again(each.getKey(), now.plus(lease))));
            return claimed;
        }

        private static CommandAttempt again(CommandAttempt attempt, Instant leaseUntil) {
            return new CommandAttempt(
                    attempt.commandId(),
                    attempt.conversation(),
                    attempt.turnId(),
                    attempt.key(),
                    attempt.command(),
                    attempt.attempt() + 1,
                    attempt.unclearSince(),
                    leaseUntil,
                    attempt.token() + "+");
        }

        @Override
        public CommandCompletion completeCommand(
                CommandAttempt attempt,
                CommandResult result,
                Instant retryAt,
                int maxAttempts,
                Instant now,
                @Nullable NextClaim next) {
            if (result instanceof CommandResult.NotDone && attempt.attempt() < maxAttempts) {
                postponed.put(attempt, retryAt);
                return super.completeCommand(attempt, new CommandResult.Done(null), retryAt, maxAttempts, now, next);
            }
            return super.completeCommand(attempt, result, retryAt, maxAttempts, now, next);
        }
    }

    /** One line for everything: what is written down elsewhere holds back the bubbles behind it. */
    static final class RecordsHoldBackReplies extends ForwardingStore {
        RecordsHoldBackReplies(FlowStore inner) {
            super(inner);
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            List<CommandAttempt> claimed = super.claimCommands(line, free, now, lease);
            return line == Line.RECORDS
                    ? claimed
                    : claimed.stream()
                            .filter(each -> !waitsForRecord(each, now))
                            .toList();
        }

        private boolean waitsForRecord(CommandAttempt attempt, Instant now) {
            boolean waits = stateOf(attempt.conversation()).commands().stream()
                    .anyMatch(each -> each.command().line() == Line.RECORDS && each.commandId() < attempt.commandId());
            return waits
                    && super.completeCommand(
                            attempt,
                            new CommandResult.NotDone("waits", null),
                            now.plusSeconds(1),
                            Integer.MAX_VALUE,
                            now);
        }
    }

    /** Carries out the first of several changes of a contact, and calls the others done. */
    static final class LosesWhatIsMerged extends ForwardingStore {
        private final Map<String, OutboundCommand> planned = new HashMap<>();

        LosesWhatIsMerged(FlowStore inner) {
            super(inner);
        }

        @Override
        public TurnCompletion completeTurn(
                Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
            TurnCompletion completion = super.completeTurn(turn, result, maxSupersedes, now, next);
            stateOf(turn.conversation()).commands().forEach(each -> planned.putIfAbsent(each.key(), each.command()));
            return completion;
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            return super.claimCommands(line, free, now, lease).stream()
                    .map(each -> PlantedFaults.with(
                            each, planned.getOrDefault(each.key(), each.command()), each.unclearSince()))
                    .toList();
        }
    }

    /** Does not tell the next try that the one before may have done it. */
    static final class ForgetsUnclearTries extends ForwardingStore {
        ForgetsUnclearTries(FlowStore inner) {
            super(inner);
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            return super.claimCommands(line, free, now, lease).stream()
                    .map(each -> PlantedFaults.with(each, each.command(), null))
                    .toList();
        }
    }

    /** Counts the settling time from the beginning of a try instead of the last instant it may have sent something. */
    static final class UnclearSinceItBegan extends ForwardingStore {
        private final Map<String, Instant> begun = new HashMap<>();

        UnclearSinceItBegan(FlowStore inner) {
            super(inner);
        }

        @Override
        public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
            return super.claimCommands(line, free, now, lease).stream()
                    .map(each -> {
                        Instant before = begun.put(each.key(), now);
                        return each.unclearSince() == null ? each : PlantedFaults.with(each, each.command(), before);
                    })
                    .toList();
        }
    }
}
