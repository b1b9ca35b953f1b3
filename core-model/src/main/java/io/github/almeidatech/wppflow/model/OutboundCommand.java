package io.github.almeidatech.wppflow.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing to be done in Chatwoot for one conversation. Stored before it is tried, tried in order, at least once; each
 * is made so that doing it twice is harmless or can be noticed.
 */
public sealed interface OutboundCommand {

    /** A public message to the customer: one bubble, CommonMark. */
    record SendMessage(String text, @Nullable Long inReplyTo, Purpose purpose) implements OutboundCommand {
        public SendMessage {
            if (text.isBlank()) {
                throw new IllegalArgumentException("a message without text");
            }
        }

        @Override
        public String toString() {
            return "SendMessage[" + text.length() + " chars, " + purpose + "]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sendMessage(this);
        }
    }

    /** A note only the business's people see. */
    record AddPrivateNote(String text) implements OutboundCommand {
        @Override
        public String toString() {
            return "AddPrivateNote[" + text.length() + " chars]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.addPrivateNote(this);
        }
    }

    /** Sets the conversation's status. */
    record SetStatus(ConversationStatus status) implements OutboundCommand {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.setStatus(this);
        }
    }

    /** Assigns a person or a team; a null part stays as it is. */
    record Assign(@Nullable Long agentId, @Nullable Long teamId) implements OutboundCommand {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.assign(this);
        }
    }

    /** Adds and removes labels, keeping the others. */
    record ChangeLabels(List<String> add, List<String> remove) implements OutboundCommand {
        public ChangeLabels {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.changeLabels(this);
        }
    }

    /** Sets custom attributes of the conversation, keeping the others. Values are text, numbers, booleans or null. */
    record SetConversationAttributes(Map<String, Object> attributes) implements OutboundCommand {
        public SetConversationAttributes {
            attributes = PlainData.copyOf(attributes);
        }

        @Override
        public String toString() {
            return "SetConversationAttributes" + Set.copyOf(attributes.keySet());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.setConversationAttributes(this);
        }
    }

    /** Sets custom attributes of the contact, keeping the others. Values are text, numbers, booleans or null. */
    record SetContactAttributes(long contactId, Map<String, Object> attributes) implements OutboundCommand {
        public SetContactAttributes {
            attributes = PlainData.copyOf(attributes);
        }

        @Override
        public String toString() {
            return "SetContactAttributes" + Set.copyOf(attributes.keySet());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.setContactAttributes(this);
        }
    }

    /** Why a message is sent; decides which ownership it must respect. */
    enum Purpose {
        /** The bot's answer: only while the conversation is the bot's. */
        ANSWER,
        /** The word that a person was called: also while the conversation is already theirs, until they speak. */
        HANDOFF
    }

    /** Whether the customer would see it. */
    default boolean speaksToCustomer() {
        return this instanceof SendMessage;
    }

    /** Calls the method for the kind of command. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind, so that a new kind does not compile until it is handled everywhere. */
    interface Visitor<R> {
        R sendMessage(SendMessage command);

        R addPrivateNote(AddPrivateNote command);

        R setStatus(SetStatus command);

        R assign(Assign command);

        R changeLabels(ChangeLabels command);

        R setConversationAttributes(SetConversationAttributes command);

        R setContactAttributes(SetContactAttributes command);
    }
}
