package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.ConversationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of one kind about a conversation that were ignored for one reason.
 *
 * @param event Chatwoot's word
 * @param reason the normalizer's word
 * @param deliveries how many, repeated ones too
 * @param first when the first was received
 * @param last when the last was received
 * @param lastMessage which message the last was about, or null
 */
public record IgnoredDelivery(
        ConversationId conversation,
        String event,
        String reason,
        long deliveries,
        Instant first,
        Instant last,
        @Nullable Long lastMessage) {

    /** Both together. */
    public IgnoredDelivery and(IgnoredDelivery later) {
        return new IgnoredDelivery(
                conversation,
                event,
                reason,
                deliveries + later.deliveries,
                first,
                later.last,
                later.lastMessage == null ? lastMessage : later.lastMessage);
    }
}
