package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What arrived and is to be kept: a customer's message, a sign of who owns the conversation, or both.
 *
 * @param conversation where
 * @param event the sender's word for it, such as {@code message_created}
 * @param keys each identifies this event inside the tenant; one known key makes it a duplicate. Empty for events that may
 *     be applied again
 * @param message to be answered, or null
 * @param signal a change of ownership, or null
 * @param urgent the turn is due at once
 * @param personKey whose it is, for erasure
 * @param events written down with it, unless it is a duplicate
 * @param raw the body as it arrived; not copied, so it must not change; the same bytes are the same body
 */
public record InboundEvent(
        ConversationId conversation,
        String event,
        List<String> keys,
        @Nullable InboundMessage message,
        @Nullable OwnershipSignal signal,
        boolean urgent,
        @Nullable String personKey,
        List<Event> events,
        byte[] raw) {

    public InboundEvent {
        keys = List.copyOf(keys);
        events = List.copyOf(events);
        if (message == null && signal == null) {
            throw new IllegalArgumentException("neither a message nor a signal: nothing to keep");
        }
        if (message != null && !message.conversation().equals(conversation)) {
            throw new IllegalArgumentException("a message of another conversation");
        }
        if (message != null && keys.isEmpty()) {
            throw new IllegalArgumentException("a message needs a key, or it would be answered twice");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InboundEvent event
                && Arrays.equals(raw, event.raw)
                && withoutBody().equals(event.withoutBody());
    }

    @Override
    public int hashCode() {
        return withoutBody().hashCode();
    }

    private List<@Nullable Object> withoutBody() {
        return Arrays.asList(conversation, event, keys, message, signal, urgent, personKey, events);
    }

    @Override
    public String toString() {
        return "InboundEvent[" + event + ", " + conversation + "]";
    }
}
