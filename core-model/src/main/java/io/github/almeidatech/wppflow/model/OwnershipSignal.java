package io.github.almeidatech.wppflow.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that says who answers a conversation from now on: a person wrote, the status changed, we handed over.
 *
 * @param owner the new owner
 * @param at when, by the clock of whoever caused it; a signal older than the one in force is without effect
 * @param until when the bot gets the conversation back by itself; null for never
 * @param reason a stable word for why, such as {@code human_agent_message}
 * @param spoken a person has spoken to the customer: whatever the bot was about to say is stale now, also when the
 *     conversation was a person's before
 */
public record OwnershipSignal(
        Owner owner, Instant at, @Nullable Instant until, String reason, boolean spoken) {

    public OwnershipSignal {
        if (until != null && owner == Owner.BOT) {
            throw new IllegalArgumentException("the bot's ownership has no end");
        }
    }
}
