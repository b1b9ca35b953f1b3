package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandCompletion;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.DeadLetter;
import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.NextClaim;
import io.github.almeidatech.wppflow.flow.Ownership;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnCompletion;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.flow.Undecided;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The flow's three lines on SQL. The rules are in {@link TurnWork} and {@link CommandWork}. Thread-safe. */
final class JdbcFlowStore implements FlowStore {

    private final Database database;
    private final Writer writer;
    private final Reader reader;
    private final SeenKeys seenKeys;
    private final DueConversations dueTurns = new DueConversations("turn_due");
    private final DueConversations dueReplies = new DueConversations(CommandLine.columns(Line.REPLIES) + "_due");
    private final DueConversations dueRecords = new DueConversations(CommandLine.columns(Line.RECORDS) + "_due");
    private final UnheardClaims<Turn> turnClaims;
    private final UnheardClaims<CommandAttempt> replyClaims;
    private final UnheardClaims<CommandAttempt> recordClaims;

    JdbcFlowStore(Database database, Writer writer, Reader reader, SeenKeys seenKeys) {
        this.database = database;
        this.writer = writer;
        this.reader = reader;
        this.seenKeys = seenKeys;
        turnClaims = new UnheardClaims<>(writer, Turn::conversation, (tx, row, turn) -> TurnWork.giveBack(row, turn));
        replyClaims = new UnheardClaims<>(writer, CommandAttempt::conversation, CommandWork::giveBack);
        recordClaims = new UnheardClaims<>(writer, CommandAttempt::conversation, CommandWork::giveBack);
    }

    @Override
    public Acceptance accept(InboundEvent event, TurnTiming timing, Instant now) {
        var keys = seenKeys.of(event.conversation().tenant(), event.keys());
        var arrival = Arrival.of(event, keys, timing);
        Reads reads = Reads.of(event.conversation()).with(keys).andEvents(event.events());
        return writer.write(reads, tx -> new TurnWork(tx, now).accept(arrival));
    }

    @Override
    public List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease) {
        return turnClaims.claim(now, lease, tx -> {
            if (database.keepsFromClaiming(now)) {
                return List.of();
            }
            List<ConversationRow> due = dueTurns.claimable(tx, free, now);
            return new TurnWork(tx, now).claim(due, now.plus(lease));
        });
    }

    @Override
    public TurnCompletion completeTurn(
            Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next) {
        ConversationId conversation = turn.conversation();
        Reads reads = Reads.of(conversation).andEvents(eventsOf(result));
        return writer.write(reads, tx -> {
            var commands = new CommandWork(tx, now);
            Optional<CommandAttempt> before = commands.claimed(conversation, Line.REPLIES, next);
            if (before.isPresent()) {
                return new TurnCompletion(TurnOutcome.COMPLETED, before.get());
            }
            TurnOutcome outcome = new TurnWork(tx, now).complete(turn, result, maxSupersedes);
            if (outcome != TurnOutcome.COMPLETED || next == null || database.keepsFromClaiming(now)) {
                return new TurnCompletion(outcome, null);
            }
            return new TurnCompletion(outcome, commands.claimNext(conversation, Line.REPLIES, next));
        });
    }

    private static List<Event> eventsOf(TurnResult result) {
        PolicyPlan plan = result.plan();
        return plan == null
                ? result.events()
                : Stream.concat(result.events().stream(), plan.events().stream())
                        .toList();
    }

    @Override
    public boolean releaseTurn(Turn turn, Instant retryAt, Instant now) {
        return writer.write(Reads.of(turn.conversation()), tx -> new TurnWork(tx, now).release(turn, retryAt));
    }

    @Override
    public boolean wakeTurn(ConversationId conversation, String turnId, List<Event> events, Instant now) {
        Reads reads = Reads.of(conversation).andEvents(events);
        return writer.write(reads, tx -> new TurnWork(tx, now).wake(conversation, turnId, events));
    }

    @Override
    public List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease) {
        return commandClaims(line).claim(now, lease, tx -> {
            if (database.keepsFromClaiming(now)) {
                return List.of();
            }
            List<ConversationRow> due = dueCommands(line).claimable(tx, free, now);
            return new CommandWork(tx, now).claim(due, line, now.plus(lease));
        });
    }

    @Override
    public CommandCompletion completeCommand(
            CommandAttempt attempt,
            CommandResult result,
            Instant retryAt,
            int maxAttempts,
            Instant now,
            @Nullable NextClaim next) {
        ConversationId conversation = attempt.conversation();
        Line line = attempt.command().line();
        return writer.write(Reads.of(conversation).withCommands(line), tx -> {
            var work = new CommandWork(tx, now);
            Optional<CommandAttempt> before = work.claimed(conversation, line, next);
            if (before.isPresent()) {
                return new CommandCompletion(true, before.get());
            }
            boolean stored = work.complete(attempt, result, retryAt, maxAttempts);
            if (!stored || next == null || database.keepsFromClaiming(now)) {
                return new CommandCompletion(stored, null);
            }
            return new CommandCompletion(true, work.claimNext(conversation, line, next));
        });
    }

    @Override
    public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt, Instant now) {
        TenantId tenant = attempt.conversation().tenant();
        return reader.read(tenant, session -> {
            String sql = ConversationRow.OWNERSHIP + """
                    , (select o.fence from outbox o where o.tenant = conversation.tenant and o.id = ? and o.turn_id = ?)
                    as asked from conversation where tenant = ? and conversation = ?
                    """;
            Session.Row<Optional<OwnershipSignal>> silence = row -> {
                Ownership ownership = ConversationRow.readOwnership(row);
                Long asked = Session.nullableLong(row, "asked");
                return ownership.silence(attempt.command(), asked == null ? ownership.fence() : asked, now);
            };
            return session.first(
                            sql,
                            silence,
                            attempt.commandId(),
                            attempt.turnId(),
                            tenant.value(),
                            attempt.conversation().key())
                    .flatMap(found -> found);
        });
    }

    @Override
    public Optional<Instant> nextTurnDue() {
        return turnClaims.since().or(() -> reader.readAll(dueTurns::next));
    }

    @Override
    public Optional<Instant> nextCommandDue(Line line) {
        return commandClaims(line).since().or(() -> reader.readAll(dueCommands(line)::next));
    }

    private UnheardClaims<CommandAttempt> commandClaims(Line line) {
        return switch (line) {
            case REPLIES -> replyClaims;
            case RECORDS -> recordClaims;
        };
    }

    private DueConversations dueCommands(Line line) {
        return switch (line) {
            case REPLIES -> dueReplies;
            case RECORDS -> dueRecords;
        };
    }

    @Override
    public Owner ownerOf(ConversationId conversation, Instant now) {
        return reader.read(conversation.tenant(), session -> row(session, conversation))
                .map(row -> row.ownership.effective(now))
                .orElse(Owner.BOT);
    }

    @Override
    public ConversationState stateOf(ConversationId conversation) {
        return reader.read(conversation.tenant(), session -> {
            Optional<ConversationRow> found = row(session, conversation);
            if (found.isEmpty()) {
                return ConversationState.UNSEEN;
            }
            ConversationRow row = found.get();
            return new ConversationState(
                    row.ownership,
                    waitingMessages(session, row),
                    row.turnDue(),
                    row.turnLeaseUntil,
                    row.turnAttempts,
                    row.supersedes,
                    session
                            .list(
                                    OutboxRow.SELECT
                                            + " where state = 'waiting' and tenant = ? and conversation = ? order by id",
                                    OutboxRow::read,
                                    conversation.tenant().value(),
                                    conversation.key())
                            .stream()
                            .map(OutboxRow::waiting)
                            .toList(),
                    row.line(Line.REPLIES).leaseUntil,
                    row.line(Line.RECORDS).leaseUntil);
        });
    }

    private static List<Long> waitingMessages(Session session, ConversationRow row) throws SQLException {
        return session.list(
                "select message_id from inbox where tenant = ? and conversation = ? and number > ?"
                        + " and body is not null order by message_id",
                message -> message.getLong(1),
                row.id.tenant().value(),
                row.id.key(),
                row.answered);
    }

    private static Optional<ConversationRow> row(Session session, ConversationId conversation) throws SQLException {
        return session.first(
                ConversationRow.SELECT + " where tenant = ? and conversation = ?",
                ConversationRow::read,
                conversation.tenant().value(),
                conversation.key());
    }

    @Override
    public List<DeadLetter> deadLetters(TenantId tenant, long afterId, int limit) {
        return reader.read(
                tenant,
                session -> session
                        .list(
                                OutboxRow.SELECT
                                        + " where state = 'dead' and tenant = ? and id > ? and body is not null"
                                        + " order by id limit ?",
                                OutboxRow::read,
                                tenant.value(),
                                afterId,
                                limit)
                        .stream()
                        .map(OutboxRow::deadLetter)
                        .toList());
    }

    @Override
    public boolean retryDeadLetter(TenantId tenant, long commandId, Instant now) {
        return conversationOfDead(tenant, commandId)
                .map(conversation -> writer.write(
                        Reads.of(conversation), tx -> new CommandWork(tx, now).retry(conversation, commandId)))
                .orElse(false);
    }

    @Override
    public boolean discardDeadLetter(TenantId tenant, long commandId, Instant now) {
        return conversationOfDead(tenant, commandId)
                .map(conversation -> writer.write(
                        Reads.of(conversation), tx -> new CommandWork(tx, now).discard(conversation, commandId)))
                .orElse(false);
    }

    private Optional<ConversationId> conversationOfDead(TenantId tenant, long commandId) {
        return reader.read(
                tenant,
                session -> session.first(
                        "select conversation from outbox where state = 'dead' and tenant = ? and id = ?",
                        row -> ConversationId.of(tenant, row.getString(1)),
                        tenant.value(),
                        commandId));
    }

    @Override
    public List<Undecided> undecided(int max) {
        return reader.readAll(session -> PolicyWork.undecided(session, max));
    }

    @Override
    public boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now) {
        return writer.write(PolicyWork.reads(batch, plans), tx -> new PolicyWork(tx, now).decide(batch, plans));
    }

    @Override
    public void recover(Instant now) {
        writer.write(tx -> {
            if (!tx.isAlone()) {
                return false;
            }
            for (ConversationRow row : tx.conversationsWhere("turn_due is not null and turn_token is not null")) {
                row.releaseTurn();
            }
            for (Line line : Line.values()) {
                String columns = CommandLine.columns(line);
                new CommandWork(tx, now)
                        .recover(
                                tx.conversationsWhere(
                                        columns + "_due is not null and " + columns + "_token is not null"),
                                line);
            }
            return true;
        });
    }

    @Override
    public FlowStats stats(Instant now) {
        return reader.readAll(session -> {
            var turns = session.first("""
                            select coalesce(sum(waiting), 0) as n, min(case when turn_waited_until > ? then null
                              when turn_waited_until > first_waiting_at then turn_waited_until
                              else first_waiting_at end) as oldest,
                              count(case when turn_waited_until > ? then 1 end) as elsewhere
                            from conversation where turn_due is not null
                            """, row -> new Turns(Waiting.read(row), row.getLong("elsewhere")), now, now)
                    .orElseThrow();
            Waiting replies = waiting(session, Line.REPLIES, now);
            Waiting records = waiting(session, Line.RECORDS, now);
            var dead = session.first(
                            "select count(*) as n, null as oldest from outbox where state = 'dead' and body is not null",
                            Waiting::read)
                    .orElseThrow();
            return new FlowStats(
                    turns.messages.number,
                    replies.number,
                    dead.number,
                    turns.messages.oldest(replies),
                    records.number,
                    records.oldest,
                    turns.elsewhere);
        });
    }

    private static Waiting waiting(Session session, Line line, Instant now) throws SQLException {
        return session.first("""
                        select count(*) as n, min(case when not_before > ? then null
                          when not_before > created_at then not_before else created_at end) as oldest
                        from outbox where state = 'waiting' and line = ?
                        """, Waiting::read, now, CommandLine.word(line)).orElseThrow();
    }

    private record Turns(Waiting messages, long elsewhere) {}

    private record Waiting(long number, @Nullable Instant oldest) {

        static Waiting read(java.sql.ResultSet row) throws SQLException {
            return new Waiting(row.getLong("n"), Session.nullableInstant(row, "oldest"));
        }

        @Nullable
        Instant oldest(Waiting other) {
            if (oldest == null || other.oldest == null) {
                return oldest == null ? other.oldest : oldest;
            }
            return oldest.isBefore(other.oldest) ? oldest : other.oldest;
        }
    }

    @Override
    public void onWork(Runnable wake) {
        database.onWork(wake);
    }

    /** Does nothing: the {@link Database} is closed by who opened it. */
    @Override
    public void close() {}
}
