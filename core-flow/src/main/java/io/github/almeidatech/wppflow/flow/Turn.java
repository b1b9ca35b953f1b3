package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import java.time.Instant;
import java.util.List;

/**
 * The messages of one conversation that are answered together, claimed by one worker for the time of a lease.
 *
 * @param conversation whose turn
 * @param id unique, the same on every try; the cause of everything the turn leads to
 * @param messages in the order of their message ids, at least one
 * @param attempt 1 for the first try
 * @param supersedes how often newer messages made an answer to this turn stale already
 * @param fence the conversation's ownership number when claimed: it grows whenever a person takes over or speaks
 * @param leaseUntil until when no other worker will claim it
 * @param token proves the claim; only its holder may complete
 * @param lastInboxId the newest inbox entry of the conversation seen by the claim; a newer one supersedes
 */
public record Turn(
        ConversationId conversation,
        String id,
        List<InboundMessage> messages,
        int attempt,
        int supersedes,
        long fence,
        Instant leaseUntil,
        String token,
        long lastInboxId) {

    public Turn {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a turn without messages");
        }
    }

    /** The same turn about only these of its messages. */
    public Turn of(List<InboundMessage> some) {
        return new Turn(conversation, id, some, attempt, supersedes, fence, leaseUntil, token, lastInboxId);
    }
}
