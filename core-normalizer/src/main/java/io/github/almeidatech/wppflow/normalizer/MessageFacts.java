package io.github.almeidatech.wppflow.normalizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a message's own body says, the same for webhooks and for Chatwoot's API.
 *
 * @param id null only in the first system's form
 * @param content as written; empty for none
 * @param sender the object of the sender, if it is a contact
 * @param automatic an automation rule or a campaign wrote it
 * @param ownKey the key we put on what we send; null for none
 * @param nothing there is nothing to answer: no text, no attachment, or it was deleted
 * @param deliveryError why it could not be delivered; empty when that is not said
 */
record MessageFacts(
        @Nullable Long id,
        Direction direction,
        boolean privateNote,
        ContentType type,
        String content,
        List<Attachment> attachments,
        SenderKind senderKind,
        @Nullable Fields sender,
        @Nullable Long inReplyTo,
        @Nullable String sourceId,
        @Nullable Instant createdAt,
        boolean automatic,
        @Nullable String ownKey,
        boolean reaction,
        boolean unsupported,
        boolean nothing,
        boolean deliveryFailed,
        String deliveryError) {

    private static final int MAX_TEXT = 150_000;
    private static final int MAX_SOURCE_ID = 1_000;
    private static final int MAX_KEY = 100;
    private static final int MAX_ERROR = 200;

    /** @param newest the conversation's newest message as its body has it, which may be this one */
    static MessageFacts read(Fields body, @Nullable Fields newest, boolean idNeeded, String ownKey) {
        Long id = idNeeded ? (Long) body.requiredId("id") : body.id("id");
        boolean isNewest = newest != null && id != null && id.equals(newest.idIfAny("id"));
        Direction direction = direction(body);
        String content = content(body, direction, isNewest ? newest : null);
        boolean invisible = StorableText.isInvisible(content);
        List<Attachment> attachments = AttachmentReader.read(body, !invisible);
        Fields extra = body.object("content_attributes");
        Fields additional = body.object("additional_attributes");
        boolean reaction = isTrue(extra, "is_reaction");
        boolean unsupported = isTrue(extra, "is_unsupported");
        boolean deleted = isTrue(extra, "deleted");
        String error = cut(extra, "external_error", MAX_ERROR);
        boolean nothing = deleted || (invisible && attachments.isEmpty());
        Fields sender = body.object("sender");
        SenderKind senderKind = senderKind(sender);
        return new MessageFacts(
                id,
                direction,
                body.bool("private"),
                type(body, reaction, unsupported, nothing, invisible, attachments),
                content,
                attachments,
                senderKind,
                senderKind == SenderKind.CONTACT ? sender : null,
                extra == null ? null : extra.idIfAny("in_reply_to"),
                body.word("source_id", MAX_SOURCE_ID),
                body.time("created_at"),
                has(extra, "automation_rule_id") || has(additional, "campaign_id"),
                has(extra, ownKey) ? cut(extra, ownKey, MAX_KEY) : null,
                reaction,
                unsupported,
                nothing,
                !error.isEmpty() || failed(body) || (isNewest && failed(newest)),
                error);
    }

    private static Direction direction(Fields body) {
        String key = "message_type";
        if (!body.has(key)) {
            throw body.missing(key);
        }
        JsonNode type = body.node().get(key);
        if (type.isIntegralNumber()) {
            return switch (type.canConvertToInt() ? type.intValue() : -1) {
                case 0 -> Direction.INCOMING;
                case 1 -> Direction.OUTGOING;
                case 2 -> Direction.ACTIVITY;
                case 3 -> Direction.TEMPLATE;
                default -> throw body.impossible(key, "0 to 3");
            };
        }
        return switch (String.valueOf(body.text(key, 64))) {
            case "incoming" -> Direction.INCOMING;
            case "outgoing" -> Direction.OUTGOING;
            case "activity" -> Direction.ACTIVITY;
            case "template" -> Direction.TEMPLATE;
            default -> throw body.impossible(key, "incoming, outgoing, activity or template");
        };
    }

    private static String content(Fields body, Direction direction, @Nullable Fields newest) {
        String content = body.text("content", MAX_TEXT);
        if (content == null) {
            return "";
        }
        String written = newest == null || direction != Direction.INCOMING ? null : newest.text("content", MAX_TEXT);
        return written != null && !written.equals(content) && RenderedText.canBeMade(content, written)
                ? written
                : content;
    }

    private static ContentType type(
            Fields body,
            boolean reaction,
            boolean unsupported,
            boolean nothing,
            boolean invisible,
            List<Attachment> attachments) {
        String declared = body.text("content_type", 64);
        if (reaction) {
            return ContentType.REACTION;
        }
        if (unsupported || "voice_call".equals(declared)) {
            return ContentType.UNSUPPORTED;
        }
        if (nothing) {
            return ContentType.EMPTY;
        }
        if ("sticker".equals(declared)) {
            return ContentType.STICKER;
        }
        ContentType first =
                attachments.isEmpty() ? ContentType.TEXT : attachments.get(0).kind();
        return first == ContentType.UNSUPPORTED && !invisible ? ContentType.TEXT : first;
    }

    /** At the top of a webhook a contact has no type; everywhere else it has. */
    static SenderKind senderKind(@Nullable Fields sender) {
        if (sender == null) {
            return SenderKind.NONE;
        }
        String type = sender.word("type", 64);
        return switch (type == null ? "contact" : type.toLowerCase(Locale.ROOT)) {
            case "contact" -> SenderKind.CONTACT;
            case "agent_bot", "agentbot" -> SenderKind.AGENT_BOT;
            case "captain_assistant", "captain::assistant" -> SenderKind.CAPTAIN_ASSISTANT;
            default -> SenderKind.USER;
        };
    }

    private static boolean has(@Nullable Fields fields, String key) {
        return fields != null && fields.has(key);
    }

    private static boolean isTrue(@Nullable Fields fields, String key) {
        return fields != null && fields.isTrue(key);
    }

    /** The beginning of a value; empty for none. An error's key stays, with null, when a later try succeeds. */
    private static String cut(@Nullable Fields extra, String key, int length) {
        if (extra == null || !extra.has(key)) {
            return "";
        }
        String text = extra.node().path(key).asText().strip();
        return StorableText.of(text.length() > length ? text.substring(0, length) : text);
    }

    private static boolean failed(@Nullable Fields message) {
        return message != null && message.node().path("status").asText("").equals("failed");
    }
}
