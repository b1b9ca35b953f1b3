package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.ConversationStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation's body says: of a webhook, inside a message or on its own, or of Chatwoot's API, where the channel
 * and the account stand elsewhere and empty parts are absent.
 *
 * @param contact the customer, as the conversation has it
 * @param address the channel's own address of the customer
 * @param changedAt when it last changed
 * @param lastActivityAt when something was last written
 * @param newest the newest message: none of these facts is taken from it but the account
 */
record ConversationFacts(
        long id,
        @Nullable Long accountId,
        @Nullable Long inboxId,
        @Nullable ConversationStatus status,
        @Nullable String channel,
        @Nullable Fields contact,
        @Nullable Long contactId,
        @Nullable String address,
        SenderKind assignedTo,
        @Nullable Long assigneeId,
        boolean hasTeam,
        List<String> labels,
        @Nullable Instant changedAt,
        @Nullable Instant lastActivityAt,
        @Nullable Fields newest) {

    private static final int MAX_LABELS = 100;

    static ConversationFacts read(Fields body) {
        Fields meta = body.object("meta");
        Fields contactInbox = body.object("contact_inbox");
        List<Fields> messages = body.objects("messages", 100);
        Fields newest = body.objectIfAny("last_non_activity_message"); // of the API, where messages may hold a note
        if (newest == null && !messages.isEmpty()) {
            newest = messages.get(0);
        }
        Fields assignee = meta == null ? null : meta.object("assignee");
        return new ConversationFacts(
                body.requiredId("id"),
                account(body, newest),
                body.id("inbox_id"),
                status(body),
                channel(body, meta),
                meta == null ? null : meta.object("sender"),
                contactInbox == null ? null : contactInbox.id("contact_id"),
                address(contactInbox, newest),
                assignedTo(meta, assignee),
                assignee == null ? null : assignee.id("id"),
                meta != null && meta.has("team"),
                body.texts("labels", MAX_LABELS, 255),
                body.time("updated_at"),
                body.time("last_activity_at"),
                newest);
    }

    /** Whether a person is assigned; a bot may be, too. */
    boolean assignedToPerson() {
        return assignedTo == SenderKind.USER;
    }

    /** Whether the newest message is the customer's, or there is none. */
    boolean customerSpokeLast() {
        return newest == null || newest.node().path("message_type").asText().equals("0");
    }

    private static @Nullable Long account(Fields body, @Nullable Fields newest) {
        Fields account = body.object("account");
        Long id = account == null ? body.id("account_id") : account.id("id");
        return id == null && newest != null ? newest.idIfAny("account_id") : id;
    }

    private static @Nullable ConversationStatus status(Fields body) {
        String word = body.text("status", 64);
        if (word == null) {
            return null;
        }
        return switch (word) {
            case "open" -> ConversationStatus.OPEN;
            case "pending" -> ConversationStatus.PENDING;
            case "resolved" -> ConversationStatus.RESOLVED;
            case "snoozed" -> ConversationStatus.SNOOZED;
            default -> throw body.impossible("status", "open, pending, resolved or snoozed");
        };
    }

    private static @Nullable String channel(Fields body, @Nullable Fields meta) {
        String channel = body.word("channel", 255);
        return channel == null && meta != null ? meta.word("channel", 255) : channel;
    }

    private static @Nullable String address(@Nullable Fields contactInbox, @Nullable Fields newest) {
        if (contactInbox != null) {
            return contactInbox.word("source_id", 1_000);
        }
        Fields inside = newest == null ? null : newest.objectIfAny("conversation");
        Fields deeper = inside == null ? null : inside.objectIfAny("contact_inbox");
        return deeper == null ? null : deeper.word("source_id", 1_000);
    }

    private static SenderKind assignedTo(@Nullable Fields meta, @Nullable Fields assignee) {
        if (meta == null || assignee == null) {
            return SenderKind.NONE;
        }
        String type = assignee.word("type", 64);
        if (type == null) {
            type = meta.word("assignee_type", 64);
        }
        return type != null && type.replace("_", "").toLowerCase(Locale.ROOT).equals("agentbot")
                ? SenderKind.AGENT_BOT
                : SenderKind.USER;
    }
}
