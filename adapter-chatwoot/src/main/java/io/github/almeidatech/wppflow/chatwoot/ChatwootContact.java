package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One contact, as the API shows it.
 *
 * @param id Chatwoot's number
 * @param name as shown to the people; may be null
 * @param phone plus and digits, or null
 * @param identifier free text of an integration, such as a JID, or null
 * @param json the whole answer, with keys this type does not name
 */
public record ChatwootContact(
        long id,
        @Nullable String name,
        @Nullable String phone,
        @Nullable String identifier,
        JsonNode json) {

    /** Reads a contact, with or without the {@code payload} and {@code contact} around it. */
    static Optional<ChatwootContact> of(JsonNode json) {
        JsonNode contact = json.has("payload") ? json.path("payload") : json;
        contact = contact.has("contact") ? contact.path("contact") : contact;
        long id = contact.path("id").asLong();
        if (id < 1) {
            return Optional.empty();
        }
        return Optional.of(new ChatwootContact(
                id, text(contact, "name"), text(contact, "phone_number"), text(contact, "identifier"), contact));
    }

    private static @Nullable String text(JsonNode json, String key) {
        String text = json.path(key).asText("");
        return text.isEmpty() || json.path(key).isNull() ? null : text;
    }

    @Override
    public String toString() {
        return "ChatwootContact[" + id + "]";
    }
}
