package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.NextClaim;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to commands in one transaction. */
final class CommandWork {

    private static final Logger log = LoggerFactory.getLogger(CommandWork.class);
    /** A command of a newer version waits this long for an instance that knows it. */
    private static final Duration UNKNOWN_COMMAND_PAUSE = Duration.ofSeconds(30);

    private final Tx tx;
    private final Instant now;

    CommandWork(Tx tx, Instant now) {
        this.tx = tx;
        this.now = now;
    }

    List<CommandAttempt> claim(List<ConversationRow> due, Line name, Instant leaseUntil) throws SQLException {
        tx.readCommands(due, name);
        var attempts = new ArrayList<CommandAttempt>();
        for (ConversationRow row : due) {
            claim(row, name, UUID.randomUUID().toString(), leaseUntil).ifPresent(attempts::add);
        }
        return attempts;
    }

    /** What is due in a line of a conversation, unless somebody else holds it. */
    @Nullable
    CommandAttempt claimNext(ConversationId conversation, Line name, NextClaim next) throws SQLException {
        if (tx.conversation(conversation).line(name).isHeld(now)) {
            return null;
        }
        ConversationRow row = tx.withCommands(conversation, name);
        return claim(row, name, next.token(), now.plus(next.lease())).orElse(null);
    }

    /** What was claimed in a line of a conversation when the same result was stored before. */
    Optional<CommandAttempt> claimed(ConversationId conversation, Line name, @Nullable NextClaim next)
            throws SQLException {
        CommandLine line = tx.conversation(conversation).line(name);
        Long claimed = line.claimed;
        Instant leaseUntil = line.leaseUntil;
        if (next == null
                || claimed == null
                || leaseUntil == null
                || !next.token().equals(line.token)) {
            return Optional.empty();
        }
        ConversationRow row = tx.withCommands(conversation, name);
        return line.find(claimed).map(command -> attempt(row, command, next.token(), leaseUntil));
    }

    private Optional<CommandAttempt> claim(ConversationRow row, Line name, String token, Instant leaseUntil) {
        CommandLine line = row.line(name);
        endClaim(line);
        endErased(line);
        Optional<CommandAttempt> claimed = Optional.empty();
        try {
            claimed = claimDue(row, line, token, leaseUntil);
        } catch (FlowException e) {
            log.warn("a command of {} is not known to this version and waits for a newer one", row.id, e);
            postpone(line);
        }
        line.schedule();
        return claimed;
    }

    private Optional<CommandAttempt> claimDue(ConversationRow row, CommandLine line, String token, Instant leaseUntil) {
        while (true) {
            Optional<OutboxRow> first = line.first(now);
            if (first.isEmpty() || first.get().due.isAfter(now)) {
                return Optional.empty();
            }
            OutboxRow command = first.get();
            Optional<String> reason = holdsBack(row, command);
            if (reason.isEmpty()) {
                mergeLaterOnes(row, line, command);
                return Optional.of(begin(row, line, command, token, leaseUntil));
            }
            holdBack(row, command, reason.get());
        }
    }

    /** Later commands about the same row or contact are carried out together with the first. */
    private void mergeLaterOnes(ConversationRow row, CommandLine line, OutboxRow first) {
        if (line.name == Line.REPLIES) {
            return;
        }
        for (OutboxRow later : List.copyOf(line.commands)) {
            boolean mayBe = later.id > first.id && later.attempts == 0 && later.mayBeTried(now) && later.isKnown();
            Optional<OutboundCommand> both = mayBe ? first.command().mergedWith(later.command()) : Optional.empty();
            both.ifPresent(merged -> {
                first.becomes(tx, merged);
                line.commands.remove(later);
                later.end(tx, "merged", null, first.key, now);
                tx.appendNew(FlowEvents.commandMerged(
                        row.id, row.personKey, later.turnId, later.key, later.command(), first.key, now));
            });
        }
    }

    private Optional<String> holdsBack(ConversationRow row, OutboxRow command) {
        Instant latest = row.lastMessageAt;
        boolean replied = latest != null
                && latest.isAfter(command.createdAt)
                && command.command() instanceof OutboundCommand.FollowUp followUp
                && followUp.unlessReply();
        return replied
                ? Optional.of("customer_replied")
                : row.ownership.holdsBack(command.command(), command.fence, now);
    }

    private CommandAttempt begin(
            ConversationRow row, CommandLine line, OutboxRow command, String token, Instant leaseUntil) {
        command.attempts++;
        command.saveTry(tx);
        line.claim(command.id, token, leaseUntil);
        return attempt(row, command, token, leaseUntil);
    }

    private static CommandAttempt attempt(ConversationRow row, OutboxRow command, String token, Instant leaseUntil) {
        return new CommandAttempt(
                command.id,
                row.id,
                command.turnId,
                command.key,
                command.command(),
                command.attempts,
                command.unclearSince,
                leaseUntil,
                token);
    }

    private void postpone(CommandLine line) {
        line.first(now).ifPresent(command -> {
            command.due = now.plus(UNKNOWN_COMMAND_PAUSE);
            command.saveTry(tx);
        });
    }

    private void holdBack(ConversationRow row, OutboxRow command, String reason) {
        row.line(command.line).commands.remove(command);
        command.end(tx, "held_back", reason, null, now);
        tx.appendNew(FlowEvents.commandHeldBack(
                row.id, row.personKey, command.turnId, command.key, command.command(), reason, now));
    }

    /** A claim that ended without a result leaves its command unclear. */
    private void endClaim(CommandLine line) {
        Long claimed = line.claimed;
        Instant leaseUntil = line.leaseUntil;
        if (claimed == null || leaseUntil == null) {
            return;
        }
        line.find(claimed).ifPresent(command -> {
            command.unclearSince = leaseUntil.isBefore(now) ? leaseUntil : now;
            command.saveTry(tx);
        });
        line.release();
    }

    /** Nobody knows any more what they were to do. */
    private void endErased(CommandLine line) {
        for (OutboxRow command : List.copyOf(line.commands)) {
            if (command.isErased()) {
                line.commands.remove(command);
                command.end(tx, "erased", null, null, now);
            }
        }
    }

    /** Nobody has the command in hand, nor has begun: it is due as if this had not been claimed, and not unclear. */
    static void giveBack(Tx tx, ConversationRow row, CommandAttempt attempt) throws SQLException {
        Line name = attempt.command().line();
        CommandLine line = row.line(name);
        if (!line.holds(attempt)) {
            return;
        }
        tx.readCommands(List.of(row), name);
        line.find(attempt.commandId()).ifPresent(command -> {
            command.attempts--;
            command.saveTry(tx);
        });
        line.release();
        line.schedule();
    }

    void recover(List<ConversationRow> claimed, Line name) throws SQLException {
        tx.readCommands(claimed, name);
        for (ConversationRow row : claimed) {
            endClaim(row.line(name));
            row.line(name).schedule();
        }
    }

    boolean complete(CommandAttempt attempt, CommandResult result, Instant retryAt, int maxAttempts)
            throws SQLException {
        Line name = attempt.command().line();
        ConversationRow row = tx.withCommands(attempt.conversation(), name);
        CommandLine line = row.line(name);
        Optional<OutboxRow> command = line.find(attempt.commandId());
        if (!line.holds(attempt) || command.isEmpty()) {
            return false;
        }
        line.release();
        boolean last = attempt.attempt() >= maxAttempts;
        if (result instanceof CommandResult.HeldBack) {
            tx.readCommands(List.of(row), Line.REPLIES);
        }
        result.accept(new Completion(row, command.get(), attempt, retryAt, last));
        line.schedule();
        if (result instanceof CommandResult.HeldBack) {
            row.line(Line.REPLIES).schedule();
        }
        return true;
    }

    boolean retry(ConversationId conversation, long commandId) throws SQLException {
        Optional<OutboxRow> dead = dead(conversation, commandId);
        if (dead.isEmpty()) {
            return false;
        }
        OutboxRow command = dead.get();
        ConversationRow row = tx.conversation(conversation);
        command.revive(tx, now);
        tx.appendNew(
                FlowEvents.commandRetried(row.id, row.personKey, command.turnId, command.key, command.command(), now));
        row.line(command.line).forget();
        tx.withCommands(conversation, command.line).line(command.line).schedule();
        return true;
    }

    boolean discard(ConversationId conversation, long commandId) throws SQLException {
        Optional<OutboxRow> dead = dead(conversation, commandId);
        if (dead.isEmpty()) {
            return false;
        }
        OutboxRow command = dead.get();
        ConversationRow row = tx.conversation(conversation);
        command.end(tx, "discarded", null, null, now);
        tx.appendNew(FlowEvents.commandDiscarded(
                row.id, row.personKey, command.turnId, command.key, command.command(), now));
        return true;
    }

    private Optional<OutboxRow> dead(ConversationId conversation, long commandId) throws SQLException {
        return tx.first(
                OutboxRow.SELECT + " where state = 'dead' and tenant = ? and id = ? and body is not null",
                OutboxRow::read,
                conversation.tenant().value(),
                commandId);
    }

    /** What the result of a try does. */
    private final class Completion implements CommandResult.Visitor<Boolean> {

        private final ConversationRow row;
        private final OutboxRow command;
        private final CommandAttempt attempt;
        private final Instant retryAt;
        private final boolean last;

        Completion(ConversationRow row, OutboxRow command, CommandAttempt attempt, Instant retryAt, boolean last) {
            this.row = row;
            this.command = command;
            this.attempt = attempt;
            this.retryAt = retryAt;
            this.last = last;
        }

        @Override
        public Boolean done(CommandResult.Done result) {
            row.line(command.line).commands.remove(command);
            command.end(tx, "done", null, result.externalId(), now);
            tx.appendNew(FlowEvents.commandDone(
                    row.id, row.personKey, command.turnId, command.key, attempt.command(), result.externalId(), now));
            return true;
        }

        @Override
        public Boolean notDone(CommandResult.NotDone result) {
            return last ? bury(result.reason()) : again();
        }

        @Override
        public Boolean unclear(CommandResult.Unclear result) {
            if (last) {
                return bury(result.reason());
            }
            command.unclearSince = now;
            return again();
        }

        @Override
        public Boolean refused(CommandResult.Refused result) {
            return bury(result.reason());
        }

        @Override
        public Boolean heldBack(CommandResult.HeldBack result) {
            OwnershipSignal signal = result.ownership();
            if (!result.known()) {
                TurnWork.own(tx, row, row.ownership.after(signal, now), command.turnId, now);
            }
            holdBack(row, command, signal.reason());
            for (OutboxRow later : List.copyOf(row.line(Line.REPLIES).commands)) {
                if (later.command().isAnswer()) {
                    Optional<String> reason = result.known()
                            ? row.ownership.holdsBack(later.command(), later.fence, now)
                            : Optional.of(signal.reason());
                    reason.ifPresent(why -> holdBack(row, later, why));
                }
            }
            return true;
        }

        private boolean again() {
            command.due = retryAt;
            command.saveTry(tx);
            return true;
        }

        private boolean bury(String reason) {
            row.line(command.line).commands.remove(command);
            command.end(tx, "dead", reason, null, now);
            tx.appendNew(FlowEvents.commandDeadLettered(
                    row.id, row.personKey, command.turnId, command.key, attempt.command(), reason, now));
            return true;
        }
    }
}
