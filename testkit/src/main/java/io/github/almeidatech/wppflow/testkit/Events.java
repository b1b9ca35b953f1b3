package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Decides who hears of a change, and puts the deliveries into it. Called under the installation's lock. */
final class Events {

    private final Installation installation;
    private final EventBodies bodies;
    private final AtomicBoolean late = new AtomicBoolean();

    Events(Installation installation, EventBodies bodies) {
        this.installation = installation;
        this.bodies = bodies;
    }

    /** Bodies for account webhooks and API inboxes are built when they are sent, from the state of then. */
    void buildLate(boolean on) {
        late.set(on);
    }

    void messageCreated(Changes changes, Rows.Message message) {
        message(changes, message, "message_created");
    }

    void messageUpdated(Changes changes, Rows.Message message) {
        message(changes, message, "message_updated");
    }

    private void message(Changes changes, Rows.Message message, String event) {
        if (!message.sendable()) {
            return;
        }
        var conversation = Installation.row(installation.conversations, message.conversationId);
        for (var target : targets(conversation, event, true)) {
            enqueue(changes, target, event, conversation.id, message.id, null);
        }
    }

    void conversationCreated(Changes changes, Rows.Conversation conversation) {
        conversation(changes, conversation, "conversation_created", null, false);
    }

    void conversationUpdated(Changes changes, Rows.Conversation conversation, ArrayNode changed) {
        var bots = installation.settings().version().botsGetConversationChanges();
        conversation(changes, conversation, "conversation_updated", changed, bots);
    }

    void statusChanged(Changes changes, Rows.Conversation conversation) {
        if (conversation.status.equals("open") || conversation.status.equals("resolved")) {
            var event = conversation.status.equals("open") ? "conversation_opened" : "conversation_resolved";
            for (var target : bots(conversation)) {
                enqueue(changes, target, event, conversation.id, null, null);
            }
        }
        var bots = installation.settings().version().botsGetConversationChanges();
        conversation(changes, conversation, "conversation_status_changed", null, bots);
    }

    private void conversation(
            Changes changes, Rows.Conversation conversation, String event, @Nullable ArrayNode changed, boolean bots) {
        for (var target : targets(conversation, event, bots)) {
            enqueue(changes, target, event, conversation.id, null, changed);
        }
    }

    void typing(Changes changes, Rows.Conversation conversation, ObjectNode who, boolean on, boolean isPrivate) {
        var event = on ? "conversation_typing_on" : "conversation_typing_off";
        for (var target : targets(conversation, event, false)) {
            var body = RailsJson.object().put("event", event);
            body.set("user", who);
            body.set("conversation", bodies.conversation(conversation));
            body.put("is_private", isPrivate);
            changes.deliver(waiting(target, event, conversation.id, null, RailsJson.text(body), null));
        }
    }

    void contactCreated(Changes changes, Rows.Contact contact) {
        contact(changes, contact, "contact_created", null);
    }

    void contactUpdated(Changes changes, Rows.Contact contact, ArrayNode changed) {
        contact(changes, contact, "contact_updated", changed);
    }

    private void contact(Changes changes, Rows.Contact contact, String event, @Nullable ArrayNode changed) {
        for (var target : accountWebhooks(event)) {
            var body = bodies.contact(contact).put("event", event);
            if (changed != null) {
                body.set("changed_attributes", changed);
            }
            changes.deliver(waiting(target, event, null, null, RailsJson.text(body), null));
        }
    }

    private List<Target> targets(Rows.Conversation conversation, String event, boolean withBots) {
        var targets = new ArrayList<Target>();
        if (withBots) {
            targets.addAll(bots(conversation));
        }
        targets.addAll(accountWebhooks(event));
        var inbox = installation.inboxOf(conversation);
        if (inbox.channel.equals("Channel::Api") && inbox.webhookUrl != null) {
            targets.add(new Target(Target.Kind.INBOX, inbox.id));
        }
        return targets;
    }

    private Set<Target> bots(Rows.Conversation conversation) {
        var bots = new LinkedHashSet<Target>();
        if (conversation.assigneeBotId != null
                && installation.settings().version().atLeast("4.8.0")) {
            bots.add(new Target(Target.Kind.AGENT_BOT, conversation.assigneeBotId));
        }
        installation
                .activeBot(installation.inboxOf(conversation))
                .ifPresent(bot -> bots.add(new Target(Target.Kind.AGENT_BOT, bot.id)));
        return bots;
    }

    private List<Target> accountWebhooks(String event) {
        return installation.webhooks.values().stream()
                .filter(webhook -> webhook.subscriptions.contains(event))
                .map(webhook -> new Target(Target.Kind.ACCOUNT, webhook.id))
                .toList();
    }

    private void enqueue(
            Changes changes,
            Target target,
            String event,
            long conversation,
            @Nullable Long message,
            @Nullable ArrayNode changed) {
        var delivery =
                waiting(target, event, conversation, message, null, changed == null ? null : RailsJson.text(changed));
        if (target.kind() == Target.Kind.AGENT_BOT || !late.get()) {
            delivery.body = build(delivery);
        }
        changes.deliver(delivery);
    }

    private Rows.Waiting waiting(
            Target target,
            String event,
            @Nullable Long conversation,
            @Nullable Long message,
            @Nullable String body,
            @Nullable String changed) {
        var delivery = new Rows.Waiting();
        delivery.id = installation.nextId("Waiting");
        delivery.deliveryId = UUID.randomUUID().toString();
        delivery.target = target.kind().name();
        delivery.targetId = target.id();
        delivery.event = event;
        delivery.conversationId = conversation;
        delivery.messageId = message;
        delivery.body = body;
        delivery.changes = changed;
        installation.put(delivery);
        return delivery;
    }

    /** The body of a message or conversation event from the present state. */
    String build(Rows.Waiting delivery) {
        if (delivery.messageId != null) {
            return RailsJson.text(
                    bodies.message(Installation.row(installation.messages, delivery.messageId), delivery.event));
        }
        if (delivery.conversationId == null) {
            throw new IllegalStateException("nothing to build a body from");
        }
        var conversation = Installation.row(installation.conversations, delivery.conversationId);
        var body = bodies.conversation(conversation).put("event", delivery.event);
        if (delivery.event.equals("conversation_status_changed")) {
            body.putNull("changed_attributes");
        } else if (delivery.changes != null) {
            body.set("changed_attributes", parsed(delivery.changes));
        }
        return RailsJson.text(body);
    }

    private static JsonNode parsed(String json) {
        return RailsJson.parse(json.getBytes(StandardCharsets.UTF_8)).orElse(RailsJson.missing());
    }
}
