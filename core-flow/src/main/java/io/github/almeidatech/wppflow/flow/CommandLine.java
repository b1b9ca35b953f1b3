package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One line of a {@link Conversation}'s waiting commands and the claim on one of them. Not thread-safe. */
final class CommandLine {

    final NavigableSet<Command> commands = new TreeSet<>(Comparator.comparingLong(command -> command.id));
    private @Nullable Claim claim;

    private record Claim(String token, Instant leaseUntil, long commandId) {}

    /** A command that waits or is dead. Immutable. */
    static final class Command {

        final long id;
        final String turnId;
        final String key;
        final OutboundCommand command;
        final long fence;
        final Instant createdAt;
        final int attempts;
        final Instant due;
        final @Nullable Instant unclearSince;
        final String deadReason;

        Command(long id, String cause, String key, OutboundCommand command, long fence, Instant now) {
            this(id, cause, key, command, fence, now, 0, later(now, command.notBefore()), null, "");
        }

        private Command(
                long id,
                String turnId,
                String key,
                OutboundCommand command,
                long fence,
                Instant createdAt,
                int attempts,
                Instant due,
                @Nullable Instant unclearSince,
                String deadReason) {
            this.id = id;
            this.turnId = turnId;
            this.key = key;
            this.command = command;
            this.fence = fence;
            this.createdAt = createdAt;
            this.attempts = attempts;
            this.due = due;
            this.unclearSince = unclearSince;
            this.deadReason = deadReason;
        }

        private Command with(int newAttempts, Instant newDue, @Nullable Instant newUnclearSince, String newReason) {
            return new Command(
                    id, turnId, key, command, fence, createdAt, newAttempts, newDue, newUnclearSince, newReason);
        }

        /** Whether it is in the line; what is planned for later is not in anybody's way. */
        boolean inLine(Instant now) {
            Instant notBefore = command.notBefore();
            return notBefore == null || !notBefore.isAfter(now);
        }

        /** Since when it waits, or will. */
        Instant waitsSince() {
            return later(createdAt, command.notBefore());
        }

        Command begun() {
            return with(attempts + 1, due, unclearSince, "");
        }

        Command dueAt(Instant retryAt) {
            return with(attempts, retryAt, unclearSince, "");
        }

        Command unclear(Instant since) {
            return with(attempts, due, since, "");
        }

        /** {@link #due} of a dead command is when it died. */
        Command died(String reason, Instant now) {
            return with(attempts, now, unclearSince, reason);
        }

        Command revived(Instant now) {
            return with(0, now, due, "");
        }

        /** The same that has the effect of a later one too; empty when that one has to be carried out by itself. */
        Optional<Command> mergedWith(Command later) {
            return later.attempts > 0
                    ? Optional.empty()
                    : command.mergedWith(later.command)
                            .map(both -> new Command(
                                    id, turnId, key, both, fence, createdAt, attempts, due, unclearSince, deadReason));
        }

        DeadLetter deadLetter(ConversationId conversation) {
            return new DeadLetter(id, conversation, turnId, key, command, attempts, deadReason, due);
        }

        WaitingCommand waiting() {
            return new WaitingCommand(id, turnId, key, command, attempts, due, unclearSince);
        }

        private static Instant later(Instant a, @Nullable Instant b) {
            return b != null && b.isAfter(a) ? b : a;
        }
    }

    CommandLine copy() {
        var copy = new CommandLine();
        copy.commands.addAll(commands);
        copy.claim = claim;
        return copy;
    }

    /** When a command can be claimed; empty when none waits. */
    Optional<Instant> due() {
        if (claim != null) {
            return Optional.of(claim.leaseUntil());
        }
        return commands.stream()
                .filter(each -> each.equals(next(each.due)))
                .map(each -> each.due)
                .min(Comparator.naturalOrder());
    }

    /** The first in line, whether due or not. */
    @Nullable
    Command next(Instant now) {
        for (Command each : commands) {
            if (each.inLine(now)) {
                return each;
            }
        }
        return null;
    }

    /** Until when a worker holds a command; null when none does. */
    @Nullable
    Instant claimedUntil() {
        return claim == null ? null : claim.leaseUntil();
    }

    boolean isHeld(Instant now) {
        return claim != null && claim.leaseUntil().isAfter(now);
    }

    boolean holds(CommandAttempt attempt) {
        return claim != null && claim.token().equals(attempt.token());
    }

    Optional<Command> claimedWith(String token) {
        return claim != null && claim.token().equals(token)
                ? Optional.of(find(commands, claim.commandId()))
                : Optional.empty();
    }

    void replace(Command before, Command after) {
        commands.remove(before);
        commands.add(after);
    }

    /** Counts the try; the command that is begun. */
    Command claim(Command first, String token, Instant leaseUntil) {
        Command begun = first.begun();
        replace(first, begun);
        claim = new Claim(token, leaseUntil, begun.id);
        return begun;
    }

    /** Takes a claimed command out of the line. */
    Command end(long commandId) {
        claim = null;
        Command command = find(commands, commandId);
        commands.remove(command);
        return command;
    }

    /** A claim that ended without a result leaves its command unclear and due. */
    void endClaim(Instant now) {
        if (claim == null) {
            return;
        }
        Instant ended = claim.leaseUntil().isBefore(now) ? claim.leaseUntil() : now;
        Command begun = find(commands, claim.commandId());
        replace(begun, begun.unclear(ended));
        claim = null;
    }

    static Command find(Iterable<Command> where, long commandId) {
        for (Command each : where) {
            if (each.id == commandId) {
                return each;
            }
        }
        throw new IllegalStateException("no command " + commandId);
    }
}
