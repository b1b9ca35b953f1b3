package io.github.almeidatech.wppflow.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A customer's message as JSON with stable names. */
final class MessageJson {

    static final int VERSION = 1;

    private MessageJson() {}

    static String write(InboundMessage message) {
        return Json.write(Json.fields(
                "message_id", message.messageId(),
                "inbox_id", message.inboxId(),
                "sent_at", message.sentAt().toString(),
                "type", message.type().word(),
                "text", message.text(),
                "attachments",
                        message.attachments().stream()
                                .map(MessageJson::attachment)
                                .toList(),
                "sender", sender(message.sender()),
                "in_reply_to", message.inReplyTo()));
    }

    static InboundMessage read(ConversationId conversation, int version, String json) {
        if (version != VERSION) {
            throw new FlowException(StorageError.INCOMPATIBLE, "message version " + version, null);
        }
        JsonNode node = Json.tree(json);
        return new InboundMessage(
                conversation,
                node.path("message_id").asLong(),
                number(node, "inbox_id"),
                Instant.parse(node.path("sent_at").asText()),
                type(node.path("type")),
                node.path("text").asText(),
                node.path("attachments")
                        .valueStream()
                        .map(MessageJson::attachment)
                        .toList(),
                sender(node.path("sender")),
                number(node, "in_reply_to"));
    }

    private static Map<String, Object> attachment(Attachment attachment) {
        return Json.fields(
                "id", attachment.id(),
                "kind", attachment.kind().word(),
                "url", attachment.url(),
                "mime_type", attachment.mimeType(),
                "file_name", attachment.fileName(),
                "size_bytes", attachment.sizeBytes(),
                "transcript", attachment.transcript(),
                "latitude", attachment.latitude(),
                "longitude", attachment.longitude(),
                "title", attachment.title());
    }

    private static Attachment attachment(JsonNode node) {
        return new Attachment(
                number(node, "id"),
                type(node.path("kind")),
                text(node, "url"),
                text(node, "mime_type"),
                text(node, "file_name"),
                number(node, "size_bytes"),
                text(node, "transcript"),
                decimal(node, "latitude"),
                decimal(node, "longitude"),
                text(node, "title"));
    }

    private static Map<String, Object> sender(Sender sender) {
        return Json.fields(
                "contact_id", sender.contactId(),
                "name", sender.name(),
                "address", sender.address(),
                "phone", sender.phone(),
                "person_key", sender.personKey());
    }

    private static Sender sender(JsonNode node) {
        return new Sender(
                number(node, "contact_id"),
                text(node, "name"),
                text(node, "address"),
                text(node, "phone"),
                text(node, "person_key"));
    }

    private static ContentType type(JsonNode word) {
        return ContentType.valueOf(word.asText().toUpperCase(Locale.ROOT));
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asText() : null;
    }

    private static @Nullable Long number(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asLong() : null;
    }

    private static @Nullable Double decimal(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asDouble() : null;
    }
}
