package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversations, their state, labels and attributes. Labels and attributes can only be replaced as a whole at Chatwoot:
 * what is called a change here reads, merges and writes, and can lose the change of another writer in between. All of it
 * may be repeated. Thread-safe; blocks. Begin with {@link ChatwootClient#conversations()}.
 */
public final class Conversations {

    private final ChatwootClient client;

    Conversations(ChatwootClient client) {
        this.client = client;
    }

    /** One conversation. Needs the user token, or Chatwoot 4.14.2. */
    public ChatwootConversation show(long number) {
        JsonNode answer = client.asReader("show_conversation", client.url("conversations", number));
        return ChatwootConversation.of(answer).orElseThrow(() -> unreadable("show_conversation"));
    }

    /**
     * A page of 25 conversations of every status, the latest activity first; empty beyond the last. Needs the user token.
     *
     * @param page from 1
     */
    public List<ChatwootConversation> latest(int page) {
        JsonNode answer = client.asUser(
                "list_conversations",
                "GET",
                client.url("conversations")
                        .addQueryParameter("status", "all")
                        .addQueryParameter("sort_by", "last_activity_at_desc")
                        .addQueryParameter("page", String.valueOf(page)),
                null);
        return listed("list_conversations", answer.path("data").path("payload"));
    }

    /**
     * A page of 25 of the conversations that meet conditions of Chatwoot's filter. Needs the user token.
     *
     * @param conditions an array of {@code {attribute_key, filter_operator, values, query_operator}}
     * @param page from 1
     */
    public List<ChatwootConversation> filter(JsonNode conditions, int page) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("payload", conditions);
        JsonNode answer = client.asUser(
                "filter_conversations",
                "POST",
                client.url("conversations", "filter").addQueryParameter("page", String.valueOf(page)),
                ChatwootClient.json(body));
        return listed("filter_conversations", answer.path("payload"));
    }

    /** The newest 20 conversations of a contact. Needs the user token. */
    public List<ChatwootConversation> ofContact(long contactId) {
        JsonNode answer = client.asUser(
                "list_contact_conversations", "GET", client.url("contacts", contactId, "conversations"), null);
        return listed("list_contact_conversations", answer.path("payload"));
    }

    /** Sets the status; from pending to open is the handoff. Answers the status it has now. */
    public String setStatus(long number, ConversationStatus status) {
        JsonNode answer = client.asBot(
                "toggle_status",
                "POST",
                client.url("conversations", number, "toggle_status"),
                ChatwootClient.json(object().put("status", status.word())),
                null);
        // success is null when a bot hands over, although it worked: the status tells.
        String current = answer.path("payload").path("current_status").asText("");
        if (current.isEmpty()) {
            throw unreadable("toggle_status");
        }
        return current;
    }

    /** Sets the priority: {@code low}, {@code medium}, {@code high}, {@code urgent}, or null for none. */
    public void setPriority(long number, @Nullable String priority) {
        client.asBot(
                "toggle_priority",
                "POST",
                client.url("conversations", number, "toggle_priority"),
                ChatwootClient.json(object().put("priority", priority)),
                null);
    }

    /**
     * Assigns a person; null for nobody. The status stays.
     *
     * @return whether somebody is assigned now: an id that does not exist unassigns, without complaint
     */
    public boolean assignAgent(long number, @Nullable Long agentId) {
        return assign(number, "assignee_id", agentId);
    }

    /** Assigns a team; null for none. Answers whether one is assigned now, as for {@link #assignAgent}. */
    public boolean assignTeam(long number, @Nullable Long teamId) {
        return assign(number, "team_id", teamId);
    }

    private boolean assign(long number, String key, @Nullable Long id) {
        JsonNode answer = client.asBot(
                "assign",
                "POST",
                client.url("conversations", number, "assignments"),
                ChatwootClient.json(object().put(key, id)),
                null);
        return answer.path("id").asLong() > 0;
    }

    /** The labels. Needs the user token, or Chatwoot 4.14.2. */
    public List<String> labels(long number) {
        JsonNode payload = client.asEither(
                        "list_labels",
                        "GET",
                        client.url("conversations", number, "labels"),
                        null,
                        client.version().botMayReadConversation())
                .path("payload");
        if (!payload.isArray()) {
            throw unreadable("list_labels");
        }
        return ChatwootConversation.texts(payload);
    }

    /**
     * Adds and removes labels and keeps the others; writes nothing when nothing changes. Labels are in lower case at
     * Chatwoot. Needs the user token, or Chatwoot 4.14.2.
     *
     * @return whether anything changed
     */
    public boolean changeLabels(long number, Collection<String> add, Collection<String> remove) {
        List<String> before = labels(number);
        var after = new LinkedHashSet<String>(before);
        remove.forEach(label -> after.removeIf(label::equalsIgnoreCase));
        add.stream()
                .filter(label -> after.stream().noneMatch(label::equalsIgnoreCase))
                .forEach(label -> after.add(label.toLowerCase(Locale.ROOT)));
        if (List.copyOf(after).equals(before)) {
            return false;
        }
        ObjectNode body = object();
        var array = body.putArray("labels");
        after.forEach(array::add);
        client.asEither(
                "set_labels",
                "POST",
                client.url("conversations", number, "labels"),
                ChatwootClient.json(body),
                client.version().botMayReadConversation());
        return true;
    }

    /** Sets custom attributes and keeps the others. Needs the user token, or Chatwoot 4.14.2, to read them first. */
    public void mergeAttributes(long number, Map<String, Object> attributes) {
        ObjectNode merged = object();
        JsonNode present = show(number).json().path("custom_attributes");
        if (present instanceof ObjectNode known) {
            merged.setAll(known);
        }
        merged.setAll(PlainJson.of(attributes));
        ObjectNode body = object();
        body.set("custom_attributes", merged);
        client.asBot(
                "set_conversation_attributes",
                "POST",
                client.url("conversations", number, "custom_attributes"),
                ChatwootClient.json(body),
                null);
    }

    /**
     * Shows in Chatwoot and on the website widget whether somebody is typing; WhatsApp does not show it. Given up after two
     * seconds.
     */
    public void typing(long number, boolean on) {
        client.typing(number, on);
    }

    /** Marks the conversation as read by the people. Needs the user token. */
    public void markSeen(long number) {
        client.asUser(
                "update_last_seen",
                "POST",
                client.url("conversations", number, "update_last_seen"),
                ChatwootClient.noBody());
    }

    private static List<ChatwootConversation> listed(String call, JsonNode payload) {
        if (!payload.isArray()) {
            throw unreadable(call);
        }
        var conversations = new ArrayList<ChatwootConversation>();
        payload.forEach(json -> ChatwootConversation.of(json).ifPresent(conversations::add));
        return conversations;
    }

    private static ChatwootException unreadable(String call) {
        return new ChatwootException(ChatwootError.UNREADABLE_ANSWER, call, null);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
