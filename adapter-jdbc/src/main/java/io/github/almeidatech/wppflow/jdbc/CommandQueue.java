package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Puts commands of a conversation behind those that wait. */
final class CommandQueue {

    private final Tx tx;
    private final ConversationRow row;
    private final long fence;
    private final Instant now;

    CommandQueue(Tx tx, ConversationRow row, long fence, Instant now) {
        this.tx = tx;
        this.row = row;
        this.fence = fence;
        this.now = now;
    }

    /** @param cause the turn or firing they come from */
    void add(String cause, List<OutboundCommand> commands) throws SQLException {
        int number = 0;
        for (OutboundCommand command : commands) {
            CommandLine line = row.line(command.line());
            line.prepare(tx, row);
            line.add(OutboxRow.added(tx, row, cause, fence, ++number, command, now));
            tx.workAdded();
        }
    }
}
