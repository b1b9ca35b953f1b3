package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Messages of conversations. Thread-safe; blocks. Begin with {@link ChatwootClient#messages()}. */
public final class Messages {

    private final ChatwootClient client;

    Messages(ChatwootClient client) {
        this.client = client;
    }

    /**
     * Creates a message in the bot's name. Not idempotent: after an {@linkplain ChatwootError#unclear() unclear} failure it
     * may exist, so look before repeating.
     *
     * @return the message as stored, which does not mean delivered
     */
    public ChatwootMessage create(long conversation, NewMessage message) {
        return create(conversation, message, null, () -> false);
    }

    /**
     * As {@link #create(long, NewMessage)}, but nothing is written to the wire after {@code notAfter}, nor once
     * {@code unwanted}, asked when it could be, says so; both fail as {@link ChatwootError#BUSY}.
     */
    ChatwootMessage create(
            long conversation, NewMessage message, @Nullable Instant notAfter, BooleanSupplier unwanted) {
        JsonNode answer =
                client.asBot("create_message", "POST", path(conversation), message.body(), notAfter, unwanted);
        return ChatwootMessage.of(answer)
                .orElseThrow(() -> new ChatwootException(ChatwootError.UNREADABLE_ANSWER, "create_message", null));
    }

    /** The newest messages, at most 20, oldest first. Needs the user token. */
    public List<ChatwootMessage> newest(long conversation) {
        return list(path(conversation));
    }

    /** The messages before that id, at most 20, oldest first. Needs the user token. */
    public List<ChatwootMessage> before(long conversation, long messageId) {
        return list(path(conversation).addQueryParameter("before", String.valueOf(messageId)));
    }

    /** The messages after that id, at most 100, oldest first. Needs the user token. */
    public List<ChatwootMessage> after(long conversation, long messageId) {
        return list(path(conversation).addQueryParameter("after", String.valueOf(messageId)));
    }

    private List<ChatwootMessage> list(HttpUrl.Builder url) {
        JsonNode payload = client.asUser("list_messages", "GET", url, null).path("payload");
        if (!payload.isArray()) {
            throw new ChatwootException(ChatwootError.UNREADABLE_ANSWER, "list_messages", null);
        }
        var messages = new ArrayList<ChatwootMessage>();
        payload.forEach(json -> ChatwootMessage.of(json).ifPresent(messages::add));
        messages.sort(Comparator.comparingLong(ChatwootMessage::id));
        return messages;
    }

    private HttpUrl.Builder path(long conversation) {
        return client.url("conversations", conversation, "messages");
    }
}
