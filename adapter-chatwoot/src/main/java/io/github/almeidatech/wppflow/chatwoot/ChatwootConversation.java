package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One conversation, as the API shows it; the form of webhooks differs.
 *
 * @param number the display id, the number in API paths
 * @param inboxId its inbox; 0 when not told
 * @param channel such as {@code Channel::Whatsapp}; empty when not told
 * @param status null for a status this version does not know
 * @param canReply whether the channel takes free text at present; true when not told
 * @param assignedPerson the id of the person it is assigned to; null for nobody, or a bot
 * @param contactId whose it is; null when not told
 * @param labels as stored
 * @param lastMessage the newest message that is not an activity; may be a private note
 * @param lastActivityAt by Chatwoot's clock
 * @param json the whole answer, with keys this type does not name
 */
public record ChatwootConversation(
        long number,
        long inboxId,
        String channel,
        @Nullable ConversationStatus status,
        boolean canReply,
        @Nullable Long assignedPerson,
        @Nullable Long contactId,
        List<String> labels,
        @Nullable ChatwootMessage lastMessage,
        Instant lastActivityAt,
        JsonNode json) {

    public ChatwootConversation {
        labels = List.copyOf(labels);
    }

    /** Reads a conversation; empty when it has no number. */
    static Optional<ChatwootConversation> of(JsonNode json) {
        long number = json.path("id").asLong();
        if (number < 1) {
            return Optional.empty();
        }
        JsonNode meta = json.path("meta");
        long contact = meta.path("sender").path("id").asLong();
        long activity =
                json.path("last_activity_at").asLong(json.path("timestamp").asLong());
        return Optional.of(new ChatwootConversation(
                number,
                json.path("inbox_id").asLong(),
                meta.path("channel").asText(json.path("channel").asText("")),
                statusOf(json.path("status").asText("")),
                json.path("can_reply").asBoolean(true),
                assignedPerson(meta),
                contact < 1 ? null : contact,
                texts(json.path("labels")),
                lastMessage(json),
                Instant.ofEpochSecond(activity),
                json));
    }

    static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static @Nullable ConversationStatus statusOf(String word) {
        for (ConversationStatus status : ConversationStatus.values()) {
            if (status.word().equals(word)) {
                return status;
            }
        }
        return null;
    }

    /** A bot can be the assignee as well (4.8.0); that is nobody's ownership. */
    private static @Nullable Long assignedPerson(JsonNode meta) {
        JsonNode assignee = meta.path("assignee");
        if (!assignee.path("id").isIntegralNumber()) {
            return null;
        }
        String type = meta.path("assignee_type").asText(assignee.path("type").asText(""));
        return type.toLowerCase(Locale.ROOT).replace("_", "").equals("agentbot")
                ? null
                : assignee.path("id").asLong();
    }

    private static @Nullable ChatwootMessage lastMessage(JsonNode json) {
        JsonNode last = json.path("last_non_activity_message");
        if (last.path("id").isMissingNode()) {
            last = json.path("messages").path(0);
        }
        return ChatwootMessage.of(last).orElse(null);
    }

    @Override
    public String toString() {
        return "ChatwootConversation[" + number + ", " + status + "]";
    }
}
