package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message, as the API shows it.
 *
 * @param id unique over the installation, growing
 * @param type which way it went
 * @param privateNote only the business's people see it
 * @param content null for media without a caption
 * @param createdAt with whole seconds
 * @param author who wrote it
 * @param json the whole answer, with keys this type does not name
 */
public record ChatwootMessage(
        long id,
        Type type,
        boolean privateNote,
        @Nullable String content,
        Instant createdAt,
        Author author,
        JsonNode json) {

    /** Which way a message went; Chatwoot's numbers are the ordinals. */
    public enum Type {
        INCOMING,
        OUTGOING,
        ACTIVITY,
        TEMPLATE
    }

    /** Who wrote a message. */
    public enum Author {
        CONTACT,
        USER,
        AGENT_BOT,
        CAPTAIN_ASSISTANT,
        /** Nobody is named: automations, and what is typed in the WhatsApp Business app. */
        NOBODY
    }

    /** Reads a message; empty when it has no id, or is of a type that does not exist. */
    static Optional<ChatwootMessage> of(JsonNode json) {
        long id = json.path("id").asLong();
        Type type = typeOf(json.path("message_type"));
        if (id < 1 || type == null) {
            return Optional.empty();
        }
        return Optional.of(new ChatwootMessage(
                id,
                type,
                json.path("private").asBoolean(),
                json.path("content").isTextual() ? json.path("content").asText() : null,
                Instant.ofEpochSecond(json.path("created_at").asLong()),
                authorOf(json),
                json));
    }

    /** A key in {@code content_attributes}; empty when it is not there. */
    public String contentAttribute(String key) {
        return json.path("content_attributes").path(key).asText("");
    }

    /** A person's words to the customer, typed in Chatwoot or on the paired phone. */
    public boolean isHumanSpeech() {
        if (type != Type.OUTGOING || privateNote) {
            return false;
        }
        boolean automatic = json.path("content_attributes").hasNonNull("automation_rule_id")
                || json.path("additional_attributes").hasNonNull("campaign_id");
        return !automatic && (author == Author.USER || author == Author.NOBODY);
    }

    private static @Nullable Type typeOf(JsonNode value) {
        if (value.isInt() && value.asInt() >= 0 && value.asInt() < Type.values().length) {
            return Type.values()[value.asInt()];
        }
        for (Type type : Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(value.asText())) {
                return type;
            }
        }
        return null;
    }

    private static Author authorOf(JsonNode json) {
        String word =
                json.path("sender").path("type").asText(json.path("sender_type").asText(""));
        return switch (word.toLowerCase(Locale.ROOT).replace("::", "_").replace("_", "")) {
            case "contact" -> Author.CONTACT;
            case "user" -> Author.USER;
            case "agentbot" -> Author.AGENT_BOT;
            case "captainassistant" -> Author.CAPTAIN_ASSISTANT;
            default -> Author.NOBODY;
        };
    }

    @Override
    public String toString() {
        return "ChatwootMessage[" + id + ", " + type + "]";
    }
}
