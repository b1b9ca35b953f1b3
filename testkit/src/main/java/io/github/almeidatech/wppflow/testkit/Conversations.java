package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to conversations and messages, with the side effects Chatwoot has. Called inside a change. */
final class Conversations {

    static final Set<String> STATUSES = Set.of("open", "resolved", "pending", "snoozed");

    private static final Set<String> OLD_CONTENT_ATTRIBUTES = Set.of("in_reply_to", "items", "automation_rule_id");
    private static final String OUTSIDE_WINDOW =
            "131047: Message failed to send because more than 24 hours have passed since the customer last replied";

    private final Installation installation;
    private final Events events;

    Conversations(Installation installation, Events events) {
        this.installation = installation;
        this.events = events;
    }

    Rows.Conversation open(Changes changes, Rows.ContactInbox contactInbox, @Nullable String status) {
        var inbox = Installation.row(installation.inboxes, contactInbox.inboxId);
        var conversation = new Rows.Conversation();
        conversation.id = installation.nextId("Conversation");
        conversation.uuid = UUID.randomUUID().toString();
        conversation.inboxId = inbox.id;
        conversation.contactId = contactInbox.contactId;
        conversation.contactInboxId = contactInbox.id;
        var initial = installation.activeBot(inbox).isPresent() ? "pending" : "open";
        conversation.status = status == null ? initial : status;
        conversation.createdAt = changes.now();
        conversation.updatedAt = changes.now();
        conversation.lastActivityAt = changes.now();
        conversation.waitingSince = changes.now();
        installation.put(changes.touch(conversation));
        events.conversationCreated(changes, conversation);
        return conversation;
    }

    /** The conversation an incoming message belongs to, opened when there is none to go on with. */
    Rows.Conversation current(Changes changes, Rows.ContactInbox contactInbox) {
        var single = Installation.row(installation.inboxes, contactInbox.inboxId).singleConversation;
        return installation.conversations.values().stream()
                .filter(conversation -> conversation.contactInboxId == contactInbox.id)
                .filter(conversation -> single || !conversation.status.equals("resolved"))
                .reduce((first, last) -> last)
                .orElseGet(() -> open(changes, contactInbox, null));
    }

    /** Stores a message, does what follows from it, and lets the channel send it. */
    Rows.Message add(Changes changes, Rows.Conversation conversation, Rows.Message message) {
        store(changes, conversation, message, Duration.ZERO);
        send(changes, conversation, message);
        return message;
    }

    /** Stores a message and does what follows at once: reopening, activity, events. */
    void store(Changes changes, Rows.Conversation conversation, Rows.Message message, Duration hidden) {
        message.id = installation.nextId("Message");
        message.conversationId = conversation.id;
        message.createdAt = changes.now();
        message.updatedAt = changes.now();
        message.visibleFrom = changes.now().plus(hidden);
        message.attachments.forEach(attachment -> attachment.id = installation.nextId("Attachment"));
        if (!installation.settings().version().keepsContentAttributes()) {
            message.contentAttributes.retain(OLD_CONTENT_ATTRIBUTES);
        }
        if (message.messageType == Rows.OUTGOING && message.content != null) {
            message.content = Liquid.render(message.content, installation.contactOf(conversation), conversation.id);
        }
        installation.put(changes.touch(message));
        if (message.messageType == Rows.INCOMING) {
            reopen(changes, conversation);
        }
        var changed = touchActivity(changes, conversation, message);
        events.messageCreated(changes, message);
        if (!changed.isEmpty()) {
            updated(changes, conversation, changed);
        }
    }

    private void reopen(Changes changes, Rows.Conversation conversation) {
        if (conversation.status.equals("snoozed")) {
            status(changes, conversation, "open", null, null);
        } else if (conversation.status.equals("resolved")) {
            var active =
                    installation.activeBot(installation.inboxOf(conversation)).isPresent();
            status(changes, conversation, active ? "pending" : "open", null, null);
        }
    }

    private ArrayNode touchActivity(Changes changes, Rows.Conversation conversation, Rows.Message message) {
        var changed = RailsJson.array();
        changes.touch(conversation);
        conversation.lastActivityAt = changes.now();
        if (message.isPrivate) {
            return changed;
        }
        var waiting = conversation.waitingSince;
        if (message.messageType == Rows.INCOMING && waiting == null) {
            conversation.waitingSince = changes.now();
        } else if (message.messageType == Rows.OUTGOING && message.senderType != null) {
            var byBot = message.senderType.equals("AgentBot");
            if (!byBot || installation.settings().version().atLeast("4.10.0")) {
                conversation.waitingSince = null;
            }
            if (!byBot && conversation.firstReplyAt == null) {
                conversation.firstReplyAt = changes.now();
                changed.add(change("first_reply_created_at", null, EventBodies.iso(changes.now())));
            }
        }
        if (!Objects.equals(waiting, conversation.waitingSince)) {
            changed.add(change("waiting_since", isoOrNull(waiting), isoOrNull(conversation.waitingSince)));
        }
        return changed;
    }

    /** What the channel does with an outgoing message, at once instead of seconds later. */
    void send(Changes changes, Rows.Conversation conversation, Rows.Message message) {
        if (message.messageType != Rows.OUTGOING || message.isPrivate) {
            return;
        }
        if (message.contentAttributes.path("external_echo").asBoolean()) {
            message.seenAt = changes.now();
            return;
        }
        // A message that has a source id counts as coming from the channel and is not sent to it.
        if (message.sourceId != null) {
            return;
        }
        if (!installation.inboxOf(conversation).channel.equals("Channel::Whatsapp")) {
            message.seenAt = changes.now();
            return;
        }
        boolean canReply = installation.canReply(conversation, changes.now());
        if (!canReply && !message.additionalAttributes.has("template_params")) {
            if (installation.settings().version().failsOutsideWindow()) {
                fail(changes, message, OUTSIDE_WINDOW);
            }
            return;
        }
        // A file is uploaded before it is sent, so that a text posted right after it overtakes it.
        var upload = message.attachments.isEmpty() ? Duration.ZERO : Duration.ofSeconds(2);
        message.seenAt = changes.now().plus(upload);
        message.sourceId = "wamid.SIM" + message.id + "==";
        events.messageUpdated(changes, message);
        if (installation.settings().receipts()) {
            deliveryStatus(changes, message, "delivered");
            deliveryStatus(changes, message, "read");
        }
    }

    void deliveryStatus(Changes changes, Rows.Message message, String status) {
        changes.touch(message);
        message.status = status;
        message.updatedAt = changes.now();
        events.messageUpdated(changes, message);
    }

    void fail(Changes changes, Rows.Message message, String error) {
        if (message.status.equals("failed")) {
            return;
        }
        message.seenAt = null;
        message.contentAttributes.put("external_error", error);
        deliveryStatus(changes, message, "failed");
    }

    /** Sends a failed message again. */
    void retry(Changes changes, Rows.Message message) {
        changes.touch(message);
        message.status = "sent";
        message.sourceId = null;
        var conversation = Installation.row(installation.conversations, message.conversationId);
        send(changes, conversation, message);
    }

    void delete(Changes changes, Rows.Message message) {
        changes.touch(message);
        message.content = "Esta mensagem foi apagada";
        message.attachments.clear();
        message.contentAttributes = RailsJson.object().put("deleted", true);
        message.updatedAt = changes.now();
        events.messageUpdated(changes, message);
    }

    /** @param by who did it, for the activity line; none for the system */
    void status(
            Changes changes,
            Rows.Conversation conversation,
            String status,
            @Nullable Instant snoozedUntil,
            @Nullable String by) {
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("'" + status + "' is not a valid status");
        }
        var before = conversation.status;
        conversation.snoozedUntil = snoozedUntil;
        changes.touch(conversation);
        if (before.equals(status)) {
            return;
        }
        conversation.status = status;
        activity(changes, conversation, "Marcada como " + word(status) + (by == null ? "" : " por " + by));
        events.statusChanged(changes, conversation);
        updated(changes, conversation, RailsJson.array().add(change("status", before, status)));
    }

    private static String word(String status) {
        return switch (status) {
            case "open" -> "aberta";
            case "resolved" -> "resolvida";
            case "pending" -> "pendente";
            default -> "adiada";
        };
    }

    void assign(Changes changes, Rows.Conversation conversation, Rows.@Nullable User user, Rows.@Nullable Bot bot) {
        var before = conversation.assigneeId;
        var beforeBot = conversation.assigneeBotId;
        conversation.assigneeId = user == null ? null : user.id;
        conversation.assigneeBotId = bot == null ? null : bot.id;
        changes.touch(conversation);
        var changed = RailsJson.array();
        if (!Objects.equals(before, conversation.assigneeId)) {
            changed.add(change("assignee_id", before, conversation.assigneeId));
        }
        if (!Objects.equals(beforeBot, conversation.assigneeBotId)) {
            changed.add(change("assignee_agent_bot_id", beforeBot, conversation.assigneeBotId));
        }
        if (!changed.isEmpty()) {
            activity(changes, conversation, user == null ? "Atribuição removida" : "Atribuída a " + user.name);
            updated(changes, conversation, changed);
        }
    }

    void assignTeam(Changes changes, Rows.Conversation conversation, Rows.@Nullable Team team) {
        var before = conversation.teamId;
        conversation.teamId = team == null ? null : team.id;
        changes.touch(conversation);
        if (!Objects.equals(before, conversation.teamId)) {
            activity(changes, conversation, team == null ? "Equipe removida" : "Atribuída à equipe " + team.name);
            updated(changes, conversation, RailsJson.array().add(change("team_id", before, conversation.teamId)));
        }
    }

    void labels(Changes changes, Rows.Conversation conversation, List<String> labels) {
        var before = List.copyOf(conversation.labels);
        conversation.labels.clear();
        labels.stream().filter(label -> !conversation.labels.contains(label)).forEach(conversation.labels::add);
        changes.touch(conversation);
        if (!before.equals(conversation.labels)) {
            activity(changes, conversation, "Etiquetas: " + String.join(", ", conversation.labels));
            var changed = RailsJson.array().add(change("label_list", list(before), list(conversation.labels)));
            changed.add(change("cached_label_list", String.join(", ", before), String.join(", ", conversation.labels)));
            updated(changes, conversation, changed);
        }
    }

    void priority(Changes changes, Rows.Conversation conversation, @Nullable String priority) {
        var before = conversation.priority;
        conversation.priority = priority;
        changes.touch(conversation);
        if (!Objects.equals(before, priority)) {
            updated(changes, conversation, RailsJson.array().add(change("priority", before, priority)));
        }
    }

    void customAttributes(Changes changes, Rows.Conversation conversation, ObjectNode attributes) {
        var before = conversation.customAttributes;
        conversation.customAttributes = RailsJson.copy(attributes);
        changes.touch(conversation);
        if (!before.equals(attributes)) {
            updated(changes, conversation, RailsJson.array().add(change("custom_attributes", before, attributes)));
        }
    }

    private void updated(Changes changes, Rows.Conversation conversation, ArrayNode changed) {
        var before = conversation.updatedAt;
        conversation.updatedAt = changes.now();
        changed.add(change("updated_at", EventBodies.iso(before), EventBodies.iso(changes.now())));
        events.conversationUpdated(changes, conversation, changed);
    }

    /** The grey line in the conversation; never sent to anybody. */
    void activity(Changes changes, Rows.Conversation conversation, String text) {
        var message = new Rows.Message();
        message.id = installation.nextId("Message");
        message.conversationId = conversation.id;
        message.messageType = Rows.ACTIVITY;
        message.content = text;
        message.createdAt = changes.now();
        message.updatedAt = changes.now();
        installation.put(changes.touch(message));
    }

    /** Everything of one contact becomes another's. */
    void moveAll(Changes changes, Rows.Contact from, Rows.Contact to) {
        installation.contactInboxes.values().stream()
                .filter(row -> row.contactId == from.id)
                .forEach(row -> changes.touch(row).contactId = to.id);
        installation.conversations.values().stream()
                .filter(row -> row.contactId == from.id)
                .forEach(row -> changes.touch(row).contactId = to.id);
        installation.messages.values().stream()
                .filter(row -> "Contact".equals(row.senderType)
                        && Long.valueOf(from.id).equals(row.senderId))
                .forEach(row -> changes.touch(row).senderId = to.id);
    }

    /** What the webhook of an agent bot failing for good does to the conversation. */
    void botFailed(Changes changes, long conversationId) {
        var conversation = installation.conversations.get(conversationId);
        var settings = installation.settings();
        if (conversation != null
                && conversation.status.equals("pending")
                && settings.version().reopensWhenBotFails()
                && !settings.keepPendingWhenBotFails()) {
            status(changes, conversation, "open", null, "causa de uma falha do robô");
        }
    }

    static ObjectNode change(String attribute, @Nullable Object before, @Nullable Object after) {
        var change = RailsJson.object();
        var values = change.putObject(attribute);
        values.set("previous_value", node(before));
        values.set("current_value", node(after));
        return change;
    }

    private static JsonNode node(@Nullable Object value) {
        return RailsJson.MAPPER.valueToTree(value);
    }

    private static ArrayNode list(List<String> values) {
        var array = RailsJson.array();
        values.forEach(array::add);
        return array;
    }

    private static @Nullable String isoOrNull(@Nullable Instant instant) {
        return instant == null ? null : EventBodies.iso(instant);
    }
}
