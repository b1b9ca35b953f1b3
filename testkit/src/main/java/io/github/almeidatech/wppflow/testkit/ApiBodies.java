package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The bodies of API answers, which are not those of webhooks. Called under the installation's lock. */
final class ApiBodies {

    private final Installation installation;
    private final EventBodies events;

    ApiBodies(Installation installation, EventBodies events) {
        this.installation = installation;
        this.events = events;
    }

    ObjectNode message(Rows.Message message) {
        var conversation = Installation.row(installation.conversations, message.conversationId);
        var body = RailsJson.object();
        body.put("id", message.id);
        body.put("content", message.content);
        body.put("inbox_id", conversation.inboxId);
        body.put("conversation_id", conversation.id);
        body.put("message_type", message.messageType);
        body.put("content_type", message.contentType);
        body.put("status", message.status);
        body.set("content_attributes", RailsJson.copy(message.contentAttributes));
        body.put("created_at", message.createdAt.getEpochSecond());
        body.put("private", message.isPrivate);
        body.put("source_id", message.sourceId);
        var sender = events.nestedSender(message);
        if (sender != null) {
            body.set("sender", sender);
        }
        if (!message.attachments.isEmpty()) {
            body.set("attachments", events.attachments(message));
        }
        return body;
    }

    ObjectNode conversation(Rows.Conversation conversation) {
        var inbox = installation.inboxOf(conversation);
        var body = RailsJson.object();
        var meta = body.putObject("meta");
        meta.set("sender", contact(installation.contactOf(conversation)));
        meta.put("channel", inbox.channel);
        var assignee = events.assignee(conversation);
        if (assignee != null) {
            meta.set("assignee", assignee);
            if (installation.settings().version().atLeast("4.8.0")) {
                meta.put("assignee_type", conversation.assigneeId != null ? "User" : "AgentBot");
            }
        }
        var team = conversation.teamId == null ? null : installation.teams.get(conversation.teamId);
        if (team != null) {
            meta.set("team", team(team));
        }
        meta.put("hmac_verified", false);
        body.put("id", conversation.id);
        body.set("messages", newest(conversation, false));
        body.put("account_id", installation.settings().accountId());
        body.put("uuid", conversation.uuid);
        body.set("additional_attributes", RailsJson.copy(conversation.additionalAttributes));
        body.put("agent_last_seen_at", RailsJson.epoch(conversation.agentLastSeenAt));
        body.put("assignee_last_seen_at", 0);
        body.put(
                "can_reply",
                installation.canReply(conversation, installation.clock().instant()));
        body.put("contact_last_seen_at", RailsJson.epoch(conversation.contactLastSeenAt));
        body.set("custom_attributes", RailsJson.copy(conversation.customAttributes));
        body.put("inbox_id", inbox.id);
        var labels = body.putArray("labels");
        conversation.labels.forEach(labels::add);
        body.put("muted", installation.contactOf(conversation).blocked);
        body.put(
                "snoozed_until", conversation.snoozedUntil == null ? null : EventBodies.iso(conversation.snoozedUntil));
        body.put("status", conversation.status);
        body.put("created_at", conversation.createdAt.getEpochSecond());
        body.put("updated_at", EventBodies.fraction(conversation.updatedAt));
        body.put("timestamp", conversation.lastActivityAt.getEpochSecond());
        body.put("first_reply_created_at", RailsJson.epoch(conversation.firstReplyAt));
        body.put("unread_count", events.unread(conversation));
        var spoken = newest(conversation, true);
        body.set("last_non_activity_message", spoken.isEmpty() ? null : spoken.get(0));
        body.put("last_activity_at", conversation.lastActivityAt.getEpochSecond());
        body.put("priority", conversation.priority);
        body.put("waiting_since", RailsJson.epoch(conversation.waitingSince));
        return body;
    }

    private ArrayNode newest(Rows.Conversation conversation, boolean spoken) {
        var array = RailsJson.array();
        var messages = visible(conversation.id);
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (!spoken || messages.get(i).sendable()) {
                return array.add(events.nestedMessage(conversation, messages.get(i)));
            }
        }
        return array;
    }

    /** What lists show now: all but messages that were told to come late. */
    List<Rows.Message> visible(long conversation) {
        var now = installation.clock().instant();
        return installation.messagesOf(conversation).stream()
                .filter(message -> !message.visibleFrom.isAfter(now))
                .toList();
    }

    ObjectNode contact(Rows.Contact contact) {
        return RailsJson.object()
                .put("availability_status", "offline")
                .put("email", contact.email)
                .put("id", contact.id)
                .put("name", contact.name)
                .put("phone_number", contact.phoneNumber)
                .put("blocked", contact.blocked)
                .put("identifier", contact.identifier)
                .put("thumbnail", "")
                .put("last_activity_at", RailsJson.epoch(contact.lastActivityAt))
                .put("created_at", contact.createdAt.getEpochSecond())
                .<ObjectNode>set("additional_attributes", RailsJson.copy(contact.additionalAttributes))
                .set("custom_attributes", RailsJson.copy(contact.customAttributes));
    }

    ObjectNode contactWithInboxes(Rows.Contact contact) {
        var body = contact(contact);
        var array = body.putArray("contact_inboxes");
        installation.contactInboxes.values().stream()
                .filter(row -> row.contactId == contact.id)
                .forEach(row -> array.add(contactInbox(row)));
        return body;
    }

    ObjectNode contactInbox(Rows.ContactInbox row) {
        var body = RailsJson.object().put("source_id", row.sourceId);
        body.set("inbox", smallInbox(Installation.row(installation.inboxes, row.inboxId)));
        return body;
    }

    private static ObjectNode smallInbox(Rows.Inbox inbox) {
        return RailsJson.object()
                .put("id", inbox.id)
                .put("avatar_url", "")
                .put("channel_id", inbox.id)
                .put("name", inbox.name)
                .put("channel_type", inbox.channel)
                .put("provider", inbox.channel.equals("Channel::Whatsapp") ? "whatsapp_cloud" : null);
    }

    ObjectNode inbox(Rows.Inbox inbox, boolean administrator) {
        var body = smallInbox(inbox)
                .put("greeting_enabled", false)
                .put("working_hours_enabled", false)
                .put("enable_auto_assignment", false)
                .put("lock_to_single_conversation", inbox.singleConversation)
                .put("phone_number", inbox.channel.equals("Channel::Whatsapp") ? "+551140000000" : null);
        body.putArray("message_templates");
        if (inbox.channel.equals("Channel::Api")) {
            body.put("webhook_url", inbox.webhookUrl).put("inbox_identifier", "sim" + inbox.id);
            if (administrator) {
                body.put("secret", inbox.secret);
            }
        }
        return body;
    }

    ObjectNode team(Rows.Team team) {
        return RailsJson.object()
                .put("id", team.id)
                .put("name", team.name)
                .putNull("description")
                .put("allow_auto_assign", true)
                .put("account_id", installation.settings().accountId())
                .put("is_member", true);
    }

    ObjectNode agent(Rows.User user) {
        return RailsJson.object()
                .put("id", user.id)
                .put("account_id", installation.settings().accountId())
                .put("availability_status", user.availability)
                .put("auto_offline", true)
                .put("confirmed", true)
                .put("email", user.email)
                .put("provider", "email")
                .put("available_name", user.name)
                .put("name", user.name)
                .put("role", user.role)
                .put("thumbnail", "");
    }

    ObjectNode bot(Rows.Bot bot, boolean administrator) {
        var body = RailsJson.object()
                .put("id", bot.id)
                .put("name", bot.name)
                .put("description", "")
                .put("outgoing_url", bot.outgoingUrl)
                .put("bot_type", "webhook")
                .put("account_id", installation.settings().accountId())
                .put("system_bot", false);
        body.putObject("bot_config");
        if (administrator) {
            body.put("access_token", bot.token).put("secret", bot.secret);
        }
        return body;
    }

    ObjectNode webhook(Rows.Webhook webhook) {
        var body = RailsJson.object()
                .put("id", webhook.id)
                .put("name", webhook.name)
                .put("url", webhook.url)
                .put("account_id", installation.settings().accountId());
        var subscriptions = body.putArray("subscriptions");
        webhook.subscriptions.forEach(subscriptions::add);
        if (installation.settings().version().atLeast("4.12.0")) {
            body.put("secret", webhook.secret);
        }
        return body;
    }
}
