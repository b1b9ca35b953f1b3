package io.github.almeidatech.wppflow.eventlog;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something a policy does: the closed list. Texts, and texts inside maps, may hold variables: {@code {{contact.name}}}, or
 * with a fallback {@code {{contact.name | cliente}}}. A value that is nothing but a variable keeps its type; in a map, one
 * whose variable is missing is left out.
 */
public sealed interface PolicyAction {

    /** Says something to the customer; CommonMark. Variables are written in such a way that they cannot format. */
    record SendMessage(String text) implements PolicyAction {
        @Override
        public String kind() {
            return "send_message";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sendMessage(this);
        }
    }

    /**
     * Sends the customer a file.
     *
     * @param url where it is fetched when it is sent: a variable alone, or an address with variables behind its host, which
     *     bring text and no further path
     * @param caption CommonMark; empty for none
     */
    record SendAttachment(String url, String caption) implements PolicyAction {
        @Override
        public String kind() {
            return "send_attachment";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sendAttachment(this);
        }
    }

    /** Assigns a person or a team; a null part stays as it is. */
    record Assign(@Nullable Long agentId, @Nullable Long teamId) implements PolicyAction {
        @Override
        public String kind() {
            return "assign";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.assign(this);
        }
    }

    /** Adds and removes labels of the conversation. */
    record ChangeLabels(List<String> add, List<String> remove) implements PolicyAction {
        public ChangeLabels {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }

        @Override
        public String kind() {
            return "labels";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.changeLabels(this);
        }
    }

    /** Sets custom attributes of the Chatwoot conversation. */
    record SetConversationAttributes(Map<String, Object> attributes) implements PolicyAction {
        public SetConversationAttributes {
            attributes = ordered(attributes);
        }

        @Override
        public String kind() {
            return "conversation_attributes";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.setConversationAttributes(this);
        }
    }

    /** Sets custom attributes of the Chatwoot contact. */
    record SetContactAttributes(Map<String, Object> attributes) implements PolicyAction {
        public SetContactAttributes {
            attributes = ordered(attributes);
        }

        @Override
        public String kind() {
            return "contact_attributes";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.setContactAttributes(this);
        }
    }

    /** Changes our own record of the contact. Null parts stay as they are. */
    record UpdateContact(
            @Nullable String name,
            @Nullable String email,
            Map<String, Object> customFields,
            @Nullable Boolean optedOut) implements PolicyAction {
        public UpdateContact {
            customFields = ordered(customFields);
        }

        @Override
        public String kind() {
            return "update_contact";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.updateContact(this);
        }
    }

    /** Updates the row that matches in a table outside, or makes one; an empty match always makes one. */
    record WriteRow(String table, Map<String, Object> match, Map<String, Object> fields) implements PolicyAction {
        public WriteRow {
            match = ordered(match);
            fields = ordered(fields);
        }

        @Override
        public String kind() {
            return "write_row";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.writeRow(this);
        }
    }

    /** Calls a webhook of the tenant's configuration by its name. */
    record CallWebhook(String target, Map<String, Object> payload) implements PolicyAction {
        public CallWebhook {
            payload = ordered(payload);
        }

        @Override
        public String kind() {
            return "call_webhook";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.callWebhook(this);
        }
    }

    /** Writes an event, which other policies may act on. */
    record EmitEvent(String type, Map<String, Object> payload) implements PolicyAction {
        public EmitEvent {
            payload = ordered(payload);
        }

        @Override
        public String kind() {
            return "emit_event";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.emitEvent(this);
        }
    }

    /**
     * Gives the conversation to a person: label, private note, assignment, status open, word to the customer, in this
     * order. Null parts are left out; without a note, one names the policy.
     */
    record HandOff(
            @Nullable String label,
            @Nullable String note,
            @Nullable String text,
            @Nullable Long agentId,
            @Nullable Long teamId)
            implements PolicyAction {
        @Override
        public String kind() {
            return "hand_off";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.handOff(this);
        }
    }

    /** Silences the bot in the conversation for a time. */
    record PauseBot(Duration time) implements PolicyAction {
        @Override
        public String kind() {
            return "pause_bot";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.pauseBot(this);
        }
    }

    /**
     * Says something later, once; see the command of the same name for when it is dropped.
     *
     * @param after how long after the event was handled
     * @param text inside the 24-hour window
     * @param template outside of it, or null
     * @param unlessReply not when the customer has written meanwhile
     */
    record FollowUp(Duration after, String text, @Nullable Template template, boolean unlessReply)
            implements PolicyAction {
        @Override
        public String kind() {
            return "follow_up";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.followUp(this);
        }
    }

    /**
     * An approved WhatsApp template.
     *
     * @param name as approved
     * @param language as approved
     * @param category as approved
     * @param params Chatwoot's {@code processed_params}
     * @param text what the customer will read
     */
    record Template(String name, String language, String category, Map<String, Object> params, String text) {
        public Template {
            params = ordered(params);
        }
    }

    /** Calls the method for the kind of action. */
    <R> R accept(Visitor<R> visitor);

    /** The word for the kind of action, as in documents. */
    String kind();

    /** One method for each kind, so that a new kind does not compile until it is handled everywhere. */
    interface Visitor<R> {
        R sendMessage(SendMessage action);

        R sendAttachment(SendAttachment action);

        R assign(Assign action);

        R changeLabels(ChangeLabels action);

        R setConversationAttributes(SetConversationAttributes action);

        R setContactAttributes(SetContactAttributes action);

        R updateContact(UpdateContact action);

        R writeRow(WriteRow action);

        R callWebhook(CallWebhook action);

        R emitEvent(EmitEvent action);

        R handOff(HandOff action);

        R pauseBot(PauseBot action);

        R followUp(FollowUp action);
    }

    private static Map<String, Object> ordered(Map<String, Object> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
