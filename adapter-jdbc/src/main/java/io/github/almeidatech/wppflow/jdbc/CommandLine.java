package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One line of a conversation's commands: which is claimed, and when the next one can be. */
final class CommandLine {

    final Line name;
    private @Nullable Instant due;

    @Nullable
    Long claimed;

    @Nullable
    String token;

    @Nullable
    Instant leaseUntil;

    /** The waiting commands in their order; only complete after {@link Tx#readCommands}. */
    final List<OutboxRow> commands = new ArrayList<>();

    boolean isRead;

    CommandLine(Line name) {
        this.name = name;
    }

    /** The word in the outbox. */
    static String word(Line name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    /** What the conversation's columns for the line begin with. */
    static String columns(Line name) {
        return switch (name) {
            case REPLIES -> "command";
            case RECORDS -> "record";
        };
    }

    void read(Columns row) throws SQLException {
        due = row.nullableInstant();
        claimed = row.nullableNumber();
        token = row.nullableText();
        leaseUntil = row.nullableInstant();
    }

    /** The values of its columns, in the order in which {@link #read} takes them. */
    @Nullable
    Object[] values() {
        return new @Nullable Object[] {due, claimed, token, leaseUntil};
    }

    boolean isHeld(Instant now) {
        return leaseUntil != null && leaseUntil.isAfter(now);
    }

    boolean holds(CommandAttempt attempt) {
        return attempt.token().equals(token);
    }

    void claim(long commandId, String newToken, Instant until) {
        claimed = commandId;
        token = newToken;
        leaseUntil = until;
        due = until;
    }

    void release() {
        claimed = null;
        token = null;
        leaseUntil = null;
    }

    /** The first command that is not planned for later. */
    Optional<OutboxRow> first(Instant now) {
        return commands.stream().filter(each -> each.mayBeTried(now)).findFirst();
    }

    Optional<OutboxRow> find(long commandId) {
        return commands.stream().filter(each -> each.id == commandId).findFirst();
    }

    /** All that waits has to be known before something is added to it; where nothing is due, nothing waits. */
    void prepare(Tx tx, ConversationRow conversation) throws SQLException {
        if (token == null && due == null) {
            isRead = true;
        } else if (token == null) {
            tx.readCommands(List.of(conversation), name);
        }
    }

    /** Behind the ones that wait. */
    void add(OutboxRow command) {
        if (isRead) {
            commands.add(command);
        }
        if (token == null) {
            schedule();
        }
    }

    void forget() {
        commands.clear();
        isRead = false;
    }

    /** Works out anew when a command can be claimed; the commands have been read. */
    void schedule() {
        due = token != null ? leaseUntil : OutboxRow.earliest(commands);
    }
}
