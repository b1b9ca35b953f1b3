package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The account's contacts. Needs the user token. Thread-safe; blocks. Begin with {@link ChatwootClient#contacts()}. */
public final class Contacts {

    private final ChatwootClient client;

    Contacts(ChatwootClient client) {
        this.client = client;
    }

    /** One contact; empty when it does not exist. */
    public Optional<ChatwootContact> get(long id) {
        try {
            return ChatwootContact.of(client.asUser("get_contact", "GET", client.url("contacts", id), null));
        } catch (ChatwootException e) {
            if (e.error() == ChatwootError.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The contacts with exactly that phone number (plus and digits). The preferred way to look one up. */
    public List<ChatwootContact> byPhone(String e164) {
        ObjectNode condition = object();
        condition.put("attribute_key", "phone_number");
        condition.put("filter_operator", "equal_to");
        condition.putArray("values").add(e164.startsWith("+") ? e164.substring(1) : e164);
        ObjectNode body = object();
        body.putArray("payload").add(condition);
        JsonNode answer =
                client.asUser("filter_contacts", "POST", client.url("contacts", "filter"), ChatwootClient.json(body));
        return listed("filter_contacts", answer);
    }

    /** The contact with that address in an inbox, such as WhatsApp's digits; empty when there is none. */
    public Optional<ChatwootContact> bySource(long inboxId, String sourceId) {
        ObjectNode body = object().put("inbox_id", inboxId).put("source_id", sourceId);
        try {
            return ChatwootContact.of(client.asUser(
                    "filter_contact_inboxes",
                    "POST",
                    client.url("contact_inboxes", "filter"),
                    ChatwootClient.json(body)));
        } catch (ChatwootException e) {
            if (e.error() == ChatwootError.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** At most 15 contacts whose name, e-mail, phone or identifier contains the text. 100 a minute at most. */
    public List<ChatwootContact> search(String text) {
        // A plus in a query means a blank to some servers: digits find the number as well.
        String query = text.startsWith("+") ? text.substring(1) : text;
        JsonNode answer = client.asSearcher(
                "search_contacts", "GET", client.url("contacts", "search").addQueryParameter("q", query), null);
        return listed("search_contacts", answer);
    }

    /**
     * Makes a contact. Phone, e-mail and identifier are unique in an account: a second one with the same is refused
     * ({@link ChatwootError#INVALID_REQUEST}), so that an unclear result may be repeated and then looked up.
     *
     * @param fields such as {@code name}, {@code phone_number}, {@code identifier}, {@code inbox_id}
     */
    public ChatwootContact create(Map<String, Object> fields) {
        return written(
                "create_contact",
                client.asUser("create_contact", "POST", client.url("contacts"), ChatwootClient.json(plain(fields))));
    }

    /** Changes fields; {@code custom_attributes} and {@code additional_attributes} are merged by Chatwoot. Repeatable. */
    public ChatwootContact update(long id, Map<String, Object> fields) {
        return written(
                "update_contact",
                client.asUser("update_contact", "PUT", client.url("contacts", id), ChatwootClient.json(plain(fields))));
    }

    /** Sets custom attributes and keeps the others. Repeatable. */
    public ChatwootContact mergeAttributes(long id, Map<String, Object> attributes) {
        return update(id, Map.of("custom_attributes", attributes));
    }

    /**
     * Removes a contact with its conversations and messages, for good. Needs the user token of an administrator. Repeatable.
     *
     * @return false when it does not exist
     */
    public boolean delete(long id) {
        try {
            client.asUser("delete_contact", "DELETE", client.url("contacts", id), null);
            return true;
        } catch (ChatwootException e) {
            if (e.error() == ChatwootError.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static ChatwootContact written(String call, JsonNode answer) {
        return ChatwootContact.of(answer)
                .orElseThrow(() -> new ChatwootException(ChatwootError.UNREADABLE_ANSWER, call, null));
    }

    private static List<ChatwootContact> listed(String call, JsonNode answer) {
        JsonNode payload = answer.path("payload");
        if (!payload.isArray()) {
            throw new ChatwootException(ChatwootError.UNREADABLE_ANSWER, call, null);
        }
        var contacts = new ArrayList<ChatwootContact>();
        payload.forEach(json -> ChatwootContact.of(json).ifPresent(contacts::add));
        return contacts;
    }

    private static JsonNode plain(Map<String, Object> fields) {
        return PlainJson.of(fields);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
