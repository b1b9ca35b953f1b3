package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
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

    static final String INSERT = """
            insert into outbox (id, tenant, conversation, line, turn_id, key, fence, person_key, type, version, body, state,
              attempts, due, not_before, unclear_since, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?)
            """;

    final long id;
    final ConversationId conversation;
    final Line line;
    final String turnId;
    final String key;
    final long fence;
    final Instant createdAt;
    private String type;
    private int version;
    private @Nullable String body;
    private final @Nullable Instant notBefore;
    private final @Nullable String reason;
    private final @Nullable Instant endedAt;
    private @Nullable OutboundCommand command;
    int attempts;
    Instant due;

    @Nullable
    Instant unclearSince;

    private boolean isNew;
    /** Only of a new one. */
    private @Nullable String personKey;

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

    private OutboxRow(
            long id,
            ConversationRow conversation,
            String turnId,
            long fence,
            int number,
            OutboundCommand command,
            Instant now) {
        this.id = id;
        this.conversation = conversation.id;
        this.line = command.line();
        this.turnId = turnId;
        this.key = CommandAttempt.key(turnId, number);
        this.fence = fence;
        this.createdAt = now;
        this.type = CommandJson.type(command);
        this.version = CommandJson.VERSION;
        this.body = Session.storable(CommandJson.write(command));
        this.notBefore = command.notBefore();
        this.reason = null;
        this.endedAt = null;
        this.due = new Times(now, notBefore).earliest();
        this.personKey = conversation.personKey;
        this.isNew = true;
    }

    /** One that is not there yet: written with the transaction, as it is by then. */
    static OutboxRow added(
            Tx tx,
            ConversationRow conversation,
            String turnId,
            long fence,
            int number,
            OutboundCommand command,
            Instant now)
            throws SQLException {
        var row = new OutboxRow(tx.nextCommandId(), conversation, turnId, fence, number, command, now);
        tx.insert(row);
        return row;
    }

    /** The values for {@link #INSERT}; from now on it is there. */
    @Nullable
    Object[] inserted() {
        isNew = false;
        return new @Nullable Object[] {
            id,
            conversation.tenant().value(),
            conversation.key(),
            CommandLine.word(line),
            turnId,
            key,
            fence,
            personKey,
            type,
            version,
            body,
            attempts,
            due,
            notBefore,
            unclearSince,
            createdAt
        };
    }

    /** When the first of some commands, in their order, can be claimed; null without any. */
    static @Nullable Instant earliest(List<OutboxRow> commands) {
        return earliestOf(commands.stream()
                .map(each -> new Times(each.due, each.notBefore))
                .toList());
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

    /** Whether it has lost its content, as an erasure of an earlier version did to some that still waited. */
    boolean isErased() {
        return body == null;
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
        type = CommandJson.type(both);
        version = CommandJson.VERSION;
        body = CommandJson.write(both);
        if (!isNew) {
            tx.later(
                    "update outbox set type = ?, version = ?, body = ? where tenant = ? and id = ?",
                    type,
                    version,
                    body,
                    conversation.tenant().value(),
                    id);
        }
    }

    /** Writes down how often it was tried, when it is due again, and since when it is unclear. */
    void saveTry(Tx tx) {
        if (!isNew) {
            tx.later(
                    "update outbox set attempts = ?, due = ?, unclear_since = ? where tenant = ? and id = ?",
                    attempts,
                    due,
                    unclearSince,
                    conversation.tenant().value(),
                    id);
        }
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
