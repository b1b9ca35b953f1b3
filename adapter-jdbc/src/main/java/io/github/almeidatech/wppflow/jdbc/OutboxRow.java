package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.DeadLetter;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A command as a row. What changes is written at once to the transaction's queue. */
final class OutboxRow {

    /** In the order in which a row takes them. */
    static final String COLUMNS = """
            select id, tenant, conversation, line, turn_id, key, fence, type, version, body, attempts, due, not_before,
              unclear_since, reason, created_at, ended_at
            """;

    static final String SELECT = COLUMNS + " from outbox ";

    private static final String INSERT = """
            insert into outbox (tenant, conversation, line, turn_id, key, fence, person_key, type, version, body, state,
              attempts, due, not_before, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, ?)
            """;

    final long id;
    final ConversationId conversation;
    final Line line;
    final String turnId;
    final String key;
    final long fence;
    final Instant createdAt;
    private final String type;
    private final int version;
    private final @Nullable String body;
    private final @Nullable Instant notBefore;
    private final @Nullable String reason;
    private final @Nullable Instant endedAt;
    private @Nullable OutboundCommand command;
    int attempts;
    Instant due;

    @Nullable
    Instant unclearSince;

    private OutboxRow(Columns row) throws SQLException {
        id = row.number();
        conversation = ConversationId.of(new TenantId(row.text()), row.text());
        line = Line.valueOf(row.text().toUpperCase(Locale.ROOT));
        turnId = row.text();
        key = row.text();
        fence = row.number();
        type = row.text();
        version = row.integer();
        body = row.nullableText();
        attempts = row.integer();
        due = row.instant();
        notBefore = row.nullableInstant();
        unclearSince = row.nullableInstant();
        reason = row.nullableText();
        createdAt = row.instant();
        endedAt = row.nullableInstant();
    }

    static OutboxRow read(ResultSet row) throws SQLException {
        return new OutboxRow(new Columns(row));
    }

    static void insert(
            Tx tx,
            ConversationRow conversation,
            String turnId,
            long fence,
            int number,
            OutboundCommand command,
            Instant now) {
        tx.later(
                INSERT,
                conversation.id.tenant().value(),
                conversation.id.key(),
                CommandLine.word(command.line()),
                turnId,
                turnId + "-" + number,
                fence,
                conversation.personKey,
                CommandJson.type(command),
                CommandJson.VERSION,
                CommandJson.write(command),
                new Times(now, command.notBefore()).earliest(),
                command.notBefore(),
                now);
    }

    /** When the first of some commands, in their order, can be claimed; null without any. */
    static @Nullable Instant earliest(List<OutboxRow> commands) {
        return earliestOf(commands.stream()
                .map(each -> new Times(each.due, each.notBefore))
                .toList());
    }

    /** The same for commands that are new. */
    static @Nullable Instant earliest(List<OutboundCommand> commands, Instant now) {
        return earliestOf(
                commands.stream().map(each -> new Times(now, each.notBefore())).toList());
    }

    private static @Nullable Instant earliestOf(List<Times> commands) {
        Instant earliest = null;
        for (int i = 0; i < commands.size(); i++) {
            Instant at = commands.get(i).earliest();
            boolean isFirst = commands.subList(0, i).stream().noneMatch(before -> before.mayBeTried(at));
            if (isFirst && (earliest == null || at.isBefore(earliest))) {
                earliest = at;
            }
        }
        return earliest;
    }

    private record Times(Instant due, @Nullable Instant notBefore) {

        boolean mayBeTried(Instant now) {
            return notBefore == null || !notBefore.isAfter(now);
        }

        Instant earliest() {
            return notBefore != null && notBefore.isAfter(due) ? notBefore : due;
        }
    }

    boolean mayBeTried(Instant now) {
        return new Times(due, notBefore).mayBeTried(now);
    }

    OutboundCommand command() {
        OutboundCommand known = command;
        if (known == null) {
            known = CommandJson.read(type, version, body);
            command = known;
        }
        return known;
    }

    /** Whether this version knows what it is. */
    boolean isKnown() {
        try {
            command();
            return true;
        } catch (FlowException newer) {
            return false;
        }
    }

    WaitingCommand waiting() {
        return new WaitingCommand(id, turnId, key, command(), attempts, due, unclearSince);
    }

    DeadLetter deadLetter() {
        return new DeadLetter(
                id,
                conversation,
                turnId,
                key,
                command(),
                attempts,
                reason == null ? "" : reason,
                endedAt == null ? due : endedAt);
    }

    /** From now on it does what a later one would have done, too. */
    void becomes(Tx tx, OutboundCommand both) {
        command = both;
        tx.later(
                "update outbox set type = ?, version = ?, body = ? where tenant = ? and id = ?",
                CommandJson.type(both),
                CommandJson.VERSION,
                CommandJson.write(both),
                conversation.tenant().value(),
                id);
    }

    /** Writes down how often it was tried, when it is due again, and since when it is unclear. */
    void saveTry(Tx tx) {
        tx.later(
                "update outbox set attempts = ?, due = ?, unclear_since = ? where tenant = ? and id = ?",
                attempts,
                due,
                unclearSince,
                conversation.tenant().value(),
                id);
    }

    /** It waits no more. */
    void end(Tx tx, String state, @Nullable String why, @Nullable String externalId, Instant now) {
        tx.later(
                "update outbox set state = ?, reason = ?, external_id = ?, ended_at = ? where tenant = ? and id = ?",
                state,
                why,
                externalId,
                now,
                conversation.tenant().value(),
                id);
    }

    /** A dead letter waits again. */
    void revive(Tx tx, Instant now) {
        attempts = 0;
        due = now;
        unclearSince = endedAt == null ? now : endedAt;
        tx.later(
                "update outbox set state = 'waiting', reason = null, ended_at = null where tenant = ? and id = ?",
                conversation.tenant().value(),
                id);
        saveTry(tx);
    }
}
