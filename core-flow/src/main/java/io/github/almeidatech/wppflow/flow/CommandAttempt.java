package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One claimed try to carry out a command.
 *
 * @param commandId the store's number, growing in the order of execution
 * @param conversation where
 * @param turnId the turn it comes from
 * @param key unique for this command and the same on every try: what is sent carries it, so that it can be found again
 * @param command what is to be done
 * @param attempt 1 for the first try
 * @param unclearSince the last instant at which an earlier try whose result is not known (a crash, a time-out) may have
 *     sent something, or null. Look before repeating, and repeat only after the settling time has passed since then
 * @param leaseUntil nothing may be sent from this instant on
 * @param token proves the claim
 */
public record CommandAttempt(
        long commandId,
        ConversationId conversation,
        String turnId,
        String key,
        OutboundCommand command,
        int attempt,
        @Nullable Instant unclearSince,
        Instant leaseUntil,
        String token) {

    /** The same try of a part of the command, with a key of its own. */
    public CommandAttempt part(String partKey, OutboundCommand part) {
        return new CommandAttempt(
                commandId, conversation, turnId, partKey, part, attempt, unclearSince, leaseUntil, token);
    }
}
