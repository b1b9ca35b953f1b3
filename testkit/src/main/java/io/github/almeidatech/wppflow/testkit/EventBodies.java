package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The bodies of webhooks, key by key as Chatwoot writes them. Called under the installation's lock. */
final class EventBodies {

    private static final DateTimeFormatter ISO_MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Installation installation;
    private final ChatwootVersion version;
    private final FileLinks links;

    EventBodies(Installation installation, FileLinks links) {
        this.installation = installation;
        this.version = installation.settings().version();
        this.links = links;
    }

    static String iso(Instant instant) {
        return ISO_MILLIS.format(instant);
    }

    ObjectNode account() {
        return RailsJson.object()
                .put("id", installation.settings().accountId())
                .put("name", installation.settings().accountName());
    }

    ObjectNode message(Rows.Message message, String event) {
        var conversation = Installation.row(installation.conversations, message.conversationId);
        var inbox = installation.inboxOf(conversation);
        var body = RailsJson.object();
        body.set("account", account());
        body.set("additional_attributes", RailsJson.copy(message.additionalAttributes));
        body.set("content_attributes", RailsJson.copy(message.contentAttributes));
        body.put("content_type", message.contentType);
        body.put("content", webhookText(message, inbox));
        body.set("conversation", conversation(conversation));
        body.put("created_at", iso(message.createdAt));
        body.put("id", message.id);
        body.set("inbox", RailsJson.object().put("id", inbox.id).put("name", inbox.name));
        body.put("message_type", typeWord(message.messageType));
        body.put("private", message.isPrivate);
        body.set("sender", sender(message));
        body.put("source_id", message.sourceId);
        if (!message.attachments.isEmpty()) {
            body.set("attachments", attachments(message));
        }
        body.put("event", event);
        return body;
    }

    private @Nullable String webhookText(Rows.Message message, Rows.Inbox inbox) {
        var content = message.content;
        if (content == null) {
            return null;
        }
        if (version.rendersWebhookText() && inbox.channel.equals("Channel::Whatsapp")) {
            return WhatsappText.render(content);
        }
        return cleaned(content);
    }

    private String cleaned(String content) {
        var text = version.atLeast("4.13.0") ? content.replace("\\\n", "\n") : content;
        return version.atLeast("4.14.2") ? text.replaceAll("\\n+$", "") : text;
    }

    static String typeWord(int messageType) {
        return switch (messageType) {
            case Rows.INCOMING -> "incoming";
            case Rows.OUTGOING -> "outgoing";
            case Rows.ACTIVITY -> "activity";
            default -> "template";
        };
    }

    /** The author as it stands at the top of a message body: a contact without {@code type}, an agent with e-mail. */
    private @Nullable ObjectNode sender(Rows.Message message) {
        var id = message.senderId;
        if (message.senderType == null || id == null) {
            return null;
        }
        return switch (message.senderType) {
            case "Contact" -> contact(Installation.row(installation.contacts, id));
            case "User" -> user(Installation.row(installation.users, id));
            default -> bot(Installation.row(installation.bots, id));
        };
    }

    ObjectNode contact(Rows.Contact contact) {
        var body = RailsJson.object();
        body.set("account", account());
        body.set("additional_attributes", RailsJson.copy(contact.additionalAttributes));
        body.put("avatar", "");
        body.set("custom_attributes", RailsJson.copy(contact.customAttributes));
        body.put("email", contact.email);
        body.put("id", contact.id);
        body.put("identifier", contact.identifier);
        body.put("name", contact.name);
        body.put("phone_number", contact.phoneNumber);
        body.put("thumbnail", "");
        body.put("blocked", contact.blocked);
        return body;
    }

    static ObjectNode user(Rows.User user) {
        return RailsJson.object()
                .put("id", user.id)
                .put("name", user.name)
                .put("email", user.email)
                .put("type", "user");
    }

    static ObjectNode bot(Rows.Bot bot) {
        return RailsJson.object().put("id", bot.id).put("name", bot.name).put("type", "agent_bot");
    }

    /** A contact as it stands in nested places: with {@code type}. */
    static ObjectNode nestedContact(Rows.Contact contact) {
        var body = RailsJson.object();
        body.set("additional_attributes", RailsJson.copy(contact.additionalAttributes));
        body.set("custom_attributes", RailsJson.copy(contact.customAttributes));
        body.put("email", contact.email);
        body.put("id", contact.id);
        body.put("identifier", contact.identifier);
        body.put("name", contact.name);
        body.put("phone_number", contact.phoneNumber);
        body.put("thumbnail", "");
        body.put("blocked", contact.blocked);
        body.put("type", "contact");
        return body;
    }

    static ObjectNode nestedUser(Rows.User user) {
        return RailsJson.object()
                .put("id", user.id)
                .put("name", user.name)
                .put("available_name", user.name)
                .put("avatar_url", "")
                .put("type", "user")
                .put("availability_status", "online")
                .put("thumbnail", "");
    }

    static ObjectNode nestedBot(Rows.Bot bot) {
        return RailsJson.object()
                .put("id", bot.id)
                .put("name", bot.name)
                .put("avatar_url", "")
                .put("type", "agent_bot");
    }

    @Nullable
    ObjectNode nestedSender(Rows.Message message) {
        var id = message.senderId;
        if (message.senderType == null || id == null) {
            return null;
        }
        return switch (message.senderType) {
            case "Contact" -> nestedContact(Installation.row(installation.contacts, id));
            case "User" -> nestedUser(Installation.row(installation.users, id));
            default -> nestedBot(Installation.row(installation.bots, id));
        };
    }

    ArrayNode attachments(Rows.Message message) {
        var array = RailsJson.array();
        message.attachments.forEach(attachment -> array.add(attachment(message, attachment)));
        return array;
    }

    private ObjectNode attachment(Rows.Message message, Rows.Attachment attachment) {
        var body = RailsJson.object()
                .put("id", attachment.id)
                .put("message_id", message.id)
                .put("file_type", attachment.fileType)
                .put("account_id", installation.settings().accountId());
        switch (attachment.fileType) {
            case "location" ->
                body.put("coordinates_lat", attachment.latitude)
                        .put("coordinates_long", attachment.longitude)
                        .put("fallback_title", attachment.fallbackTitle == null ? "" : attachment.fallbackTitle)
                        .putNull("data_url");
            case "contact" -> {
                body.put("fallback_title", attachment.fallbackTitle);
                if (version.atLeast("4.5.0")) {
                    body.set("meta", attachment.meta == null ? RailsJson.object() : RailsJson.copy(attachment.meta));
                }
            }
            default -> file(body, attachment);
        }
        return body;
    }

    private void file(ObjectNode body, Rows.Attachment attachment) {
        var name = attachment.fileName == null ? "" : attachment.fileName;
        int dot = name.lastIndexOf('.');
        body.put("extension", version.describesAttachments() && dot >= 0 ? name.substring(dot + 1) : null);
        if (version.describesAttachments()) {
            body.put("content_type", attachment.contentType);
        }
        var inline = attachment.fileType.equals("audio") && version.atLeast("4.14.0");
        body.put("data_url", links.dataUrl(attachment) + (inline ? "?disposition=inline" : ""));
        body.put("thumb_url", attachment.fileType.equals("image") ? links.thumbUrl(attachment) : "");
        body.put("file_size", attachment.fileSize);
        body.putNull("width").putNull("height");
        if (attachment.fileType.equals("audio") && version.atLeast("4.3.0")) {
            body.put("transcribed_text", attachment.transcribedText == null ? "" : attachment.transcribedText);
        }
        if (attachment.meta != null) {
            body.set("meta", RailsJson.copy(attachment.meta));
        }
    }

    ObjectNode conversation(Rows.Conversation conversation) {
        var inbox = installation.inboxOf(conversation);
        var body = RailsJson.object();
        body.set("additional_attributes", RailsJson.copy(conversation.additionalAttributes));
        body.put(
                "can_reply",
                installation.canReply(conversation, installation.clock().instant()));
        body.put("channel", inbox.channel);
        body.set("contact_inbox", contactInbox(installation.contactInboxOf(conversation)));
        body.put("id", conversation.id);
        body.put("inbox_id", inbox.id);
        body.set("messages", newestMessage(conversation));
        var labels = body.putArray("labels");
        conversation.labels.forEach(labels::add);
        body.set("meta", meta(conversation));
        body.put("status", conversation.status);
        body.set("custom_attributes", RailsJson.copy(conversation.customAttributes));
        body.put("snoozed_until", conversation.snoozedUntil == null ? null : iso(conversation.snoozedUntil));
        body.put("unread_count", unread(conversation));
        body.put("first_reply_created_at", conversation.firstReplyAt == null ? null : iso(conversation.firstReplyAt));
        body.put("priority", conversation.priority);
        body.put("waiting_since", RailsJson.epoch(conversation.waitingSince));
        body.put("agent_last_seen_at", RailsJson.epoch(conversation.agentLastSeenAt));
        body.put("contact_last_seen_at", RailsJson.epoch(conversation.contactLastSeenAt));
        body.put("last_activity_at", RailsJson.epoch(conversation.lastActivityAt));
        body.put("timestamp", RailsJson.epoch(conversation.lastActivityAt));
        body.put("created_at", RailsJson.epoch(conversation.createdAt));
        body.put("updated_at", fraction(conversation.updatedAt));
        if (version.atLeast("4.14.2")) {
            body.set("account", account());
        }
        return body;
    }

    static BigDecimal fraction(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), 9))
                .setScale(6, RoundingMode.DOWN);
    }

    /** Messages of the customer no agent has read, at most ten. */
    long unread(Rows.Conversation conversation) {
        var seen = conversation.agentLastSeenAt;
        return installation.messagesOf(conversation.id).stream()
                .filter(message -> message.messageType == Rows.INCOMING)
                .filter(message -> seen == null || message.createdAt.isAfter(seen))
                .limit(10)
                .count();
    }

    private static ObjectNode contactInbox(Rows.ContactInbox contactInbox) {
        return RailsJson.object()
                .put("id", contactInbox.id)
                .put("contact_id", contactInbox.contactId)
                .put("inbox_id", contactInbox.inboxId)
                .put("source_id", contactInbox.sourceId)
                .put("created_at", iso(contactInbox.createdAt))
                .put("updated_at", iso(contactInbox.createdAt))
                .put("hmac_verified", false)
                .put("pubsub_token", contactInbox.pubsubToken);
    }

    private ObjectNode meta(Rows.Conversation conversation) {
        var meta = RailsJson.object();
        meta.set("sender", nestedContact(installation.contactOf(conversation)));
        meta.set("assignee", assignee(conversation));
        if (version.atLeast("4.8.0")) {
            meta.put(
                    "assignee_type",
                    conversation.assigneeId != null ? "User" : conversation.assigneeBotId != null ? "AgentBot" : null);
        }
        var team = conversation.teamId == null ? null : installation.teams.get(conversation.teamId);
        meta.set(
                "team",
                team == null ? null : RailsJson.object().put("id", team.id).put("name", team.name));
        meta.put("hmac_verified", false);
        return meta;
    }

    @Nullable
    ObjectNode assignee(Rows.Conversation conversation) {
        if (conversation.assigneeId != null) {
            return nestedUser(Installation.row(installation.users, conversation.assigneeId));
        }
        return conversation.assigneeBotId == null
                ? null
                : nestedBot(Installation.row(installation.bots, conversation.assigneeBotId));
    }

    private ArrayNode newestMessage(Rows.Conversation conversation) {
        var array = RailsJson.array();
        List<Rows.Message> messages = installation.messagesOf(conversation.id);
        for (int i = messages.size() - 1; i >= 0; i--) {
            var message = messages.get(i);
            if (message.sendable() && !message.isPrivate) {
                return array.add(nestedMessage(conversation, message));
            }
        }
        return array;
    }

    ObjectNode nestedMessage(Rows.Conversation conversation, Rows.Message message) {
        var body = RailsJson.object();
        body.put("id", message.id);
        body.put("content", message.content == null ? null : cleaned(message.content));
        body.put("account_id", installation.settings().accountId());
        body.put("inbox_id", conversation.inboxId);
        body.put("conversation_id", conversation.id);
        body.put("message_type", message.messageType);
        body.put("created_at", message.createdAt.getEpochSecond());
        body.put("updated_at", iso(message.updatedAt));
        body.put("private", message.isPrivate);
        body.put("status", message.status);
        body.put("source_id", message.sourceId);
        body.put("content_type", message.contentType);
        body.set("content_attributes", RailsJson.copy(message.contentAttributes));
        body.put("sender_type", message.senderType);
        body.put("sender_id", message.senderId);
        body.set("external_source_ids", RailsJson.object());
        body.set("additional_attributes", RailsJson.copy(message.additionalAttributes));
        body.put("processed_message_content", message.content);
        body.set("sentiment", RailsJson.object());
        var small = body.putObject("conversation");
        small.put("assignee_id", conversation.assigneeId);
        small.put("unread_count", unread(conversation));
        small.put("last_activity_at", RailsJson.epoch(conversation.lastActivityAt));
        small.putObject("contact_inbox").put("source_id", installation.contactInboxOf(conversation).sourceId);
        if (!message.attachments.isEmpty()) {
            body.set("attachments", attachments(message));
        }
        var sender = nestedSender(message);
        if (sender != null) {
            body.set("sender", sender);
        }
        return body;
    }
}
