package io.github.almeidatech.wppflow.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A customer's message that wants an answer.
 *
 * @param conversation where it was written
 * @param messageId Chatwoot's message id: unique over the installation, and the order inside a conversation
 * @param inboxId Chatwoot's inbox
 * @param sentAt by Chatwoot's clock
 * @param type what it mainly is: the text, or the first attachment
 * @param text what was typed, or the caption; empty when there is none
 * @param attachments in the order delivered
 * @param sender the customer
 * @param inReplyTo the message id it quotes
 */
public record InboundMessage(
        ConversationId conversation,
        long messageId,
        @Nullable Long inboxId,
        Instant sentAt,
        ContentType type,
        String text,
        List<Attachment> attachments,
        Sender sender,
        @Nullable Long inReplyTo) {

    public InboundMessage {
        attachments = List.copyOf(attachments);
    }

    @Override
    public String toString() {
        return "InboundMessage[" + conversation + "#" + messageId + ", " + type.word() + ", " + text.length()
                + " chars, " + attachments.size() + " attachments]";
    }
}
