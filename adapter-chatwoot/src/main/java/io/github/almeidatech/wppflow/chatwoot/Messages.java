package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages of conversations. Thread-safe; blocks. Begin with {@link ChatwootClient#messages()}. */
public final class Messages {

    private static final Logger LOG = LoggerFactory.getLogger(Messages.class);
    private static final int PAGE = 20;
    private static final int LONGEST_RANGE = 1_000;
    private static final long FIRST_WIDTH = 512;
    /** For a page: whoever writes one huge message after another makes nobody ask for ever. */
    private static final int MOST_RANGES = 40;

    private static final int MOST_PAGES = 10;
    private static final long WIDEST = 1L << 40;

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

    /**
     * The newest messages, at most 20, oldest first. Needs the user token. Those that are too large for one answer together
     * are read in parts; one that is too large by itself is left out ({@link ChatwootClient.LeftOut}), and so are the older ones where that takes more
     * than some forty calls.
     */
    public List<ChatwootMessage> newest(long conversation) {
        return list(path(conversation), () -> inParts(conversation));
    }

    /** The messages before that id, at most 20, oldest first; for the rest as {@link #newest}. */
    public List<ChatwootMessage> before(long conversation, long messageId) {
        return list(
                path(conversation).addQueryParameter("before", String.valueOf(messageId)),
                () -> inParts(conversation, messageId));
    }

    /**
     * The messages after that id, oldest first, at most 100, or the newest 200 where 100 are too large for one answer; for the
     * rest as {@link #newest}.
     */
    public List<ChatwootMessage> after(long conversation, long messageId) {
        return list(
                path(conversation).addQueryParameter("after", String.valueOf(messageId)),
                () -> backTo(conversation, messageId));
    }

    private List<ChatwootMessage> backTo(long conversation, long messageId) {
        List<ChatwootMessage> page = newest(conversation);
        var all = new ArrayList<>(page);
        for (int pages = 1; !page.isEmpty() && page.get(0).id() > messageId && pages < MOST_PAGES; pages++) {
            page = before(conversation, page.get(0).id());
            all.addAll(0, page);
        }
        all.removeIf(message -> message.id() <= messageId);
        return all;
    }

    private List<ChatwootMessage> inParts(long conversation) {
        ChatwootMessage last = client.conversations().show(conversation).lastMessage();
        if (last == null) {
            return List.of();
        }
        List<ChatwootMessage> all = new ArrayList<>(inParts(conversation, last.id() + 1));
        all.addAll(list(path(conversation).addQueryParameter("after", String.valueOf(last.id()))));
        return all.subList(Math.max(0, all.size() - PAGE), all.size());
    }

    /** By ranges of ids, which are counted over the whole installation: wider where few are found, narrower where too many. */
    private List<ChatwootMessage> inParts(long conversation, long before) {
        var found = new ArrayList<ChatwootMessage>();
        long to = before;
        long width = FIRST_WIDTH;
        for (int ranges = 0; found.size() < PAGE && to > 1; ranges++) {
            if (ranges == MOST_RANGES) {
                LOG.warn(
                        "conversation {} has too much that is large: what is older than its message {} is left out",
                        conversation,
                        to);
                break;
            }
            long from = Math.max(1, to - width);
            Optional<List<ChatwootMessage>> part = range(conversation, from, to);
            if (part.isEmpty() && to - from > 1) {
                width = Math.max(1, (to - from) / 8);
                continue;
            }
            part.ifPresentOrElse(messages -> found.addAll(0, messages), () -> leaveOut(conversation, from));
            to = from;
            width = Math.min(2 * width, WIDEST);
        }
        return found.subList(Math.max(0, found.size() - PAGE), found.size());
    }

    private void leaveOut(long conversation, long messageId) {
        LOG.warn("message {} of conversation {} is too large and left out", messageId, conversation);
        client.leftOut(conversation, messageId);
    }

    /** The messages from one id up to another; empty when they are too many for one answer. */
    private Optional<List<ChatwootMessage>> range(long conversation, long from, long to) {
        try {
            List<ChatwootMessage> messages = list(path(conversation)
                    .addQueryParameter("after", String.valueOf(from)) // with that one, as there is a "before"
                    .addQueryParameter("before", String.valueOf(to)));
            return messages.size() < LONGEST_RANGE ? Optional.of(messages) : Optional.empty();
        } catch (ChatwootException e) {
            if (e.error() == ChatwootError.ANSWER_TOO_LARGE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<ChatwootMessage> list(HttpUrl.Builder url, Supplier<List<ChatwootMessage>> inParts) {
        try {
            return list(url);
        } catch (ChatwootException e) {
            if (e.error() == ChatwootError.ANSWER_TOO_LARGE) {
                return inParts.get();
            }
            throw e;
        }
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
