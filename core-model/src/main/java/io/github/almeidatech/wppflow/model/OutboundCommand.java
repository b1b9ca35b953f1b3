package io.github.almeidatech.wppflow.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing to be done in the outside world for one conversation. Stored before it is tried, tried in order, at least
 * once; each is made so that doing it twice is harmless or can be noticed.
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
        public boolean speaksToCustomer() {
            return true;
        }

        @Override
        public boolean isAnswer() {
            return purpose == Purpose.ANSWER;
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

    /**
     * An approved WhatsApp template: the only message WhatsApp takes outside the 24-hour window.
     *
     * @param name as approved
     * @param language as approved, such as {@code pt_BR}
     * @param category {@code UTILITY}, {@code MARKETING} or {@code AUTHENTICATION}
     * @param params Chatwoot's {@code processed_params}, such as {@code {"body": {"1": "Ana"}}}
     * @param renderedText what the customer will read; Chatwoot shows it to the people
     * @param purpose as for {@link SendMessage}
     */
    record SendTemplate(
            String name,
            String language,
            String category,
            Map<String, Object> params,
            String renderedText,
            Purpose purpose)
            implements OutboundCommand {
        public SendTemplate {
            if (name.isBlank() || language.isBlank()) {
                throw new IllegalArgumentException("a template has a name and a language");
            }
            params = PlainData.copyOf(params);
        }

        @Override
        public boolean speaksToCustomer() {
            return true;
        }

        @Override
        public boolean isAnswer() {
            return purpose == Purpose.ANSWER;
        }

        @Override
        public String toString() {
            return "SendTemplate[" + name + ", " + language + ", " + purpose + "]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sendTemplate(this);
        }
    }

    /**
     * A file to the customer: one bubble.
     *
     * @param url where it can be fetched; the sender's address checks apply
     * @param caption CommonMark; empty for none
     * @param purpose as for {@link SendMessage}
     */
    record SendAttachment(String url, String caption, Purpose purpose) implements OutboundCommand {
        public SendAttachment {
            if (url.isBlank()) {
                throw new IllegalArgumentException("an attachment without address");
            }
        }

        @Override
        public boolean speaksToCustomer() {
            return true;
        }

        @Override
        public boolean isAnswer() {
            return purpose == Purpose.ANSWER;
        }

        @Override
        public String toString() {
            return "SendAttachment[" + caption.length() + " chars, " + purpose + "]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sendAttachment(this);
        }
    }

    /**
     * A message for later. Until {@code notBefore} it holds nothing back: other commands of the conversation pass it. Like
     * every answer it is dropped when the conversation is not the bot's any more, or has been a person's meanwhile. When it
     * is sent, the sender chooses: inside the 24-hour window {@code text}, outside it {@code template}, and nothing
     * (refused, {@code outside_window}) without one; nothing ({@code opted_out}) to somebody who opted out.
     *
     * @param notBefore the earliest time
     * @param text CommonMark
     * @param template for outside the window, or null
     * @param unlessReply dropped when the customer has written since it was planned
     */
    record FollowUp(
            Instant notBefore, String text, @Nullable SendTemplate template, boolean unlessReply)
            implements OutboundCommand {
        public FollowUp {
            if (text.isBlank()) {
                throw new IllegalArgumentException("a message without text");
            }
        }

        @Override
        public boolean speaksToCustomer() {
            return true;
        }

        @Override
        public boolean isAnswer() {
            return true;
        }

        @Override
        public String toString() {
            return "FollowUp[" + notBefore + ", " + text.length() + " chars]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.followUp(this);
        }
    }

    /**
     * A signed POST to another system, such as an n8n workflow. The attempt's key travels along, so that the receiver can
     * tell a repetition.
     *
     * @param target the name of a webhook in the tenant's configuration, which holds address and secret; never an address
     * @param payload the body's {@code data}
     */
    record CallWebhook(String target, Map<String, Object> payload) implements OutboundCommand {
        public CallWebhook {
            if (target.isBlank()) {
                throw new IllegalArgumentException("a webhook without target");
            }
            payload = PlainData.copyOf(payload);
        }

        @Override
        public Line line() {
            return Line.RECORDS;
        }

        @Override
        public String toString() {
            return "CallWebhook[" + target + "]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.callWebhook(this);
        }
    }

    /**
     * Creates or updates a row of a table outside, such as Baserow's. The row in which every field of {@code match} has the
     * value given is updated; without one a row of {@code match} and {@code fields} is made. An empty {@code match} always
     * makes a new row; where the table has a key column, the attempt's key makes that repeatable.
     *
     * @param table the name of a table in the tenant's configuration
     * @param match fields that find the row
     * @param fields fields to be set; others are kept
     */
    record WriteRow(String table, Map<String, Object> match, Map<String, Object> fields) implements OutboundCommand {
        public WriteRow {
            if (table.isBlank() || match.isEmpty() && fields.isEmpty()) {
                throw new IllegalArgumentException("a table and at least one field wanted");
            }
            match = PlainData.copyOf(match);
            fields = PlainData.copyOf(fields);
        }

        @Override
        public Line line() {
            return Line.RECORDS;
        }

        @Override
        public Optional<OutboundCommand> mergedWith(OutboundCommand later) {
            if (match.isEmpty()
                    || !(later instanceof WriteRow other)
                    || !other.table.equals(table)
                    || !other.match.equals(match)) {
                return Optional.empty();
            }
            var merged = new LinkedHashMap<>(fields);
            merged.putAll(other.fields);
            return Optional.of(new WriteRow(table, match, merged));
        }

        @Override
        public String toString() {
            return "WriteRow[" + table + ", match " + match.keySet() + ", fields " + fields.keySet() + "]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.writeRow(this);
        }
    }

    /**
     * Changes our own record of the person (M3), and its copies outside. Null parts and absent fields stay as they are, so
     * doing it twice is harmless; a person who is not stored (any more) is left alone.
     *
     * @param personKey whose record
     * @param name new name
     * @param email new e-mail address
     * @param customFields fields to set
     * @param optedOut new opt-out state
     */
    record UpdateContact(
            String personKey,
            @Nullable String name,
            @Nullable String email,
            Map<String, String> customFields,
            @Nullable Boolean optedOut)
            implements OutboundCommand {
        public UpdateContact {
            if (personKey.isBlank()) {
                throw new IllegalArgumentException("nobody's contact");
            }
            customFields = Collections.unmodifiableMap(new LinkedHashMap<>(customFields));
        }

        @Override
        public Line line() {
            return Line.RECORDS;
        }

        @Override
        public Optional<OutboundCommand> mergedWith(OutboundCommand later) {
            if (!(later instanceof UpdateContact other) || !other.personKey.equals(personKey)) {
                return Optional.empty();
            }
            var merged = new LinkedHashMap<>(customFields);
            merged.putAll(other.customFields);
            return Optional.of(new UpdateContact(
                    personKey,
                    other.name == null ? name : other.name,
                    other.email == null ? email : other.email,
                    merged,
                    other.optedOut == null ? optedOut : other.optedOut));
        }

        @Override
        public String toString() {
            return "UpdateContact[fields " + customFields.keySet() + "]";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.updateContact(this);
        }
    }

    /** A conversation's commands stand in two lines, so that what a customer waits for never waits for anything else. */
    enum Line {
        /** What is done in the chat, for the customer and the people there. */
        REPLIES,
        /** What is written down elsewhere, such as rows in Baserow and calls of other systems. */
        RECORDS
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
        return false;
    }

    /** Whether it speaks to the customer as the bot, so that it goes out only while the conversation is the bot's. */
    default boolean isAnswer() {
        return false;
    }

    /** Not to be tried earlier, and until then not in the way of other commands; null for as soon as possible. */
    default @Nullable Instant notBefore() {
        return null;
    }

    /** In which of its conversation's lines it stands. Lines never wait for each other. */
    default Line line() {
        return Line.REPLIES;
    }

    /**
     * One command with the effect of this one and then a later one, where both change the same row or contact; empty where
     * they have to be carried out one after the other.
     */
    default Optional<OutboundCommand> mergedWith(OutboundCommand later) {
        return Optional.empty();
    }

    /** The stable word for its kind, such as {@code send_message}. */
    default String kind() {
        return accept(CommandKind.INSTANCE);
    }

    /**
     * What it does, to be written down beside the decision for it and compared with others: its {@code command} and what
     * that is about, as plain data. Texts of more than 80 characters are cut and end in a fingerprint of the whole. Equal
     * for equal effects, whenever and why ever they were decided.
     *
     * @param planned when it was decided; times are told from then
     */
    default Map<String, Object> summary(Instant planned) {
        return CommandSummary.of(this, planned);
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

        R sendTemplate(SendTemplate command);

        R sendAttachment(SendAttachment command);

        R followUp(FollowUp command);

        R callWebhook(CallWebhook command);

        R writeRow(WriteRow command);

        R updateContact(UpdateContact command);
    }
}
