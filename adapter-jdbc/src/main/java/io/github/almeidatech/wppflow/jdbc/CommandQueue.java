package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Commands of a conversation on their way behind those that wait. */
final class CommandQueue {

    private final Tx tx;
    private final ConversationRow row;
    private final long fence;
    private final Instant now;
    private final List<OutboundCommand> added = new ArrayList<>();

    CommandQueue(Tx tx, ConversationRow row, long fence, Instant now) {
        this.tx = tx;
        this.row = row;
        this.fence = fence;
        this.now = now;
    }

    /** @param cause the turn or firing they come from */
    CommandQueue add(String cause, List<OutboundCommand> commands) {
        int number = 0;
        for (OutboundCommand command : commands) {
            OutboxRow.insert(tx, row, cause, fence, ++number, command, now);
        }
        added.addAll(commands);
        return this;
    }

    /** Works out when the conversation's next command is due. */
    void close() throws SQLException {
        if (!added.isEmpty()) {
            tx.workAdded();
            row.commandsAdded(tx, added, now);
        }
    }
}
